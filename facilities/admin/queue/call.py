"""The page of one call: what to ask, what the call found, and who has the listing in hand."""

from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ...curation import CheckNotAllowed, OutdatedValue
from ...curation.dossier import read_dossier
from ...curation.reports import CLOSED, LONGEST_ANSWER
from ...curation.reports import OPEN as OPEN_STATES
from ...curation.work_queue import assignments
from ...curation.work_queue.call_script import build_call_script
from ...curation.work_queue.outcomes import (
    CORRECTIONS_DONE,
    LEAVE_OPEN,
    CallOutcome,
    CallReport,
    record_call_outcome,
)
from ...curation.work_queue.ranking import read_queue
from ...curation.work_queue.scoring import total_points
from ...curation.work_queue.undo_call import undo_call
from ...facts.findings import MAX_NOTE_LENGTH, CheckNotRecorded
from ...facts.forms import TextField
from ...models import Call, Facility, Proposal, Report, Verification
from ...places.timezones import CallerTimeZone, is_time_to_call, time_zone_at, weekday_morning_after
from ...web.context_processors import service_area
from ..form_errors import error_sentences
from ..proposal_answers import ProposalAnswerForm, answer_proposal, proposal_rows
from .filters import QueueFilterForm
from .navigation import redirect_to_next_call, reverse_with_query

SALT = "facilities.queue.shown"
TEMPLATE = "admin/queue/call.html"
SHORTEST_CALL = 15  # seconds; a quicker outcome is asked about before it counts
MAX_SNOOZE_DAYS = 365  # days that a listing may be put off


class OutcomeForm(forms.Form):
    """What a call found; ``shown`` is the signed record of what the page asked about, and when.

    ``sure`` comes in place of ``outcome`` from the button that answers a doubt. For each open
    report of the facility there are ``report-<key>`` and ``answer-<key>``.
    """

    outcome = forms.ChoiceField(
        choices=[*CallOutcome.choices, (CORRECTIONS_DONE, _("Corrections made"))],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose what came of the call.")
        ),
    )
    shown = forms.CharField(
        error_messages={"required": _("This page is too old. Look at it again.")}
    )
    right = forms.MultipleChoiceField(label=_("Right"), required=False)
    wrong = forms.MultipleChoiceField(label=_("Wrong"), required=False)
    note = TextField(label=_("Note"), max_length=MAX_NOTE_LENGTH, required=False)

    def __init__(self, data, *, facility: Facility):
        self.is_sure = "sure" in data
        super().__init__(query_with_value(data, "outcome", data["sure"]) if self.is_sure else data)
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
        too_old = ValidationError(self.fields["shown"].error_messages["required"])
        try:
            shown = signing.loads(self.cleaned_data["shown"], salt=SALT)
        except signing.BadSignature:
            raise too_old from None
        if shown.keys() != {"spoken", "alone", "opened"}:  # of a page from before an update
            raise too_old
        self.fields["right"].choices = [(slug, slug) for slug in shown["alone"]]
        self.fields["wrong"].choices = [(slug, slug) for slug in shown["spoken"]]
        return shown

    def clean(self) -> dict:
        values = super().clean()
        right, wrong = set(values.get("right", ())), set(values.get("wrong", ()))
        if right & wrong:
            raise ValidationError(_("You ticked the same fact as right and as wrong."))
        if wrong and values.get("outcome") == CallOutcome.CONFIRMED:
            raise ValidationError(
                _("You ticked something as wrong: choose “Some corrected”, or take the tick off.")
            )
        return values

    def call_report(self) -> CallReport:
        values = self.cleaned_data
        return CallReport(
            facility=self.facility,
            outcome=values["outcome"],
            spoken=values["shown"]["spoken"],
            alone=frozenset(values["shown"]["alone"]),
            right=frozenset(values["right"]),
            wrong=frozenset(values["wrong"]),
            answers={
                report.pk: (values[f"report-{report.pk}"], values[f"answer-{report.pk}"])
                for report in self.reports
            },
            note=values["note"],
        )

    def doubts(self, now: datetime) -> list[str]:
        """Return why this may be a slip of the hand; nothing is recorded until somebody is sure."""
        values = self.cleaned_data
        if self.is_sure or values["outcome"] == CORRECTIONS_DONE:
            return []
        doubts = []
        seconds = int(now.timestamp() - values["shown"]["opened"])
        if seconds < SHORTEST_CALL:
            doubts.append(
                ngettext(
                    "You opened this page %(seconds)d second ago. Did you speak with somebody?",
                    "You opened this page %(seconds)d seconds ago. Did you speak with somebody?",
                    seconds,
                )
                % {"seconds": seconds}
            )
        zone = facility_time_zone(self.facility)
        if not is_time_to_call(zone, now):
            there = date_format(zone.local(now), "TIME_FORMAT") if zone else gettext("not known")
            doubts.append(gettext("It is %(time)s there. Did you call?") % {"time": there})
        return doubts


