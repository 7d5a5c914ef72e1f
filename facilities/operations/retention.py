"""Deletes what the site must not keep for longer than it needs.

This is the only list of it, but for the results of background work: RESULTS_KEPT in ``jobs.py``.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q

from ..curation.legal_holds import held_facilities
from ..models import (
    AuditCall,
    Facility,
    Merge,
    NewDevice,
    Proposal,
    Report,
    ScheduledTaskRun,
    SuspendedNumber,
    Throttle,
    Verification,
)
from .jobs import delete_old_tasks

logger = logging.getLogger(__name__)

ADDRESSES_KEPT = dt.timedelta(days=30)
DEVICES_KEPT = dt.timedelta(days=30)
WORDS_KEPT = dt.timedelta(days=90)
RUNS_KEPT = dt.timedelta(days=400)


@dataclass(frozen=True)
class StaffNotes:
    """Where staff write notes: the texts, the moment that counts, and the facilities spoken of.

    The notes of what still waits have no such moment yet, so that they are kept.
    """

    model: type[Model]
    texts: tuple[str, ...]
    moment: str
    facilities: tuple[str, ...] = ("facility",)


STAFF_NOTES = (
    StaffNotes(Verification, ("note",), "checked_at"),
    StaffNotes(Verification, ("revert_reason",), "reverted_at"),
    StaffNotes(Proposal, ("note", "answer"), "settled_at"),
    StaffNotes(SuspendedNumber, ("note",), "restored_at"),
    StaffNotes(AuditCall, ("note",), "called_at"),
    StaffNotes(Merge, ("note",), "made_at", facilities=("kept", "absorbed")),
)


@transaction.atomic
def apply_retention(now: dt.datetime) -> dict[str, int]:
    """Delete what is past its time; return how many of each, under the words for it."""
    of_the_past = {"attempt_time__lt": now - ADDRESSES_KEPT}
    closed = Report.objects.filter(closed_at__isnull=False)
    attempts = sum(
        model.objects.filter(**of_the_past).delete()[0]
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    )
    worded = closed.exclude(message="").filter(closed_at__lt=now - WORDS_KEPT)
    deleted = {
        "failed log-ins older than 30 days, with their addresses": attempts,
        "marks of who used a public form, expired": _deleted(
            Throttle.objects.filter(expires_at__lt=now)
        ),
        "words of reports closed more than 90 days ago": worded.update(message=""),
        "contacts left with reports that are closed": closed.exclude(contact="").update(contact=""),
        "notes of new devices older than 30 days": _deleted(
            NewDevice.objects.filter(first_used_at__lt=now - DEVICES_KEPT)
        ),
        "sessions of staff, expired": _deleted(Session.objects.filter(expire_date__lt=now)),
        "results of background work older than 30 days": delete_old_tasks(now),
        "records of daily deletions older than 400 days": _deleted(
            ScheduledTaskRun.objects.filter(succeeded_at__lt=now - RUNS_KEPT)
        ),
    }
    if kept := settings.STAFF_NOTES_KEPT:
        words = f"notes of staff older than {kept.days:,} days, but for those under a legal hold"
        deleted[words] = delete_staff_notes(now - kept)
    logger.info("Deleted what is past its time: %d rows.", sum(deleted.values()))
    return deleted


def delete_staff_notes(edge: dt.datetime) -> int:
    """Empty the notes from before ``edge``; return how many records lost theirs.

    Those of a facility under a legal hold stay, and those of a draft or a hidden listing: whoever
    publishes it must see how each fact was found.
    """
    is_unpublished = Q(status__in=(Facility.Status.DRAFT, Facility.Status.HIDDEN), merged_into=None)
    kept = Facility.objects.filter(held_facilities() | is_unpublished).values("pk")
    deleted = 0
    for notes in STAFF_NOTES:
        rows = notes.model.objects.filter(**{f"{notes.moment}__lt": edge})
        for path in notes.facilities:
            rows = rows.exclude(**{f"{path}__in": kept})
        empty = dict.fromkeys(notes.texts, "")
        deleted += rows.exclude(**empty).update(**empty)
    return deleted


def _deleted(rows) -> int:
    return rows.delete()[0]
