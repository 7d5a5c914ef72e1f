"""One call: what to ask on one page, what came of it by one key, and whose turn it is."""

from collections.abc import Iterator
from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ...curation import NotAllowed, OutdatedValue, accept, change_warnings, reject
from ...curation.dossier import read_dossier
from ...curation.reports import CLOSED
from ...curation.work_queue import assignments
from ...curation.work_queue.call_script import CallScript, build_call_script
from ...curation.work_queue.outcomes import (
    CORRECTIONS_DONE,
    LEAVE_OPEN,
    CallReport,
    Outcome,
    record_outcome,
)
from ...curation.work_queue.ranking import read_queue
from ...curation.work_queue.scoring import total_points
from ...facts.findings import NotRecorded
from ...facts.registry import display_value, fact_label
from ...models import Facility, Proposal, Report
from ...places.timezones import Zone, after_days, is_time_to_call, zone_of
from ...web.context_processors import service_area
from ..posted import read_key
from .filters import QueueFilterForm
from .navigation import redirect_to_next_call, reverse_with_query

SALT = "facilities.queue.shown"
TEMPLATE = "admin/queue/call.html"
MAX_NOTE_LENGTH = 2_000
MAX_SNOOZE_DAYS = 365  # days that a listing may be put off


@require_http_methods(["GET", "HEAD", "POST"])
def call(request, context: dict, code: str) -> HttpResponse:
    """The page of a call; posted, its outcome, and then the next one."""
    facility = get_facility(code)
    if request.method != "POST":
        return render(request, TEMPLATE, context | call_context(request, facility))
    try:
        ended = read_outcome(request, facility)
        record_outcome(ended, by=request.user, now=timezone.now(), zone=facility_zone(facility))
    except (NotRecorded, signing.BadSignature) as problem:
        told = gettext("This page is too old. Look at it again.")
        told = str(problem) if isinstance(problem, NotRecorded) else told
        status = 409 if isinstance(problem, NotAllowed | OutdatedValue) else 400
        context |= {"problem": told} | call_context(request, facility)
        return render(request, TEMPLATE, context, status=status)
    if ended.outcome == Outcome.CORRECTED:
        return redirect_to_form(request, ended)
    messages.success(request, outcome_message(ended))
    return redirect_to_next_call(request)


def call_context(request, facility: Facility) -> dict:
    """What the page of a call holds."""
    now, facility = timezone.now(), get_facility(facility.code)
    known = read_dossier(facility, today=now.date())
    there, queue = facility_zone(facility), read_queue(service_area(), now)
    read_out = build_call_script(known, language=get_language(), today=now.date())
    return {
        "title": facility.name,
        "facility": facility,
        "script": read_out,
        "shown": signing.dumps(read_out.shown, salt=SALT, compress=True),
        "proposals": [*proposal_rows(read_out)],
        "terms": queue.terms(facility.pk),
        "points": total_points(queue.terms(facility.pk)),
        "turn": assignments.assignment_for(facility.pk),
        "local": there.local(now).time() if there else None,
        "is_time": is_time_to_call(there, now),
        "outcomes": [*zip(range(1, 10), Outcome.choices, strict=False)],
        "done": CORRECTIONS_DONE,
        "endings": [(state.value, state.label) for state in map(Report.State, CLOSED)],
        "curators": get_user_model().objects.filter(is_active=True, is_staff=True).order_by("pk"),
        "tomorrow": after_days(there, now, 1).date(),
        "kept": QueueFilterForm(request.GET, queue).kept,
    }


def proposal_rows(
    read_out: CallScript,
) -> Iterator[tuple[Proposal, str, str, str, tuple[str, ...]]]:
    """Each waiting change with what it is called, what it was, what it would be, and warnings."""
    for proposal in read_out.proposals:
        before = display_value(proposal.fact, proposal.value_before)
        after = display_value(proposal.fact, proposal.value)
        noted = change_warnings(read_out.facility, proposal.fact, proposal.value)
        yield proposal, fact_label(proposal.fact, get_language()), before, after, noted