def query_with_value(data: QueryDict, name: str, value: str) -> QueryDict:
    changed = data.copy()
    changed[name] = value
    return changed


@require_http_methods(["GET", "HEAD", "POST"])
def queue_call_page(request, context: dict, code: str) -> HttpResponse:
    facility = get_facility_by_code(code)
    if request.method != "POST":
        return render(request, TEMPLATE, context | queue_call_context(request, facility))
    form = OutcomeForm(request.POST, facility=facility)
    problems, doubts, now = [], [], timezone.now()
    if not form.is_valid():
        problems, status = error_sentences(form), 400
    elif doubts := form.doubts(now):
        status = 409
    else:
        report = form.call_report()
        try:
            call = record_call_outcome(
                report, by=request.user, now=now, zone=facility_time_zone(facility)
            )
        except CheckNotRecorded as error:
            problems = [str(error)]
            status = 409 if isinstance(error, CheckNotAllowed | OutdatedValue) else 400
        else:
            messages.success(request, call_recorded_message(request, report, call))
            if report.outcome == CallOutcome.CORRECTED:
                return redirect_to_corrections(request, report)
            return redirect_to_next_call(request)
    context |= {"problems": problems, "doubts": doubts} | queue_call_context(request, facility)
    return render(request, TEMPLATE, context, status=status)


def queue_call_context(request, facility: Facility) -> dict:
    now, facility = timezone.now(), get_facility_by_code(facility.code)
    dossier = read_dossier(facility, today=now.date())
    zone, queue = facility_time_zone(facility), read_queue(service_area(), now)
    script = build_call_script(dossier, language=get_language(), today=now.date())
    typed = request.POST
    return {
        "title": facility.name,
        "facility": facility,
        "script": script,
        "shown": signing.dumps(
            {
                "spoken": script.spoken,
                "alone": [line.slug for line in script.alone],
                "opened": int(now.timestamp()),
            },
            salt=SALT,
            compress=True,
        ),
        "proposals": [*proposal_rows(script.proposals, request.user, now=now)],
        "terms": queue.terms(facility.pk),
        "points": total_points(queue.terms(facility.pk)),
        "turn": assignments.assignment_for(facility.pk),
        "local": zone.local(now).time() if zone else None,
        "is_time": is_time_to_call(zone, now),
        "outcomes": [*zip(range(1, 10), CallOutcome.choices, strict=False)],
        "done": CORRECTIONS_DONE,
        "report_states": [(state.value, state.label) for state in map(Report.State, CLOSED)],
        "reports": [
            (report, typed.get(f"report-{report.pk}", ""), typed.get(f"answer-{report.pk}", ""))
            for report in script.reports
        ],
        "chosen": typed.get("outcome", ""),
        "right": typed.getlist("right"),
        "wrong": typed.getlist("wrong"),
        "note": typed.get("note", ""),
        "curators": staff_members(),
        "tomorrow": weekday_morning_after(zone, now, 1).date(),
        "kept": QueueFilterForm(request.GET, queue).kept,
    }


