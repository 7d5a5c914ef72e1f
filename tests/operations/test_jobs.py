"""Background work: who does it, how far it is, what came of it, and what if a worker dies."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from facilities.models import Job, WorkerProcess
from facilities.operations.backup import read_manifest, restore_backup, write_backup
from facilities.operations.jobs import (
    WORKER_SILENCE,
    JobResult,
    background_task,
    fail_abandoned_tasks,
    is_worker_running,
    report_step,
    start_job,
)
from facilities.operations.worker import BackgroundWorker

from ..support.accounts import client_of, staff_member
from ..support.background import run_jobs
from ..support.html import Page

NOW = datetime(2024, 3, 1, tzinfo=UTC)


@background_task
def greet(job: Job, name: str) -> JobResult:
    report_step(job, "Greeting", done=1, total=2)
    word = {"en": "Hello", "es": "Hola"}[translation.get_language()]
    return JobResult([(25, f"{word}, {name}")], "/admin/")


@background_task
def fail(job: Job) -> JobResult:
    raise ValueError("the phone of somebody")


@pytest.fixture
def ana(db):
    return staff_member("curator", name="ana")


def run_as(worker_id: str, task: DBTaskResult, *, since: timedelta) -> None:
    """A worker took a task in hand some time ago."""
    task.claim(worker_id)
    DBTaskResult.objects.filter(pk=task.pk).update(started_at=NOW - since)


class TestJob:
    def test_is_done_in_the_language_of_whoever_started_it(self, ana):
        with translation.override("es"):
            job = start_job(greet, "Saludar", by=ana, name="Eva")

        run_jobs()

        job = Job.objects.select_related("task").get(pk=job.pk)
        assert job.task.return_value["sentences"] == [[25, "Hola, Eva"]]
        assert (job.step, job.done, job.total) == ("Greeting", 1, 2)

    def test_shows_its_result_to_whoever_started_it_and_to_administrators(self, ana):
        job = start_job(greet, "Greet", by=ana, name="Eva")
        run_jobs()

        others = staff_member("curator", name="ben"), staff_member("administrator")
        pages = [client_of(user).get(f"/admin/jobs/{job.pk}/") for user in (ana, *others)]

        assert [page.status_code for page in pages] == [200, 404, 200]
        assert "Hello, Eva" in Page(pages[0]).text

    def test_that_fails_tells_no_value(self, ana):
        job = start_job(fail, "Fail", by=ana)
        with pytest.raises(AssertionError, match="the phone of somebody"):
            run_jobs()

        page = Page(client_of(ana).get(f"/admin/jobs/{job.pk}/"))

        assert "An error ended this work." in page.text
        assert "the phone of somebody" not in page.text

    @pytest.mark.parametrize(("ago", "is_told"), [(timedelta(seconds=30), False), (None, True)])
    def test_says_whether_nobody_does_it(self, ana, ago, is_told):
        if ago:
            WorkerProcess.objects.create(worker_id="w", seen_at=timezone.now() - ago)
        job = start_job(greet, "Greet", by=ana, name="Eva")

        pages = [Page(client_of(ana).get(f"/admin/jobs/{at}")) for at in ("", f"{job.pk}/")]

        said = ["Nothing does background work here" in page.text for page in pages]
        assert said == [is_told, is_told]

    def test_is_neither_backed_up_nor_done_after_a_restore(self, ana, tmp_path):
        path = tmp_path / "backup.zip"
        start_job(greet, "Greet", by=ana, name="Eva")

        tables = write_backup(path, NOW)
        restore_backup(path, read_manifest(path))

        assert not any("job" in label or "dbtask" in label for label in tables)
        assert not Job.objects.exists()
        assert not DBTaskResult.objects.exists()


class TestReaper:
    @pytest.mark.parametrize(
        ("seen", "began", "state"),
        [
            (timedelta(seconds=20), timedelta(hours=1), "RUNNING"),
            (WORKER_SILENCE + timedelta(seconds=1), timedelta(hours=1), "FAILED"),
            (None, timedelta(hours=1), "FAILED"),
            (None, timedelta(seconds=1), "RUNNING"),  # its first sign of life is on the way
        ],
    )
    def test_marks_tasks_of_dead_workers_failed(self, ana, seen, began, state):
        job = start_job(greet, "Greet", by=ana, name="Eva")
        run_as("w", job.task, since=began)
        if seen:
            WorkerProcess.objects.create(worker_id="w", seen_at=NOW - seen)

        fail_abandoned_tasks(NOW)

        assert DBTaskResult.objects.get().status == state

    def test_marks_what_a_worker_could_not_finish_itself(self, ana):
        job = start_job(greet, "Greet", by=ana, name="Eva")
        run_as("w", job.task, since=timedelta(seconds=1))
        WorkerProcess.objects.create(worker_id="w", seen_at=NOW)

        assert fail_abandoned_tasks(NOW, own="w") == 1


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
class TestWorker:
    def test_outlives_a_lock_that_lasts_longer_than_it_waits(self, caplog):
        job = start_job(greet, "Greet", by=staff_member("curator", name="ana"), name="Eva")
        process = BackgroundWorker()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")

        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.execute("BEGIN IMMEDIATE")
            process.run_round()
            while_locked = DBTaskResult.objects.get(pk=job.task_id).status
            other.rollback()
        process.run_round()

        assert "The database fails (OperationalError); trying again." in caplog.text
        done = DBTaskResult.objects.get(pk=job.task_id).status
        assert (while_locked, done) == ("READY", "SUCCESSFUL")

    def test_shows_that_it_lives_and_signs_off(self):
        process = BackgroundWorker(parent=os.getppid() + 1, pause=0)  # a parent that has ended
        process.show_life()
        lived = is_worker_running(timezone.now())

        process.run()

        assert lived
        assert not is_worker_running(timezone.now())
