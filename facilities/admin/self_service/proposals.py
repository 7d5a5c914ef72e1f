"""Changes that wait: a list, and for one facility all of them on a page, settled in one go."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation import UNSEEN, accept, change_warnings, reject
from ...curation.dossier import read_dossier
from ...facts.findings import NotRecorded
from ...facts.registry import display_value, fact_label
from ...models import Facility, Proposal
from ...roles import CHANGE_PROPOSAL, HIDE_FACILITY, VIEW_PROPOSAL
from ..filters import StateFilter
from ..mixins import ListAdmin
from ..posted import read_key
from ..site import staff_site

MAX_NOTE_LENGTH = 500
LATEST = 50


@dataclass(frozen=True)
class ProposalLine:
    """One waiting change beside what is shown now."""

    proposal: Proposal
    label: str
    shown: str
    proposed: str
    seen: str
    warnings: tuple[str, ...]


class WaitingFilter(admin.SimpleListFilter):
    """What waits, unless somebody asks for more."""

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


class ProposalStateFilter(StateFilter):
    def queryset(self, request, queryset):
        return queryset.filter(facility__state=self.value()) if self.value() else queryset


@admin.register(Proposal, site=staff_site)
class ProposalAdmin(ListAdmin):
    """Made by facilities, spreadsheets and the guard of numbers; never here, and never deleted."""

    list_display = ("words", "facility_name", "proposed", "origin", "made_at", "state")
    list_filter = (WaitingFilter, "origin", ProposalStateFilter)
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

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        """All that waits for the facility of this proposal, and what was settled lately."""
        if not request.user.has_perm(VIEW_PROPOSAL):
            raise PermissionDenied
        key = read_key(object_id)
        proposal = get_object_or_404(Proposal.objects.select_related("facility"), pk=key)
        if request.method == "POST":
            if not request.user.has_perm(CHANGE_PROPOSAL):
                raise PermissionDenied
            resolve_proposals(request, proposal.facility)
            return redirect(request.path)
        facility = proposal.facility
        settled = facility.proposals.exclude(state=Proposal.State.WAITING)
        context = self.admin_site.each_context(request) | {
            "title": f"{facility.name}, {facility.city}, {facility.state}",
            "facility": facility,
            "lines": [*proposal_lines(facility)],
            "settled": [
                (each, fact_label(each.fact, get_language()), display_value(each.fact, each.value))
                for each in settled.select_related("settled_by").order_by("-settled_at")[:LATEST]
            ],
            "may_settle": request.user.has_perm(CHANGE_PROPOSAL),
            "opts": self.opts,
        }
        return render(request, "admin/self_service/proposal.html", context)

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:facilities_proposal_change", object_id)


def waiting_for(facility: Facility):
    waiting = facility.proposals.filter(state=Proposal.State.WAITING)
    return waiting.select_related("made_by", "link").order_by("made_at", "pk")


def proposal_lines(facility: Facility) -> Iterator[ProposalLine]:
    known = read_dossier(facility, today=timezone.localdate())
    for each in waiting_for(facility):
        shown = known.shown_value(each.fact)
        yield ProposalLine(
            proposal=each,
            label=fact_label(each.fact, get_language()),
            shown=display_value(each.fact, shown),
            proposed=display_value(each.fact, each.value),
            seen=json.dumps(shown),
            warnings=change_warnings(facility, each.fact, each.value),
        )


def resolve_proposals(request, facility: Facility) -> None:
    """Accept or refuse each one marked; what cannot be done is said, and the rest goes on."""
    note = request.POST.get("note", "")[:MAX_NOTE_LENGTH].replace("\0", "")
    done = 0
    for each in waiting_for(facility):
        answer = request.POST.get(f"do-{each.pk}", "")
        if answer not in ("accept", "refuse"):
            continue
        try:
            if each.fact == "status" and not request.user.has_perm(HIDE_FACILITY):
                raise NotRecorded(gettext("Only an editor can hide a listing."))
            _settle(request, each, answer, note)
        except NotRecorded as error:
            messages.error(request, f"{fact_label(each.fact, get_language())}: {error}")
        else:
            done += 1
    said = ngettext("%(count)d change settled.", "%(count)d changes settled.", done)
    messages.success(request, said % {"count": done})


def _settle(request, proposal: Proposal, answer: str, note: str) -> None:
    now = timezone.now()
    if answer == "refuse":
        reject(proposal, by=request.user, now=now, note=note)
        return
    accept(proposal, by=request.user, now=now, seen=_seen(request, proposal), note=note)


def _seen(request, proposal: Proposal) -> Any:
    """The value that stood on the page; without a readable one, that which the proposal changes."""
    try:
        return json.loads(request.POST[f"seen-{proposal.pk}"])
    except (KeyError, ValueError, RecursionError):  # the last for thousands of open brackets
        return UNSEEN
