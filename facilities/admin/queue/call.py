"""The page of one call: what to ask, what the call found, and who has the listing in hand."""

from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ...curation import NotAllowed, OutdatedValue
from ...curation.dossier import read_dossier
from ...curation.reports import CLOSED, LONGEST_ANSWER
from ...curation.reports import OPEN as OPEN_STATES
from ...curation.work_queue import assignments
from ...curation.work_queue.call_script import build_call_script
from ...curation.work_queue.outcomes import (
    CORRECTIONS_DONE,
    LEAVE_OPEN,
    CallReport,
    Outcome,
    record_outcome,
)
from ...curation.work_queue.ranking import read_queue
from ...curation.work_queue.scoring import total_points
from ...facts.findings import MAX_NOTE_LENGTH, NotRecorded
from ...facts.forms import TextField
from ...models import Facility, Proposal, Report
from ...places.timezones import CallerTimeZone, is_time_to_call, time_zone_at, weekday_morning_after
from ...web.context_processors import service_area
from ..form_errors import error_sentences
from ..proposal_answers import ProposalAnswerForm, answer_proposal, proposal_rows
from .filters import QueueFilterForm
from .navigation import redirect_to_next_call, reverse_with_query

SALT = "facilities.queue.shown"
TEMPLATE = "admin/queue/call.html"
MAX_SNOOZE_DAYS = 365  # days that a listing may be put off


