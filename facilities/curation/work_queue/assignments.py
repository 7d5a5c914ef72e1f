"""Whose turn a listing is: taken, given, put back and put off, so that no two call the same."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from ...models import Assignment, Report
from ..reports import AlreadyClosed, mark_in_progress
from .ranking import QueueEntry

SNOOZED = "put_off"


def claim(facility_id: int, by, *, seen: datetime | None = None) -> bool:
    """Take a listing in hand; False where somebody else has it.

    With ``seen``, when the queue was read: also False where it was put off since then.
    """
    Assignment.objects.get_or_create(facility_id=facility_id)
    free = Assignment.objects.filter(Q(assigned_to__isnull=True) | Q(assigned_to=by))
    if seen is not None:
        free = free.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=seen))
    if not free.filter(facility_id=facility_id).update(assigned_to=by):
        return False
    for report in Report.objects.filter(facility_id=facility_id, state=Report.State.OPEN):
        with suppress(AlreadyClosed):
            mark_in_progress(report)
    return True


def claim_first(entries: Iterable[QueueEntry], by, *, now: datetime) -> int | None:
    """Take the first that nobody took meanwhile; its facility's key, or None if none is left."""
    for entry in entries:
        woken = entry.assignment is not None and entry.assignment.snoozed_until is not None
        if claim(entry.facility_id, by, seen=None if woken else now):
            return entry.facility_id
    return None


def assign(facility_id: int, to) -> None:
    """Assign a listing to somebody, whoever had it before."""
    Assignment.objects.update_or_create(facility_id=facility_id, defaults={"assigned_to": to})


def release(facility_id: int) -> None:
    """Give a listing back to everybody."""
    Assignment.objects.filter(facility_id=facility_id).update(assigned_to=None)


def snooze(
    facility_id: int, until: datetime, *, now: datetime, outcome: str = SNOOZED, attempts: int = 0
) -> None:
    """Let a listing rest until then, in nobody's hands; a new report wakes it earlier."""
    rest = {"assigned_to": None, "snoozed_until": until, "last_outcome": outcome}
    rest |= {"last_tried_at": now, "attempts": attempts}
    Assignment.objects.update_or_create(facility_id=facility_id, defaults=rest)


def assignment_for(facility_id: int) -> Assignment:
    """The turn as it is; one that is not kept yet where nobody ever had the listing."""
    turn = Assignment.objects.filter(facility_id=facility_id).select_related("assigned_to").first()
    return turn or Assignment(facility_id=facility_id)
