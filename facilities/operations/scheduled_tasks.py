"""Which work timers do, how often, and which of it was missed.

Each command leaves a stamp when it has succeeded. ``manage.py status`` and the staff's start page
tell what ``missed_tasks`` returns.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now

from ..models import ScheduledTask, ScheduledTaskRun

Name = ScheduledTask.Name


@dataclass(frozen=True)
class TaskSchedule:
    """How long a task may rest. An optional one is missed only where it has been done before."""

    max_age: dt.timedelta
    is_optional: bool = False


# Half again as long as between two runs of the timers in docs/deployment/.
SCHEDULES = {
    Name.DELETE_EXPIRED: TaskSchedule(dt.timedelta(hours=36)),
    Name.BACKUP: TaskSchedule(dt.timedelta(hours=36)),
    Name.VERIFY_BACKUP: TaskSchedule(dt.timedelta(days=11), is_optional=True),
    Name.WEBSITE_CHECKS: TaskSchedule(dt.timedelta(days=11), is_optional=True),
    Name.PUBLISHED_DATA: TaskSchedule(dt.timedelta(hours=36), is_optional=True),
}


@dataclass(frozen=True)
class TaskState:
    """One task; ``succeeded_at`` is None before the first time. ``summary``: what it did."""

    name: ScheduledTask.Name
    succeeded_at: dt.datetime | None
    is_missed: bool
    summary: str = ""


def record_success(name: ScheduledTask.Name, summary: str = "") -> None:
    """Leave the stamp of a task, by the clock of the database; nothing on a read-only node.

    What it did, if it says so, is also kept for a page of past runs.
    """
    if settings.READ_ONLY:
        return
    ScheduledTask.objects.update_or_create(
        name=name, defaults={"succeeded_at": Now(), "summary": summary}
    )
    if summary:
        ScheduledTaskRun.objects.create(name=name, succeeded_at=Now(), summary=summary)


def task_states(now: dt.datetime) -> list[TaskState]:
    """Return every task of the schedule, in its order."""
    stamps = {
        name: (succeeded_at, summary)
        for name, succeeded_at, summary in ScheduledTask.objects.values_list(
            "name", "succeeded_at", "summary"
        )
    }
    return [_state(name, *stamps.get(name, (None, "")), now) for name in SCHEDULES]


def missed_tasks(now: dt.datetime) -> list[TaskState]:
    return [state for state in task_states(now) if state.is_missed]


def _state(
    name: ScheduledTask.Name, succeeded_at: dt.datetime | None, summary: str, now: dt.datetime
) -> TaskState:
    schedule = SCHEDULES[name]
    since = succeeded_at or (None if schedule.is_optional else installed_at())
    is_missed = since is not None and now - since > schedule.max_age
    return TaskState(name, succeeded_at, is_missed, summary)


def installed_at() -> dt.datetime | None:
    """Return when the first migration ran: nothing is missed right after an installation."""
    return (
        MigrationRecorder.Migration.objects.order_by("applied")
        .values_list("applied", flat=True)
        .first()
    )