def read_outcome(request, facility: Facility) -> CallReport:
    """The posted call. Raises NotAllowed for what no page of ours sends, or BadSignature."""
    posted = request.POST
    outcome = posted.get("outcome", "")
    if outcome not in (*Outcome.values, CORRECTIONS_DONE):
        raise NotAllowed(gettext("Choose what came of the call."))
    values = signing.loads(posted.get("shown", ""), salt=SALT)
    answers = {}
    for name, state in posted.items():
        key = name.removeprefix("report-")
        if name != key and read_key(key) and state in (*CLOSED, LEAVE_OPEN, ""):
            answers[read_key(key)] = (state, posted.get(f"answer-{key}", "")[:1000])
    return CallReport(
        facility=facility,
        outcome=outcome,
        shown=values,
        wrong=frozenset(posted.getlist("wrong")) & values.keys(),
        answers=answers,
        note=posted.get("note", ""),
    )


def redirect_to_form(request, ended: CallReport) -> HttpResponse:
    """To the form of its facts, on which those found wrong are marked."""
    confirmed = len(ended.shown) - len(ended.wrong) if ended.wrong else 0
    if confirmed:
        words = ngettext("%(count)d fact confirmed.", "%(count)d facts confirmed.", confirmed)
        messages.success(request, words % {"count": confirmed})
    asked = request.GET.copy()
    asked.setlist("wrong", sorted(ended.wrong))
    form = reverse_with_query(
        "admin:facilities_facility_change", asked.urlencode(), ended.facility.pk
    )
    return redirect(form)


def outcome_message(ended: CallReport) -> str:
    label = dict(Outcome.choices).get(ended.outcome, gettext("Corrections made"))
    return f"{ended.facility.name}: {label}"


@require_POST
def assign(request, context: dict, code: str) -> HttpResponse:
    """Take it, put it back, put it off until a day, or give it to somebody."""
    facility, asked = get_facility(code), request.POST.get("do")
    back = redirect(reverse_with_query("admin:queue_call", request.GET.urlencode(), code))
    if asked == "take":
        if not assignments.claim(facility.pk, request.user):
            messages.error(request, gettext("Somebody else has this listing in hand."))
        return back
    if asked == "give":
        to = get_user_model().objects.filter(is_active=True, is_staff=True)
        assignments.assign(facility.pk, get_object_or_404(to, pk=read_key(request.POST.get("to"))))
        return back
    if asked == "put_off":
        until = snooze_date(request.POST.get("until", ""), facility_zone(facility), timezone.now())
        if until is None:
            messages.error(request, gettext("Choose a day within the next year."))
            return back
        assignments.snooze(facility.pk, until, now=timezone.now())
    else:
        assignments.release(facility.pk)
    return redirect(reverse_with_query("admin:queue", request.GET.urlencode()))


def snooze_date(text: str, there: Zone | None, now: datetime) -> datetime | None:
    """The morning of that day there; None for what is no day of the coming year."""
    try:
        day: date | None = parse_date(text)
    except ValueError:
        return None
    days = (day - now.date()).days if day else 0
    return after_days(there, now, days) if 0 < days <= MAX_SNOOZE_DAYS else None


@require_POST
def resolve_proposal(request, context: dict, code: str, key: int) -> HttpResponse:
    """Accept or refuse a waiting change: for a number this is its second check."""
    facility = get_facility(code)
    proposal = get_object_or_404(Proposal, pk=key, facility=facility)
    answered = {"by": request.user, "now": timezone.now(), "note": request.POST.get("note", "")}
    try:
        if request.POST.get("answer") == "accept":
            accept(proposal, **answered)
        else:
            reject(proposal, **answered)
    except NotRecorded as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, gettext("Settled."))
    return redirect(reverse_with_query("admin:queue_call", request.GET.urlencode(), code))


def get_facility(code: str) -> Facility:
    facility = Facility.objects.for_page().filter(code=code.lower()).first()
    if facility is None or facility.merged_into_id:
        raise Http404
    return facility


def facility_zone(facility: Facility) -> Zone | None:
    return zone_of(facility.point, facility.state)
