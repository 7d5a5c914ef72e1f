"""How staff answer a proposed change: one form and one rule for every page that offers it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..curation import NOT_SHOWN, NotAllowed, accept_proposal, change_warnings, reject_proposal
from ..facts.forms import TextField
from ..facts.registry import display_value, fact_label
from ..models import Proposal, Verification
from ..roles import HIDE_FACILITY

ACCEPT, REFUSE = "accept", "refuse"
METHODS = (("", _("choose")), *Verification.Method.choices)  # none is chosen beforehand
MAX_NOTE_LENGTH = 500


class ProposalAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[(ACCEPT, _("show it")), (REFUSE, _("refuse"))]
    )
    method = forms.ChoiceField(label=_("How you know"), choices=METHODS, required=False)
    evidence_url = TextField(label=_("Page that you saw"), max_length=500, required=False)
    note = TextField(label=_("Note"), max_length=MAX_NOTE_LENGTH, required=False)


@dataclass(frozen=True)
class ProposalRow:
    """A proposed change in words. ``may_answer``: whether the reader may accept or refuse it."""

    proposal: Proposal
    label: str
    before: str
    after: str
    warnings: tuple[str, ...]
    may_answer: bool
    methods: tuple = METHODS


def proposal_rows(proposals: Iterable[Proposal], user) -> Iterator[ProposalRow]:
    for proposal in proposals:
        yield ProposalRow(
            proposal=proposal,
            label=fact_label(proposal.fact, get_language()),
            before=display_value(proposal.fact, proposal.value_before),
            after=display_value(proposal.fact, proposal.value),
            warnings=change_warnings(proposal.facility, proposal.fact, proposal.value),
            may_answer=may_decide_fact(user, proposal.fact),
        )


def may_decide_fact(user, fact: str) -> bool:
    """Only editors settle the status: it decides whether the public sees a listing at all."""
    return fact != "status" or user.has_perm(HIDE_FACILITY)


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

    ``seen`` is the value that the page showed. Raises NotAllowed, InvalidValue or OutdatedValue.
    """
    if not may_decide_fact(by, proposal.fact):
        raise NotAllowed(gettext("An editor decides this."))
    if answer == ACCEPT:
        accept_proposal(
            proposal, by=by, now=now, seen=seen, method=method, evidence_url=evidence_url, note=note
        )
    else:
        reject_proposal(proposal, by=by, now=now, note=note)
