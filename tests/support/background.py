"""Background work of tests: done by the site's own worker when the test says so."""

from unittest import mock

from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from facilities.operations.worker import BackgroundWorker


def run_jobs() -> None:
    """Do all that waits, in this process and in the test's transaction.

    A worker closes old connections, which would end that transaction; Django's test client keeps
    requests from it in the same way.
    """
    with mock.patch.object(db_worker, "close_old_connections"):
        BackgroundWorker().run_round()
    for failed in DBTaskResult.objects.failed():
        raise AssertionError(failed.traceback)