class OutcomeForm(forms.Form):
    """What a call found; ``shown`` is the signed record of what the page asked about.

    For each open report of the facility there are ``report-<key>`` and ``answer-<key>``.
    """

    outcome = forms.ChoiceField(
        choices=[*Outcome.choices, (CORRECTIONS_DONE, _("Corrections made"))],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose what came of the call.")
        ),
    )
    shown = forms.CharField(
        error_messages={"required": _("This page is too old. Look at it again.")}
    )
    wrong = forms.MultipleChoiceField(label=_("Wrong"), required=False)
    note = TextField(label=_("Note"), max_length=MAX_NOTE_LENGTH, required=False)

    def __init__(self, data, *, facility: Facility):
        super().__init__(data)
        self.facility = facility
        self.reports = [*facility.reports.filter(state__in=OPEN_STATES).order_by("pk")]
        states = [("", ""), (LEAVE_OPEN, ""), *((state, "") for state in CLOSED)]
        for report in self.reports:
            self.fields[f"report-{report.pk}"] = forms.ChoiceField(
                label=report.get_topic_display(), choices=states, required=False
            )
            self.fields[f"answer-{report.pk}"] = TextField(
                label=_("Answer"), max_length=LONGEST_ANSWER, required=False
            )

    def clean_shown(self) -> dict:
        try:
            shown = signing.loads(self.cleaned_data["shown"], salt=SALT)
        except signing.BadSignature:
            raise ValidationError(self.fields["shown"].error_messages["required"]) from None
        self.fields["wrong"].choices = [(fact, fact) for fact in shown]
        return shown

    def call_report(self) -> CallReport:
        values = self.cleaned_data
        return CallReport(
            facility=self.facility,
            outcome=values["outcome"],
            shown=values["shown"],
            wrong=frozenset(values["wrong"]),
            answers={
                report.pk: (values[f"report-{report.pk}"], values[f"answer-{report.pk}"])
                for report in self.reports
            },
            note=values["note"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
def call_page(request, context: dict, code: str) -> HttpResponse:
    facility = get_facility(code)
    if request.method != "POST":
        return render(request, TEMPLATE, context | call_context(request, facility))
    form = OutcomeForm(request.POST, facility=facility)
    if not form.is_valid():
        problems, status = error_sentences(form), 400
    else:
        report = form.call_report()
        try:
            record_outcome(
                report, by=request.user, now=timezone.now(), zone=facility_zone(facility)
            )
        except NotRecorded as error:
            problems = [str(error)]
            status = 409 if isinstance(error, NotAllowed | OutdatedValue) else 400
        else:
            if report.outcome == Outcome.CORRECTED:
                return redirect_to_form(request, report)
            messages.success(request, outcome_message(report))
            return redirect_to_next_call(request)
    context |= {"problems": problems} | call_context(request, facility)
    return render(request, TEMPLATE, context, status=status)


def call_context(request, facility: Facility) -> dict:
    now, facility = timezone.now(), get_facility(facility.code)
    dossier = read_dossier(facility, today=now.date())
    zone, queue = facility_zone(facility), read_queue(service_area(), now)
    script = build_call_script(dossier, language=get_language(), today=now.date())
    typed = request.POST
    return {
        "title": facility.name,
        "facility": facility,
        "script": script,
        "shown": signing.dumps(script.shown, salt=SALT, compress=True),
        "proposals": [*proposal_rows(script.proposals, request.user)],
        "terms": queue.terms(facility.pk),
        "points": total_points(queue.terms(facility.pk)),
        "turn": assignments.assignment_for(facility.pk),
        "local": zone.local(now).time() if zone else None,
        "is_time": is_time_to_call(zone, now),
        "outcomes": [*zip(range(1, 10), Outcome.choices, strict=False)],
        "done": CORRECTIONS_DONE,
        "report_states": [(state.value, state.label) for state in map(Report.State, CLOSED)],
        "reports": [
            (report, typed.get(f"report-{report.pk}", ""), typed.get(f"answer-{report.pk}", ""))
            for report in script.reports
        ],
        "wrong": typed.getlist("wrong"),
        "note": typed.get("note", ""),
        "curators": staff_members(),
        "tomorrow": weekday_morning_after(zone, now, 1).date(),
        "kept": QueueFilterForm(request.GET, queue).kept,
    }


def staff_members():
    return get_user_model().objects.filter(is_active=True, is_staff=True).order_by("pk")


def redirect_to_form(request, report: CallReport) -> HttpResponse:
    confirmed = len(report.shown) - len(report.wrong) if report.wrong else 0
    if confirmed:
        sentence = ngettext("%(count)d fact confirmed.", "%(count)d facts confirmed.", confirmed)
        messages.success(request, sentence % {"count": confirmed})
    query = request.GET.copy()
    query.setlist("wrong", sorted(report.wrong))
    form = reverse_with_query(
        "admin:facilities_facility_change", query.urlencode(), report.facility.pk
    )
    return redirect(form)


def outcome_message(report: CallReport) -> str:
    label = dict(Outcome.choices).get(report.outcome, gettext("Corrections made"))
    return f"{report.facility.name}: {label}"


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Give it to"), queryset=None)

    def __init__(self, data):
        super().__init__(data)
        self.fields["to"].queryset = staff_members()


class SnoozeForm(forms.Form):
    """The day until which a listing is put off: one of the next 365."""

    until = forms.DateField(
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Choose a day within the next year.")
        )
    )

    def __init__(self, data, *, today: date):
        super().__init__(data)
        self.today = today

    def clean_until(self) -> date:
        day = self.cleaned_data["until"]
        if not 0 < (day - self.today).days <= MAX_SNOOZE_DAYS:
            raise ValidationError(self.fields["until"].error_messages["invalid"])
        return day


@require_POST
def assign(request, context: dict, code: str) -> HttpResponse:
    facility, now, action = get_facility(code), timezone.now(), request.POST.get("do")
    is_done_here = False
    problems = []
    if action == "take":
        if not assignments.claim(facility.pk, request.user):
            problems = [gettext("Somebody else has this listing in hand.")]
    elif action == "give":
        form = AssignForm(request.POST)
        problems = error_sentences(form)
        if not problems:
            assignments.assign(facility.pk, form.cleaned_data["to"])
    elif action == "put_off":
        form = SnoozeForm(request.POST, today=now.date())
        problems = error_sentences(form)
        if not problems:
            morning = snooze_until(form.cleaned_data["until"], facility_zone(facility), now)
            assignments.snooze(facility.pk, morning, now=now)
            is_done_here = True
    else:
        assignments.unassign(facility.pk)
        is_done_here = True
    for sentence in problems:
        messages.error(request, sentence)
    if is_done_here:
        return redirect(reverse_with_query("admin:queue", request.GET.urlencode()))
    return redirect(reverse_with_query("admin:queue_call", request.GET.urlencode(), code))


def snooze_until(day: date, zone: CallerTimeZone | None, now: datetime) -> datetime:
    return weekday_morning_after(zone, now, (day - now.date()).days)


@require_POST
def resolve_proposal(request, context: dict, code: str, key: int) -> HttpResponse:
    proposal = get_object_or_404(Proposal, pk=key, facility=get_facility(code))
    form = ProposalAnswerForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        try:
            answer_proposal(proposal, **form.cleaned_data, by=request.user, now=timezone.now())
        except NotRecorded as error:
            problems = [str(error)]
        else:
            messages.success(request, gettext("Settled."))
    for sentence in problems:
        messages.error(request, sentence)
    return redirect(reverse_with_query("admin:queue_call", request.GET.urlencode(), code))


def get_facility(code: str) -> Facility:
    facility = Facility.objects.for_page().filter(code=code.lower()).first()
    if facility is None or facility.merged_into_id:
        raise Http404
    return facility


def facility_zone(facility: Facility) -> CallerTimeZone | None:
    return time_zone_at(facility.point, facility.state)
