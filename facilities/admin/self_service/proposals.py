"""Proposed changes: the list, and a page that settles all those of one facility together."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation import NOT_SHOWN, change_warnings, waits_for_somebody_else
from ...curation.dossier import read_dossier
from ...facts.findings import CheckNotRecorded
from ...facts.forms import ShownValueField, TextField
from ...facts.registry import display_value, fact_label
from ...models import Facility, Proposal
from ..filters import FacilityAreaFilter, USStateFilter
from ..form_errors import error_sentences
from ..mixins import NoAddOrDeleteAdmin, RecordPageMixin
from ..proposal_answers import (
    ACCEPT,
    MAX_NOTE_LENGTH,
    METHODS,
    REFUSE,
    answer_proposal,
    may_settle,
)
from ..site import staff_site

MAX_SETTLED_SHOWN = 50
ANSWERS = (("", _("leave")), (ACCEPT, _("show it")), (REFUSE, _("refuse")))


@dataclass(frozen=True)
class ProposalLine:
    """One waiting change beside what is shown now."""

    proposal: Proposal
    label: str
    shown: str
    proposed: str
    seen: str
    warnings: tuple[str, ...]
    answer: str
    may_answer: bool
    is_own: bool


class ProposalProgressFilter(admin.SimpleListFilter):
    """Filters by state; shows waiting proposals unless another state is chosen."""

    title = _("waiting or settled")
    parameter_name = "is"

    def lookups(self, request, model_admin):
        return [("settled", _("settled")), ("all", _("all"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("waiting")}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        if self.value() == "settled":
            return queryset.exclude(state=Proposal.State.WAITING)
        return queryset.filter(state=Proposal.State.WAITING)


class ProposerFilter(admin.SimpleListFilter):
    """Filters by whether staff propose a change, or the facility."""

    title = _("who proposes")
    parameter_name = "by"

    def lookups(self, request, model_admin):
        return [("staff", _("staff: needs a second person")), ("facility", _("the facility"))]

    def queryset(self, request, queryset):
        of_facilities = Q(origin=Proposal.Origin.FACILITY)
        conditions = {"facility": of_facilities, "staff": ~of_facilities}
        return queryset.filter(conditions.get(self.value(), Q()))


class ProposalUSStateFilter(USStateFilter):
    state_field = "facility__state"


@admin.register(Proposal, site=staff_site)
class ProposalAdmin(RecordPageMixin, NoAddOrDeleteAdmin):
    """Proposals come from facilities, spreadsheets and the two-person rule. None is deleted."""

    list_display = ("words", "facility_name", "proposed", "origin", "made_at", "state")
    list_filter = (
        FacilityAreaFilter,
        ProposalProgressFilter,
        ProposerFilter,
        ProposalUSStateFilter,
    )
    list_select_related = ("facility",)
    ordering = ("made_at", "pk")

    @admin.display(description=_("fact"), ordering="fact")
    def words(self, proposal) -> str:
        return fact_label(proposal.fact, get_language())

    @admin.display(description=_("facility"), ordering="facility__name_key")
    def facility_name(self, proposal) -> str:
        return f"{proposal.facility.name}, {proposal.facility.city}, {proposal.facility.state}"

    @admin.display(description=_("proposed"))
    def proposed(self, proposal) -> str:
        return display_value(proposal.fact, proposal.value)

    def changelist_view(self, request, extra_context=None) -> HttpResponse:
        title = {"title": gettext("Proposed changes")}
        return super().changelist_view(request, title | (extra_context or {}))

    def record_page(self, request, record: Proposal, context: dict) -> HttpResponse:
        facility = record.facility
        form = ProposalsForm(
            request.POST if request.method == "POST" else None,
            proposals=waiting_proposals(facility),
            initial={"note": ""},
        )
        status = 200
        if form.is_bound:
            problems = error_sentences(form)
            if not problems:
                problems = resolve_proposals(request, form)
            if not problems:
                return redirect(request.path)
            for sentence in problems:
                messages.error(request, sentence)
            status = 409
        settled = facility.proposals.exclude(state=Proposal.State.WAITING)
        settled = settled.select_related("settled_by").order_by("-settled_at")
        context |= {
            "title": f"{facility.name}, {facility.city}, {facility.state}",
            "facility": facility,
            "form": form,
            "answers": ANSWERS,
            "lines": [*proposal_lines(facility, form, request.user)],
            "settled": [
                (
                    proposal,
                    fact_label(proposal.fact, get_language()),
                    display_value(proposal.fact, proposal.value),
                )
                for proposal in settled[:MAX_SETTLED_SHOWN]
            ],
            "may_settle": self.has_change_permission(request),
        }
        return render(request, "admin/self_service/proposal.html", context, status=status)


class ProposalsForm(forms.Form):
    """A note, and for each proposal ``do-<key>`` (the answer) and ``seen-<key>`` (as JSON)."""

    method = forms.ChoiceField(label=_("How you know"), choices=METHODS, required=False)
    evidence_url = TextField(label=_("Page that you saw"), max_length=500, required=False)
    note = TextField(label=_("Note"), max_length=MAX_NOTE_LENGTH, required=False)

    def __init__(self, data, *, proposals: Iterable[Proposal], **options):
        super().__init__(data, **options)
        self.proposals = [*proposals]
        for proposal in self.proposals:
            label = fact_label(proposal.fact, get_language())
            self.fields[f"do-{proposal.pk}"] = forms.ChoiceField(
                label=label, choices=ANSWERS, required=False
            )
            self.fields[f"seen-{proposal.pk}"] = ShownValueField(label=label, required=False)

    def answer_to(self, proposal: Proposal) -> str:
        return self.data.get(f"do-{proposal.pk}", "")

    def seen(self, proposal: Proposal) -> Any:
        """Return the value that the page showed, or NOT_SHOWN if none was sent."""
        name = f"seen-{proposal.pk}"
        return self.cleaned_data[name] if self.data.get(name) else NOT_SHOWN


def waiting_proposals(facility: Facility):
    waiting = facility.proposals.filter(state=Proposal.State.WAITING)
    return waiting.select_related("facility", "made_by", "link").order_by("made_at", "pk")


def proposal_lines(facility: Facility, form: ProposalsForm, user) -> Iterator[ProposalLine]:
    dossier = read_dossier(facility, today=timezone.localdate())
    for proposal in waiting_proposals(facility):
        shown = dossier.shown_value(proposal.fact)
        yield ProposalLine(
            proposal=proposal,
            label=fact_label(proposal.fact, get_language()),
            shown=display_value(proposal.fact, shown),
            proposed=display_value(proposal.fact, proposal.value),
            seen=json.dumps(shown),
            warnings=change_warnings(facility, proposal.fact, proposal.value),
            answer=form.answer_to(proposal),
            may_answer=may_settle(user, proposal),
            is_own=waits_for_somebody_else(proposal, by=user, now=timezone.now()),
        )


def resolve_proposals(request, form: ProposalsForm) -> list[str]:
    """Return a sentence for each proposal that could not be settled."""
    problems, count = [], 0
    for proposal in form.proposals:
        answer = form.cleaned_data[f"do-{proposal.pk}"]
        if not answer:
            continue
        try:
            answer_proposal(
                proposal,
                answer,
                by=request.user,
                now=timezone.now(),
                method=form.cleaned_data["method"],
                evidence_url=form.cleaned_data["evidence_url"],
                note=form.cleaned_data["note"],
                seen=form.seen(proposal),
            )
        except CheckNotRecorded as error:
            problems.append(f"{fact_label(proposal.fact, get_language())}: {error}")
        else:
            count += 1
    if count or not problems:
        sentence = ngettext("%(count)d change settled.", "%(count)d changes settled.", count)
        messages.success(request, sentence % {"count": count})
    return problems
