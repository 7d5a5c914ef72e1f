"""Records what a call found, and decides when the facility is called again."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...facts.stored_values import WITHDRAWN
from ...models import Call, DataVersion, Facility, Proposal, Report, Verification
from ...places.timezones import (
    CallerTimeZone,
    next_call_at_other_time_of_day,
    weekday_morning_after,
)
from .. import CheckNotAllowed, FactCheck, record_checks
from ..facility_notices import mark_told
from ..reports import AlreadyClosed, close_report, corrections_about
from ..suspend_number import suspend_number
from . import assignments

MAX_ATTEMPTS = 3  # without an answer
DAYS_AFTER_MAX_ATTEMPTS = 7
DAYS_UNTIL_SECOND_CHECK = 1
DAYS_AFTER_OTHER_CALLS = 30
Result = Verification.Outcome


class CallOutcome(models.TextChoices):
    """How a call ended, in the order of the keys 1 to 6 on the page of a call."""

    CONFIRMED = "confirmed", gettext_lazy("All confirmed")
    CORRECTED = "corrected", gettext_lazy("Some corrected")
    NO_ANSWER = "no_answer", gettext_lazy("No answer")
    WRONG_NUMBER = "wrong_number", gettext_lazy("Wrong number")
    CLOSED = "closed", gettext_lazy("Closed")
    LEFT_MESSAGE = "left_message", gettext_lazy("Left message")


DAYS_AFTER_CALL = {CallOutcome.LEFT_MESSAGE: 2, CallOutcome.WRONG_NUMBER: 1}
CORRECTIONS_DONE = "done"  # in place of an outcome: the corrections were made after the call
# After which the caller has spoken with the facility, and so told it what people reported.
TOLD_BY = (CallOutcome.CONFIRMED, CallOutcome.CORRECTED, CORRECTIONS_DONE)
LEAVE_OPEN = "open"  # in place of a state: the report stays as it is


@dataclass(frozen=True)
class CallReport:
    """One call as it ended.

    ``spoken``: slug of a line -> fact -> the value that was read aloud. ``alone``: the slugs that
    were asked by themselves, ``right`` those of them that were found right. ``wrong``: slugs of
    lines that were not right. ``answers``: id of a report -> (the state to close it with,
    LEAVE_OPEN, or "" to follow the outcome; an answer for the person who reported it).
    """

    facility: Facility
    outcome: str
    spoken: Mapping[str, Mapping[str, Any]]
    alone: Collection[str] = ()
    right: Collection[str] = ()
    wrong: Collection[str] = ()
    answers: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    note: str = ""

    @property
    def confirmed(self) -> dict[str, Any]:
        """Fact -> value, of what was confirmed: each line but the wrong ones.

        What is asked by itself is confirmed only where somebody said so.
        """
        return {
            fact: value
            for slug, facts in self.spoken.items()
            if (slug in self.right if slug in self.alone else slug not in self.wrong)
            for fact, value in facts.items()
        }

    @property
    def wrong_facts(self) -> list[str]:
        return sorted(fact for slug in self.wrong for fact in self.spoken[slug])


def record_call_outcome(
    report: CallReport, *, by, now: datetime, zone: CallerTimeZone | None
) -> Call:
    """Record a call and snooze the facility, all or nothing; ``undo_call`` takes all of it back.

    After "some corrected" the facility stays assigned: the caller still has to enter the
    corrections. Raises CheckNotAllowed if somebody else has it, and OutdatedValue or InvalidValue
    if what was read out is no longer shown.
    """
    facility = report.facility
    with transaction.atomic():
        DataVersion.lock()  # before any other row: who merges facilities holds it and wants those
        before = assignments.assignment_for(facility.pk)
        if not assignments.claim_facility(facility.pk, by):
            raise CheckNotAllowed(_("Somebody else has this listing in hand."))
        call = Call.objects.create(
            facility=facility,
            outcome=report.outcome,
            made_by=by,
            made_at=now,
            assignment_before=assignments.assignment_as_json(before),
        )
        if checks := checks_of_call(report):
            record_checks(facility, checks, by=by, now=now, call=call)
        if report.outcome == CallOutcome.WRONG_NUMBER:
            _take_number_down(report, call, by=by, now=now)
        if report.outcome in TOLD_BY:
            mark_told(facility, by=by, now=now, call=call)
        _close_reports(report, call, by=by, now=now)  # what is settled needs no telling
        _snooze(report, now=now, zone=zone)
    return call


def _take_number_down(report: CallReport, call: Call, *, by, now: datetime) -> None:
    number = Facility.objects.values_list("phone", flat=True).get(pk=report.facility.pk)
    if number:
        suspend_number(report.facility, number, by=by, now=now, note=report.note, call=call)


def checks_of_call(report: CallReport) -> list[FactCheck]:
    """Return the checks that the call amounts to.

    "Some corrected" confirms the rest only if the wrong lines were marked. Unmarked, any of them
    may be the wrong one.
    """
    match report.outcome:
        case CallOutcome.CONFIRMED:
            return _confirmations(report)
        case CallOutcome.CORRECTED if report.wrong:
            return _confirmations(report)
        case CallOutcome.WRONG_NUMBER:
            return [FactCheck("phone", Result.NOT_CONFIRMED, note=report.note)]
        case CallOutcome.CLOSED:
            return [FactCheck("status", Result.CORRECTED, WITHDRAWN, note=report.note)]
    return []


def _confirmations(report: CallReport) -> list[FactCheck]:
    return [
        FactCheck(fact, Result.CONFIRMED, note=report.note, seen=value)
        for fact, value in report.confirmed.items()
    ]


def _close_reports(ended: CallReport, call: Call, *, by, now: datetime) -> None:
    reports = Report.objects.filter(facility=ended.facility, pk__in=[*ended.answers])
    for report in reports.select_related("facility"):
        chosen, answer = ended.answers[report.pk]
        state = chosen or _state_by_outcome(ended.outcome, report)
        if state != LEAVE_OPEN:
            corrections = corrections_about(report)
            if state == Report.State.CORRECTED and not corrections:
                raise CheckNotAllowed(
                    _(
                        "Nothing that this report is about was corrected. Leave it open here, and"
                        " close it on its own page."
                    )
                )
            with suppress(AlreadyClosed):
                close_report(
                    report, state=state, answer=answer, by=by, now=now, call=call,
                    corrections=corrections,
                )  # fmt: skip


def _state_by_outcome(outcome: str, report: Report) -> str:
    if outcome == CallOutcome.CONFIRMED:
        return Report.State.CONFIRMED
    is_gone = report.facility.status == WITHDRAWN  # once a second person has found the same
    if outcome == CallOutcome.CLOSED and report.topic == Report.Topic.CLOSED and is_gone:
        return Report.State.CORRECTED
    return LEAVE_OPEN


def _snooze(report: CallReport, *, now: datetime, zone: CallerTimeZone | None) -> None:
    assignment = assignments.assignment_for(report.facility.pk)
    if report.outcome == CallOutcome.CORRECTED:
        assignment.last_outcome, assignment.last_tried_at = report.outcome, now
        assignment.attempts = 0
        assignment.save()
        return
    is_unanswered = report.outcome in (CallOutcome.NO_ANSWER, CallOutcome.LEFT_MESSAGE)
    attempts = assignment.attempts + 1 if is_unanswered else 0
    until = next_attempt_at(report.outcome, attempts, zone, now)
    is_settled = report.outcome in (CallOutcome.CONFIRMED, CallOutcome.CLOSED, CORRECTIONS_DONE)
    if is_settled and report.facility.proposals.filter(state=Proposal.State.WAITING).exists():
        # From the next day on the same person can make the second check of a number.
        until = weekday_morning_after(zone, now, DAYS_UNTIL_SECOND_CHECK)
    assignments.snooze_facility(
        report.facility.pk, until, now=now, outcome=report.outcome, attempts=attempts
    )


def next_attempt_at(
    outcome: str, attempts: int, zone: CallerTimeZone | None, now: datetime
) -> datetime:
    if outcome == CallOutcome.NO_ANSWER:
        if attempts >= MAX_ATTEMPTS:
            return weekday_morning_after(zone, now, DAYS_AFTER_MAX_ATTEMPTS)
        return next_call_at_other_time_of_day(zone, now)
    return weekday_morning_after(zone, now, DAYS_AFTER_CALL.get(outcome, DAYS_AFTER_OTHER_CALLS))
