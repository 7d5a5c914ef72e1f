"""What a person found out about one fact, and why a finding may be refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Proposal, Verification
from .validators import clean_website

MAX_NOTE_LENGTH = 2_000


class ValueNotShown:
    """Marks that the person was not shown a value, so that any value may be there."""

    def __repr__(self) -> str:
        return "NOT_SHOWN"


NOT_SHOWN = ValueNotShown()


@dataclass(frozen=True)
class FactCheck:
    """One fact that a person confirmed, corrected or could not confirm.

    ``fact`` and ``value`` are as in Verification; ``value`` counts only for corrections. ``seen``
    is the value that the person was shown.
    """

    fact: str
    outcome: str
    value: Any = None
    method: str = Verification.Method.PHONE
    evidence_url: str = ""
    note: str = ""
    seen: Any = NOT_SHOWN


@dataclass(frozen=True)
class RecordedChecks:
    """What became of the checks: verifications are shown now, proposals wait."""

    verifications: tuple[Verification, ...] = ()
    proposals: tuple[Proposal, ...] = ()


class CheckNotRecorded(Exception):
    """Nothing was written. The message is a sentence for the person who sent the checks."""


class InvalidValue(CheckNotRecorded):
    """A value that the fact cannot have, with a ``sentence`` that says why."""

    def __init__(self, fact: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fact, self.sentence = fact, sentence


class OutdatedValue(CheckNotRecorded):
    """The fact was changed since the person saw it: to ``theirs``, at ``since``, by ``by``.

    ``by`` is a user, or None for a file or the facility itself.
    """

    def __init__(self, fact: str, theirs: Any, since: datetime | None, by) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at it again."))
        self.fact, self.theirs, self.since, self.by = fact, theirs, since, by


class CheckNotAllowed(CheckNotRecorded):
    """This person may not do this now, such as a second check of their own on the same day."""


def validate_check(check: FactCheck) -> FactCheck:
    """Raise InvalidValue unless outcome, method, evidence and note are valid.

    The value itself is checked by ``registry.clean_value``.
    """
    if check.outcome not in Verification.Outcome or check.method not in Verification.Method:
        raise InvalidValue(check.fact, _("Choose what you found and how you found it."))
    if len(check.note) > MAX_NOTE_LENGTH or "\0" in check.note:
        raise InvalidValue(check.fact, _("Keep the note under 2,000 characters."))
    try:
        clean_website(check.evidence_url)
    except ValidationError:
        raise InvalidValue(
            check.fact, _("The evidence must be an address such as https://example.org/page.")
        ) from None
    return check
