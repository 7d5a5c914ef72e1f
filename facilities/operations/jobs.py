"""Background work that staff start: its progress, its result, and whether anybody does it.

A task is a function of its own arguments that returns a ``JobResult``; ``background_task`` makes
one of it. ``manage.py run_worker`` runs what waits, so that no browser has to stay open.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import translation
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from ..models import Job, WorkerProcess

logger = logging.getLogger(__name__)

# A worker gives a sign of life every ten seconds; a locked database may hold it up for a while.
WORKER_SILENCE = dt.timedelta(minutes=2)
RESULTS_KEPT = dt.timedelta(days=30)
UNFINISHED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


class WorkerLost(Exception):
    """The process that did the work is gone, or could not keep its result."""


@dataclass
class JobResult:
    """What came of a job, as JSON can hold it.

    ``sentences``: (level of django.contrib.messages, text). ``address``: the page to go on with.
    ``content``: what that page shows.
    """

    sentences: list[tuple[int, str]] = field(default_factory=list)
    address: str = ""
    content: dict[str, Any] = field(default_factory=dict)


def background_task(work: Callable[..., JobResult]) -> Task:
    """Make a task of a function that takes its job first. It runs in the language of the job."""

    @wraps(work)
    def run(context, **arguments) -> dict:
        job = Job.objects.select_related("started_by").get(task=context.task_result.id)
        with translation.override(job.language):
            return asdict(work(job, **arguments))

    del run.__wrapped__  # the framework reads the signature: a context comes first
    return task(takes_context=True)(run)


@transaction.atomic
def start_job(work: Task, title: str, *, by, subject: str = "", **arguments) -> Job:
    """Let a worker do ``work`` with ``arguments``, which JSON must be able to hold."""
    queued = work.enqueue(**arguments)
    return Job.objects.create(
        task_id=queued.id,
        title=title[:200],
        language=translation.get_language(),
        started_by=by,
        subject=subject,
    )


def report_step(job: Job, step: str, *, done: int = 0, total: int = 0) -> None:
    """Say how far a job is. Within a transaction nobody sees it before the end."""
    Job.objects.filter(pk=job.pk).update(step=step[:200], done=done, total=total)


def find_job(subject: str) -> Job | None:
    """Return the newest job about a subject that did not fail."""
    jobs = Job.objects.filter(subject=subject).exclude(task__status=TaskResultStatus.FAILED)
    return jobs.select_related("task").order_by("-pk").first()


def is_worker_running(now: dt.datetime) -> bool:
    return WorkerProcess.objects.filter(seen_at__gt=now - WORKER_SILENCE).exists()


def fail_abandoned_tasks(now: dt.datetime, own: str = "") -> int:
    """Mark the running tasks of workers that are gone as failed; return how many.

    ``own``: a worker that is between two tasks, so that whatever has its name was abandoned.
    """
    alive = set(
        WorkerProcess.objects.filter(seen_at__gt=now - WORKER_SILENCE)
        .exclude(worker_id=own)
        .values_list("worker_id", flat=True)
    )
    abandoned = [
        running
        for running in DBTaskResult.objects.running()
        if not alive.intersection(running.worker_ids[-1:])
        and (own in running.worker_ids or running.started_at < now - WORKER_SILENCE)
    ]
    for running in abandoned:
        running.set_failed(WorkerLost("The worker ended before the work did."))
    if abandoned:
        logger.warning("%d tasks were abandoned by their worker.", len(abandoned))
    return len(abandoned)


def delete_old_tasks(now: dt.datetime) -> int:
    """Delete tasks that ended more than 30 days ago, with their jobs; return how many."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - RESULTS_KEPT)
    number = old.count()
    old.delete()
    WorkerProcess.objects.filter(seen_at__lt=now - RESULTS_KEPT).delete()
    return number
