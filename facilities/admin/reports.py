"""The public's reports: a list with what is open first, and the page on which one is settled."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..curation import CheckNotAllowed
from ..curation import reports as reporting
from ..facts.registry import display_value, fact_label
from ..models import Report, Verification
from .filters import FacilityAreaFilter
from .mixins import NoAddOrDeleteAdmin, RecordPageMixin
from .site import staff_site


class CorrectionsField(forms.ModelMultipleChoiceField):
    """What was corrected since a report came in, of which the person ticks what it caused."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, check: Verification) -> str:
        before, after = (
            display_value(check.fact, value) for value in (check.value_before, check.value_after)
        )
        day = date_format(check.checked_at, "DATE_FORMAT")
        return f"{fact_label(check.fact, get_language())}: {before} → {after} ({day})"


class CloseReportForm(forms.Form):
    """How the report was settled, and the answer for the person who made it."""

    state = forms.ChoiceField(
        label=_("Result"),
        choices=[(state.value, state.label) for state in reporting.CLOSED],
        widget=forms.RadioSelect,
    )
    corrections = CorrectionsField(
        label=_("If corrected: what was corrected because of it"),
        help_text=_("Whoever has the receipt reads which facts these are, and since when."),
        queryset=Verification.objects.none(),
        required=False,
    )
    answer = forms.CharField(
        label=_("Answer, shown to whoever has the receipt"),
        help_text=_(
            "Two plain sentences: what you did, and what you found. No names, numbers or websites."
        ),
        max_length=reporting.LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data, *, report: Report):
        super().__init__(data)
        possible = reporting.possible_corrections(report)
        self.fields["corrections"].queryset = possible
        if not possible:
            del self.fields["corrections"]


class OpenReportFilter(admin.SimpleListFilter):
    title = _("open or closed")
    parameter_name = "is"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("closed", _("closed"))]

    def queryset(self, request, queryset):
        states = {"open": reporting.OPEN, "closed": reporting.CLOSED}.get(self.value())
        return queryset.filter(state__in=states) if states else queryset


@admin.register(Report, site=staff_site)
class ReportAdmin(RecordPageMixin, NoAddOrDeleteAdmin):
    """Reports come from the public only, are settled once and are kept."""

    list_display = ("topic", "facility_name", "place", "state", "made_on", "closed_on")
    list_filter = (FacilityAreaFilter, OpenReportFilter, "topic")
    list_select_related = ("facility",)

    def get_queryset(self, request):
        return reporting.open_reports_first(super().get_queryset(request))

    def get_ordering(self, request):
        return ()

    @admin.display(description=_("facility"), ordering="facility__name_key")
    def facility_name(self, report) -> str:
        return report.facility.name

    @admin.display(description=_("place"), ordering="facility__state")
    def place(self, report) -> str:
        return f"{report.facility.city}, {report.facility.state}"

    @admin.display(description=_("reported"), ordering="reported_on")
    def made_on(self, report):
        return report.reported_on

    @admin.display(description=_("closed"), ordering="closed_at")
    def closed_on(self, report):
        return report.closed_at.date() if report.closed_at else None

    def record_page(self, request, record: Report, context: dict) -> HttpResponse:
        form = CloseReportForm(request.POST if request.method == "POST" else None, report=record)
        if request.method == "POST" and update_report(request, record, form):
            return redirect(request.path)
        others = record.facility.reports.exclude(pk=record.pk)
        is_open = record.state in reporting.OPEN
        context |= {
            "title": f"{record.get_topic_display()}: {record.facility.name}",
            "report": record,
            "form": form,
            "corrected": [
                (fact_label(check.fact, get_language()), check)
                for check in record.corrections.order_by("pk")
            ],
            "others": reporting.open_reports_first(others)[:20],
            "may_settle": is_open and self.has_change_permission(request),
        }
        return render(request, "admin/reports/page.html", context)


def update_report(request, report: Report, form: CloseReportForm) -> bool:
    try:
        if "take" in request.POST:
            reporting.mark_in_progress(report)
            messages.success(request, gettext("It is in your hands: the receipt says so."))
            return True
        if not form.is_valid():
            return False
        reporting.close_report(report, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, gettext("Closed. A contact that was left is deleted."))
    except CheckNotAllowed as error:
        messages.error(request, str(error))
        return False
    except reporting.AlreadyClosed:
        messages.error(request, gettext("Somebody else has closed it meanwhile."))
    return True
