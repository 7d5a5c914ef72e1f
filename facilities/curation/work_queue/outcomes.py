"""What came of a call: what is recorded of the listing, and when it is called again."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...models import Facility, Proposal, Report, Verification
from ...places.timezones import Zone, after_days, another_time
from .. import Check, NotAllowed, RecordResult, record
from ..reports import AlreadyClosed, close_report
from . import assignments

MAX_ATTEMPTS = 3  # then a week goes by before the next one
WEEK, MONTH, TWO_DAYS, TOMORROW = 7, 30, 2, 1  # days
Result = Verification.Outcome


class Outcome(models.TextChoices):
    """In the order of their keys: 1 to 6."""

    CONFIRMED = "confirmed", gettext_lazy("All confirmed")
    CORRECTED = "corrected", gettext_lazy("Some corrected")
    NO_ANSWER = "no_answer", gettext_lazy("No answer")
    WRONG_NUMBER = "wrong_number", gettext_lazy("Wrong number")
    CLOSED = "closed", gettext_lazy("Closed")
    LEFT_MESSAGE = "left_message", gettext_lazy("Left message")


OUTCOMES_THAT_FINISH = "done"  # after corrections were made
OUTCOMES_LEFT_OPEN = "open"


@dataclass(frozen=True)
class CallReport:
    """One call as it ended. ``shown``: fact -> the value that was read out; ``wrong``: those of
    them that were not right; ``answers``: key of a report -> (the state it ends in, LEFT_OPEN or
    "" for as the call ends; words for who reported it)."""

    facility: Facility
    outcome: str
    shown: Mapping[str, Any]
    wrong: Collection[str] = ()
    answers: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    note: str = ""


def record_outcome(call: CallReport, *, by, now: datetime, zone: Zone | None) -> RecordResult:
    """Record what came of a call and put the listing off, all or nothing.

    After "some corrected" it stays in the caller's hands. Raises NotAllowed where somebody else
    has it, Outdated or Invalid where what was read out no longer stands.
    """
    key = call.facility.pk
    with transaction.atomic():
        if not assignments.claim(key, by):
            raise NotAllowed(_("Somebody else has this listing in hand."))
        checks = checks_of(call)
        recorded = record(call.facility, checks, by=by, now=now) if checks else RecordResult()
        _answer_reports(call, by=by, now=now)
        _snooze(call, now=now, zone=zone)
    return recorded


def checks_of(call: CallReport) -> list[Check]:
    """What the call found of each fact."""
    if call.outcome == Outcome.CONFIRMED:
        return _confirmed(call, call.shown)
    if call.outcome == Outcome.CORRECTED and call.wrong:
        return _confirmed(call, (fact for fact in call.shown if fact not in call.wrong))
    if call.outcome == Outcome.WRONG_NUMBER:
        return [Check("phone", Result.NOT_CONFIRMED, note=call.note)]
    if call.outcome == Outcome.CLOSED:
        return [Check("status", Result.CORRECTED, "withdrawn", note=call.note)]
    return []


def _confirmed(call: CallReport, facts: Iterable[str]) -> list[Check]:
    return [Check(fact, Result.CONFIRMED, note=call.note, seen=call.shown[fact]) for fact in facts]


def _answer_reports(call: CallReport, *, by, now: datetime) -> None:
    for report in Report.objects.filter(facility=call.facility, pk__in=[*call.answers]):
        chosen, words = call.answers[report.pk]
        state = chosen or _as_it_ended(call.outcome, report)
        if state != OUTCOMES_LEFT_OPEN:
            with suppress(AlreadyClosed):
                close_report(report, state=state, answer=words, by=by, now=now)


def _as_it_ended(outcome: str, report: Report) -> str:
    """What a call by itself says of a report that was read on its page."""
    if outcome == Outcome.CONFIRMED:
        return Report.State.CONFIRMED
    if outcome == Outcome.CLOSED and report.topic == Report.Topic.CLOSED:
        return Report.State.CORRECTED
    return OUTCOMES_LEFT_OPEN


def _snooze(call: CallReport, *, now: datetime, zone: Zone | None) -> None:
    key, turn = call.facility.pk, assignments.assignment_for(call.facility.pk)
    if call.outcome == Outcome.CORRECTED:
        turn.last_outcome, turn.last_tried_at, turn.attempts = call.outcome, now, 0
        turn.save()
        return
    attempts = turn.attempts + 1 if call.outcome in (Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE) else 0
    until = snooze_until(call.outcome, attempts, zone, now)
    if call.outcome in (Outcome.CONFIRMED, OUTCOMES_THAT_FINISH) and _waits_for_second_check(
        call.facility
    ):
        until = after_days(zone, now, TOMORROW)
    assignments.snooze(key, until, now=now, outcome=call.outcome, attempts=attempts)


def snooze_until(outcome: str, attempts: int, zone: Zone | None, now: datetime) -> datetime:
    """When a listing comes up again unless something new is reported."""
    if outcome == Outcome.NO_ANSWER:
        many = attempts >= MAX_ATTEMPTS
        return after_days(zone, now, WEEK) if many else another_time(zone, now)
    days = {Outcome.LEFT_MESSAGE: TWO_DAYS, Outcome.WRONG_NUMBER: TOMORROW}.get(outcome, MONTH)
    return after_days(zone, now, days)


def _waits_for_second_check(facility: Facility) -> bool:
    return facility.proposals.filter(state=Proposal.State.WAITING).exists()
