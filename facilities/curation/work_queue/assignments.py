"""Claim, assign, release and snooze queue entries, so that no two curators call the same one."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Q

from ...models import Assignment, Report
from ..reports import AlreadyClosed, mark_in_progress
from .ranking import QueueEntry

STORED = ("assigned_to_id", "snoozed_until", "last_outcome", "last_tried_at", "attempts")
SNOOZED = "put_off"  # as stored in Assignment.last_outcome


def claim_facility(facility_id: int, by, *, seen: datetime | None = None) -> bool:
    """Assign a facility to ``by``, and mark its open reports as in progress.

    Returns False if somebody else has it, or if it was snoozed since ``seen``, the moment at which
    the queue was read.
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


def claim_first_free(entries: Iterable[QueueEntry], by, *, now: datetime) -> int | None:
    for entry in entries:
        # It is in the queue although it is snoozed: a new report or proposal woke it.
        is_woken = entry.assignment is not None and entry.assignment.snoozed_until is not None
        if claim_facility(entry.facility_id, by, seen=None if is_woken else now):
            return entry.facility_id
    return None


def assign_facility(facility_id: int, to) -> None:
    Assignment.objects.update_or_create(facility_id=facility_id, defaults={"assigned_to": to})


def unassign_facility(facility_id: int) -> None:
    Assignment.objects.filter(facility_id=facility_id).update(assigned_to=None)


def snooze_facility(
    facility_id: int, until: datetime, *, now: datetime, outcome: str = SNOOZED, attempts: int = 0
) -> None:
    """Release a facility and leave it out of the queue until then, or until something new comes."""
    Assignment.objects.update_or_create(
        facility_id=facility_id,
        defaults={
            "assigned_to": None,
            "snoozed_until": until,
            "last_outcome": outcome,
            "last_tried_at": now,
            "attempts": attempts,
        },
    )


def assignment_for(facility_id: int) -> Assignment:
    """Return the assignment, or one that is not saved yet if nobody ever had the facility."""
    assignments = Assignment.objects.filter(facility_id=facility_id).select_related("assigned_to")
    return assignments.first() or Assignment(facility_id=facility_id)


def assignment_as_json(assignment: Assignment) -> dict[str, Any]:
    """Return what an assignment says, as JSON."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in ((name, getattr(assignment, name)) for name in STORED)
    }


def restore_assignment(facility_id: int, values: Mapping[str, Any]) -> None:
    """Bring back what ``assignment_as_json`` returned."""
    moments = {name: values[name] for name in ("snoozed_until", "last_tried_at") if values[name]}
    parsed = {name: datetime.fromisoformat(text) for name, text in moments.items()}
    Assignment.objects.update_or_create(facility_id=facility_id, defaults={**values, **parsed})
