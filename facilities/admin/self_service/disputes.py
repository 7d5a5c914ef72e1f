"""Facts that facilities dispute: the list, what is overdue first, and a page to answer one."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ...curation.disputes import answer_dispute
from ...curation.dossier import read_dossier
from ...facts.findings import MAX_NOTE_LENGTH, CheckNotRecorded
from ...facts.forms import TextField
from ...facts.registry import display_value, fact_label
from ...models import Dispute
from ...roles import CHANGE_PROPOSAL, VIEW_PROPOSAL
from ..filters import FacilityAreaFilter
from ..mixins import NoAddOrDeleteAdmin, RecordPageMixin
from ..site import staff_site
from ..today import due_day


class AnswerForm(forms.Form):
    """What came of a dispute, and why, for the facility."""

    outcome = forms.ChoiceField(
        label=_("Result"), choices=Dispute.Outcome.choices, widget=forms.RadioSelect
    )
    answer = TextField(
        label=_("Answer, which the facility reads: what you found, and how"),
        max_length=MAX_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OpenDisputeFilter(admin.SimpleListFilter):
    """Shows open disputes unless others are chosen."""

    title = _("open or answered")
    parameter_name = "is"

    def lookups(self, request, model_admin):
        return [("answered", _("answered")), ("all", _("all"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("open")}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(answered_at__isnull=self.value() != "answered")


@admin.register(Dispute, site=staff_site)
class DisputeAdmin(RecordPageMixin, NoAddOrDeleteAdmin):
    """Disputes come from facilities only, are answered once and are kept."""

    list_display = ("words", "facility_name", "made_at", "due", "outcome")
    list_filter = (FacilityAreaFilter, OpenDisputeFilter)
    list_select_related = ("facility",)
    ordering = ("made_at", "pk")

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(VIEW_PROPOSAL)

    def has_change_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(CHANGE_PROPOSAL)

    has_module_permission = has_view_permission

    @admin.display(description=_("fact"), ordering="fact")
    def words(self, dispute) -> str:
        return fact_label(dispute.fact, get_language())

    @admin.display(description=_("facility"), ordering="facility__name_key")
    def facility_name(self, dispute) -> str:
        return f"{dispute.facility.name}, {dispute.facility.city}, {dispute.facility.state}"

    @admin.display(description=_("answer by"))
    def due(self, dispute) -> date:
        return due_day(dispute)

    def changelist_view(self, request, extra_context=None) -> HttpResponse:
        title = {"title": gettext("Facts that facilities dispute")}
        return super().changelist_view(request, title | (extra_context or {}))

    def record_page(self, request, record: Dispute, context: dict) -> HttpResponse:
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                answer_dispute(record, **form.cleaned_data, by=request.user, now=timezone.now())
            except CheckNotRecorded as error:
                messages.error(request, str(error))
            else:
                messages.success(request, gettext("Answered. The facility reads it by its link."))
            return redirect(request.path)
        facility, today = record.facility, timezone.localdate()
        shown = read_dossier(facility, today=today).shown_value(record.fact)
        context |= {
            "title": f"{facility.name}, {facility.city}, {facility.state}",
            "dispute": record,
            "label": fact_label(record.fact, get_language()),
            "shown": display_value(record.fact, shown),
            "due": due_day(record),
            "is_overdue": not record.answered_at and due_day(record) < today,
            "form": form,
            "may_answer": not record.answered_at and self.has_change_permission(request),
        }
        return render(request, "admin/self_service/dispute.html", context)