def staff_members():
    return get_user_model().objects.filter(is_active=True, is_staff=True).order_by("pk")


def redirect_to_corrections(request, report: CallReport) -> HttpResponse:
    """Go to the form of the facility's facts, with those that were wrong marked."""
    query = request.GET.copy()
    query.setlist("wrong", report.wrong_facts)
    form = reverse_with_query(
        "admin:facilities_facility_change", query.urlencode(), report.facility.pk
    )
    return redirect(form)


def call_recorded_message(request, report: CallReport, call: Call) -> SafeString:
    """Say what was recorded, with the button that undoes it."""
    label = dict(CallOutcome.choices).get(report.outcome, gettext("Corrections made"))
    context = {
        "call": call,
        "facility": report.facility,
        "label": label,
        "count": call.verifications.filter(outcome=Verification.Outcome.CONFIRMED).count(),
        "kept": request.GET.urlencode(),
    }
    return render_to_string("admin/queue/_recorded.html", context, request)


@require_POST
def undo_call_page(request, context: dict, key: int) -> HttpResponse:
    """Undo a whole call by one press, and go to its listing."""
    call = get_object_or_404(Call.objects.select_related("facility"), pk=key)
    try:
        undo_call(call, by=request.user, now=timezone.now())
    except CheckNotRecorded as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, gettext("%(name)s: the call was undone.") % {"name": call.facility.name}
        )
    return redirect(
        reverse_with_query("admin:queue_call", request.GET.urlencode(), call.facility.code)
    )


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
def assign_listing(request, context: dict, code: str) -> HttpResponse:
    facility, now, action = get_facility_by_code(code), timezone.now(), request.POST.get("do")
    is_done_here = False
    problems = []
    if action == "take":
        if not assignments.claim_facility(facility.pk, request.user):
            problems = [gettext("Somebody else has this listing in hand.")]
    elif action == "give":
        form = AssignForm(request.POST)
        problems = error_sentences(form)
        if not problems:
            assignments.assign_facility(facility.pk, form.cleaned_data["to"])
    elif action == "put_off":
        form = SnoozeForm(request.POST, today=now.date())
        problems = error_sentences(form)
        if not problems:
            morning = snooze_end(form.cleaned_data["until"], facility_time_zone(facility), now)
            assignments.snooze_facility(facility.pk, morning, now=now)
            is_done_here = True
    else:
        assignments.unassign_facility(facility.pk)
        is_done_here = True
    for sentence in problems:
        messages.error(request, sentence)
    if is_done_here:
        return redirect(reverse_with_query("admin:queue", request.GET.urlencode()))
    return redirect(reverse_with_query("admin:queue_call", request.GET.urlencode(), code))


def snooze_end(day: date, zone: CallerTimeZone | None, now: datetime) -> datetime:
    return weekday_morning_after(zone, now, (day - now.date()).days)


@require_POST
def resolve_proposal(request, context: dict, code: str, key: int) -> HttpResponse:
    proposal = get_object_or_404(Proposal, pk=key, facility=get_facility_by_code(code))
    form = ProposalAnswerForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        try:
            answer_proposal(proposal, **form.cleaned_data, by=request.user, now=timezone.now())
        except CheckNotRecorded as error:
            problems = [str(error)]
        else:
            messages.success(request, gettext("Settled."))
    for sentence in problems:
        messages.error(request, sentence)
    return redirect(reverse_with_query("admin:queue_call", request.GET.urlencode(), code))


def get_facility_by_code(code: str) -> Facility:
    facility = Facility.objects.for_page().filter(code=code.lower()).first()
    if facility is None or facility.merged_into_id:
        raise Http404
    return facility


def facility_time_zone(facility: Facility) -> CallerTimeZone | None:
    return time_zone_at(facility.point, facility.state)
