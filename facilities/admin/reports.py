"""The public's reports: a list with what is open first, and the page on which one is settled."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..curation import reports as reporting
from ..models import Report
from ..roles import CHANGE_REPORT, VIEW_REPORT
from .mixins import ListAdmin
from .posted import read_key
from .site import staff_site


class CloseForm(forms.Form):
    """What came of it, and what the reporter is told."""

    state = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(state.value, state.label) for state in reporting.CLOSED],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer, shown to whoever has the receipt"),
        help_text=_("Two plain sentences: what you did, and what you found. No names."),
        max_length=reporting.LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OpenFilter(admin.SimpleListFilter):
    title = _("open or closed")
    parameter_name = "is"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("closed", _("closed"))]

    def queryset(self, request, queryset):
        states = {"open": reporting.OPEN, "closed": reporting.CLOSED}.get(self.value())
        return queryset.filter(state__in=states) if states else queryset


@admin.register(Report, site=staff_site)
class ReportAdmin(ListAdmin):
    """Reports come from the public alone, are settled once and stay."""

    list_display = ("topic", "facility_name", "place", "state", "made_on", "closed_on")
    list_filter = (OpenFilter, "topic")
    list_select_related = ("facility",)

    def get_queryset(self, request):
        return reporting.reports_by_age(super().get_queryset(request))

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

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        """One report: take it in hand, look at the facility, close it with an answer."""
        if not request.user.has_perm(VIEW_REPORT):
            raise PermissionDenied
        reports = Report.objects.select_related("facility", "closed_by")
        report = get_object_or_404(reports, pk=read_key(object_id))
        form = CloseForm()
        if request.method == "POST":
            if not request.user.has_perm(CHANGE_REPORT):
                raise PermissionDenied
            form = CloseForm(request.POST)
            if update_report(request, report, form):
                return redirect(request.path)
        others = report.facility.reports.exclude(pk=report.pk)
        context = self.admin_site.each_context(request) | {
            "title": f"{report.get_topic_display()}: {report.facility.name}",
            "report": report,
            "form": form,
            "others": reporting.reports_by_age(others)[:20],
            "may_settle": request.user.has_perm(CHANGE_REPORT) and report.state in reporting.OPEN,
            "opts": self.opts,
        }
        return render(request, "admin/reports/page.html", context)

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:facilities_report_change", object_id)


def update_report(request, report: Report, form: CloseForm) -> bool:
    """Do what the button says; whether there is nothing to correct in the form."""
    try:
        if "take" in request.POST:
            reporting.mark_in_progress(report)
            messages.success(request, gettext("It is in your hands: the receipt says so."))
            return True
        if not form.is_valid():
            return False
        given = form.cleaned_data
        reporting.close_report(
            report, state=given["state"], answer=given["answer"], by=request.user,
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, gettext("Closed. A contact that was left is deleted."))
    except reporting.AlreadyClosed:
        messages.error(request, gettext("Somebody else has closed it meanwhile."))
    return True
