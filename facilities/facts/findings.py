"""What somebody found of one fact, and why it may be turned away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ..models import Proposal, Verification


class Unseen:
    """Stands for a value that the person was not shown; any value may then be there."""

    def __repr__(self) -> str:
        return "UNSEEN"


UNSEEN = Unseen()


@dataclass(frozen=True)
class Check:
    """One fact that somebody confirmed, corrected or could not confirm.

    ``fact`` and ``value`` are as in Verification; ``value`` counts for corrections alone. ``seen``
    is the value the person was shown.
    """

    fact: str
    outcome: str
    value: Any = None
    how: str = Verification.How.PHONE
    evidence_url: str = ""
    note: str = ""
    seen: Any = UNSEEN


@dataclass(frozen=True)
class RecordResult:
    """What became of the checks: shown now, or waiting."""

    verifications: tuple[Verification, ...] = ()
    proposals: tuple[Proposal, ...] = ()


class NotRecorded(Exception):
    """Nothing at all was written. The message is a sentence for the person who asked."""


class InvalidValue(NotRecorded):
    """A value that cannot be: ``fact`` and a ``sentence`` that says why."""

    def __init__(self, fact: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fact, self.sentence = fact, sentence


class OutdatedValue(NotRecorded):
    """The fact has changed since the person saw it: to ``theirs``, at ``since``, by ``by``.

    ``by`` is a user, or None for a file or the facility itself.
    """

    def __init__(self, fact: str, theirs: Any, since: datetime | None, by) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at it again."))
        self.fact, self.theirs, self.since, self.by = fact, theirs, since, by


class NotAllowed(NotRecorded):
    """This person may not do this now: a second check by the first checker on one day, say."""
