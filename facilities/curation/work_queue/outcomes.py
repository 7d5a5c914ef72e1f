"""Records what a call found, and decides when the facility is called again."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...models import Facility, Proposal, Report, Verification
from ...places.timezones import (
    CallerTimeZone,
    next_call_at_other_time_of_day,
    weekday_morning_after,
)
from .. import Check, NotAllowed, RecordResult, record_checks
from ..reports import AlreadyClosed, close_report
from . import assignments

MAX_ATTEMPTS = 3  # then a week goes by before the next one
WEEK, MONTH, TWO_DAYS, TOMORROW = 7, 30, 2, 1  # days
Result = Verification.Outcome


class Outcome(models.TextChoices):
    """How a call ended, in the order of the keys 1 to 6 on the page of a call."""

    CONFIRMED = "confirmed", gettext_lazy("All confirmed")
    CORRECTED = "corrected", gettext_lazy("Some corrected")
    NO_ANSWER = "no_answer", gettext_lazy("No answer")
    WRONG_NUMBER = "wrong_number", gettext_lazy("Wrong number")
    CLOSED = "closed", gettext_lazy("Closed")
    LEFT_MESSAGE = "left_message", gettext_lazy("Left message")


CORRECTIONS_DONE = "done"  # in place of an outcome: the corrections were made after the call
LEAVE_OPEN = "open"  # in place of a state: the report stays as it is


@dataclass(frozen=True)
class CallReport:
    """One call as it ended.

    ``shown``: fact -> the value that was read out. ``wrong``: facts of them that were not right.
    ``answers``: id of a report -> (the state to close it with, LEAVE_OPEN, or "" to follow the
    outcome; an answer for the person who reported it).
    """

    facility: Facility
    outcome: str
    shown: Mapping[str, Any]
    wrong: Collection[str] = ()
    answers: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    note: str = ""


def record_outcome(
    call: CallReport, *, by, now: datetime, zone: CallerTimeZone | None
) -> RecordResult:
    """Record a call and snooze the facility, all or nothing.

    After "some corrected" the facility stays assigned: the caller still has to enter the
    corrections. Raises NotAllowed if somebody else has it, and OutdatedValue or InvalidValue if
    what was read out is no longer shown.
    """
    key = call.facility.pk
    with transaction.atomic():
        if not assignments.claim(key, by):
            raise NotAllowed(_("Somebody else has this listing in hand."))
        checks = checks_of(call)
        recorded = (
            record_checks(call.facility, checks, by=by, now=now) if checks else RecordResult()
        )
        _close_reports(call, by=by, now=now)
        _snooze(call, now=now, zone=zone)
    return recorded


def checks_of(call: CallReport) -> list[Check]:
    """Return the checks that the call amounts to.

    "Some corrected" confirms the rest only if the wrong facts were marked. Unmarked, any of them
    may be the wrong one.
    """
    if call.outcome == Outcome.CONFIRMED:
        return _confirmations(call, call.shown)
    if call.outcome == Outcome.CORRECTED and call.wrong:
        return _confirmations(call, (fact for fact in call.shown if fact not in call.wrong))
    if call.outcome == Outcome.WRONG_NUMBER:
        return [Check("phone", Result.NOT_CONFIRMED, note=call.note)]
    if call.outcome == Outcome.CLOSED:
        return [Check("status", Result.CORRECTED, "withdrawn", note=call.note)]
    return []


def _confirmations(call: CallReport, facts: Iterable[str]) -> list[Check]:
    return [Check(fact, Result.CONFIRMED, note=call.note, seen=call.shown[fact]) for fact in facts]


def _close_reports(call: CallReport, *, by, now: datetime) -> None:
    for report in Report.objects.filter(facility=call.facility, pk__in=[*call.answers]):
        chosen, answer = call.answers[report.pk]
        state = chosen or _state_by_outcome(call.outcome, report)
        if state != LEAVE_OPEN:
            with suppress(AlreadyClosed):
                close_report(report, state=state, answer=answer, by=by, now=now)


def _state_by_outcome(outcome: str, report: Report) -> str:
    if outcome == Outcome.CONFIRMED:
        return Report.State.CONFIRMED
    if outcome == Outcome.CLOSED and report.topic == Report.Topic.CLOSED:
        return Report.State.CORRECTED
    return LEAVE_OPEN


def _snooze(call: CallReport, *, now: datetime, zone: CallerTimeZone | None) -> None:
    assignment = assignments.assignment_for(call.facility.pk)
    if call.outcome == Outcome.CORRECTED:
        assignment.last_outcome, assignment.last_tried_at = call.outcome, now
        assignment.attempts = 0
        assignment.save()
        return
    is_unanswered = call.outcome in (Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE)
    attempts = assignment.attempts + 1 if is_unanswered else 0
    until = snooze_until(call.outcome, attempts, zone, now)
    is_settled = call.outcome in (Outcome.CONFIRMED, CORRECTIONS_DONE)
    if is_settled and call.facility.proposals.filter(state=Proposal.State.WAITING).exists():
        # From the next day on the same person can make the second check of a number.
        until = weekday_morning_after(zone, now, TOMORROW)
    assignments.snooze(call.facility.pk, until, now=now, outcome=call.outcome, attempts=attempts)


def snooze_until(
    outcome: str, attempts: int, zone: CallerTimeZone | None, now: datetime
) -> datetime:
    if outcome == Outcome.NO_ANSWER:
        if attempts >= MAX_ATTEMPTS:
            return weekday_morning_after(zone, now, WEEK)
        return next_call_at_other_time_of_day(zone, now)
    days = {Outcome.LEFT_MESSAGE: TWO_DAYS, Outcome.WRONG_NUMBER: TOMORROW}.get(outcome, MONTH)
    return weekday_morning_after(zone, now, days)
