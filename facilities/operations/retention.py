"""Deletes what the site must not keep for longer than it needs.

This is the only list of it, but for the results of background work: RESULTS_KEPT in ``jobs.py``.
"""

import datetime as dt
import logging

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction

from ..models import NewDevice, Report, Throttle
from .jobs import delete_old_tasks

logger = logging.getLogger(__name__)

ADDRESSES_KEPT = dt.timedelta(days=30)
DEVICES_KEPT = dt.timedelta(days=30)
WORDS_KEPT = dt.timedelta(days=90)


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
    }
    logger.info("Deleted what is past its time: %d rows.", sum(deleted.values()))
    return deleted


def _deleted(rows) -> int:
    return rows.delete()[0]
