"""How staff answer a proposed change: one form and one rule for every page that offers it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..curation import (
    NOT_SHOWN,
    CheckNotAllowed,
    accept_proposal,
    change_warnings,
    reject_proposal,
    waits_for_somebody_else,
)
from ..facts.forms import TextField
from ..facts.registry import display_value, fact_label
from ..facts.stored_values import LISTED, WITHDRAWN
from ..models import Proposal, Verification
from ..roles import HIDE_FACILITY

ACCEPT, REFUSE = "accept", "refuse"
METHODS = (("", _("choose")), *Verification.Method.choices)  # none is chosen beforehand
MAX_NOTE_LENGTH = 500
CURATOR_STATUSES = (LISTED, WITHDRAWN)


class SecondCheckForm(forms.Form):
    """How a second person knows. Nothing is filled in beforehand."""

    method = forms.ChoiceField(label=_("How you know"), choices=METHODS, required=False)
    evidence_url = TextField(label=_("Page that you saw"), max_length=500, required=False)
    note = TextField(label=_("Note"), max_length=MAX_NOTE_LENGTH, required=False)


class ProposalAnswerForm(SecondCheckForm):
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[(ACCEPT, _("show it")), (REFUSE, _("refuse"))]
    )


@dataclass(frozen=True)
class ProposalRow:
    """A proposed change in words.

    ``may_answer``: whether the reader may accept or refuse it; ``is_own``: whether it waits for
    somebody else, so that the reader may only withdraw it.
    """

    proposal: Proposal
    label: str
    before: str
    after: str
    warnings: tuple[str, ...]
    may_answer: bool
    is_own: bool
    methods: tuple = METHODS


def proposal_rows(proposals: Iterable[Proposal], user, *, now: datetime) -> Iterator[ProposalRow]:
    for proposal in proposals:
        yield ProposalRow(
            proposal=proposal,
            label=fact_label(proposal.fact, get_language()),
            before=display_value(proposal.fact, proposal.value_before),
            after=display_value(proposal.fact, proposal.value),
            warnings=change_warnings(proposal.facility, proposal.fact, proposal.value),
            may_answer=may_settle(user, proposal),
            is_own=waits_for_somebody_else(proposal, by=user, now=now),
        )


def may_settle(user, proposal: Proposal) -> bool:
    """An editor is one of the two who hide, draft or publish a listing."""
    if may_decide_fact(user, proposal.fact, proposal.value, proposal.value_before):
        return True
    return proposal.made_by is not None and proposal.made_by.has_perm(HIDE_FACILITY)


def may_decide_fact(user, fact: str, *values: Any) -> bool:
    """Any curator may say that a place has closed or is open; only editors hide and publish.

    ``values``: of the fact, before and after; without any, a status is an editor's.
    """
    if fact != "status" or user.has_perm(HIDE_FACILITY):
        return True
    return bool(values) and {*values} <= {*CURATOR_STATUSES}


def answer_proposal(
    proposal: Proposal,
    answer: str,
    *,
    by,
    now: datetime,
    method: str = "",
    evidence_url: str = "",
    note: str = "",
    seen: Any = NOT_SHOWN,
) -> None:
    """Accept or refuse a waiting change.

    ``seen`` is the value that the page showed. Raises CheckNotAllowed, InvalidValue or
    OutdatedValue.
    """
    if not may_settle(by, proposal):
        raise CheckNotAllowed(gettext("An editor decides this."))
    if answer == ACCEPT:
        accept_proposal(
            proposal, by=by, now=now, seen=seen, method=method, evidence_url=evidence_url, note=note
        )
    else:
        reject_proposal(proposal, by=by, now=now, note=note)
