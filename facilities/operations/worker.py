"""The process that does background work, on top of django-tasks-db's worker.

That worker ends when the database stays locked longer than a connection waits. This one runs it
in rounds: a round that fails is logged, and the next one follows. Between rounds it only reads,
because django-tasks-db looks for work under a lock, which visitors' writes would wait for.
"""

import logging
import os
import threading

from django.db import Error, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ..models import WorkerProcess
from .jobs import fail_abandoned_tasks

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two rounds
HEARTBEAT_PAUSE = 10.0  # seconds between two signs of life


class BackgroundWorker:
    """Does background work until it is stopped; ``parent``: or until that process has ended."""

    def __init__(self, *, parent: int | None = None, pause: float = PAUSE):
        self.parent, self.pause = parent, pause
        self.worker = Worker(
            queue_names=["*"], excluded_queue_names=[], interval=0, batch=True,
            backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=get_random_string(32),
        )  # fmt: skip
        self.has_ended = threading.Event()

    def run(self) -> None:
        self.worker.configure_signals()  # the task in hand is ended first
        threading.Thread(target=self._beat, daemon=True).start()
        try:
            while self.worker.running and not self._is_orphan():
                self.run_round()
                self.has_ended.wait(self.pause)
        finally:
            self.has_ended.set()
            self._leave()

    def run_round(self) -> None:
        """Do all that waits. Whatever the database fails with, the next round tries again."""
        try:
            fail_abandoned_tasks(timezone.now(), own=self.worker.worker_id)
            if DBTaskResult.objects.ready().exists():
                self.worker.run()
        except Error as error:
            logger.warning("The database fails (%s); trying again.", type(error).__name__)
            if not connection.in_atomic_block:
                connection.close()

    def show_life(self) -> None:
        WorkerProcess.objects.update_or_create(
            worker_id=self.worker.worker_id, defaults={"seen_at": timezone.now()}
        )

    def _beat(self) -> None:
        """Show life on a connection of its own, also while a task takes long."""
        while not self.has_ended.is_set():
            try:
                self.show_life()
            except Error:
                connection.close()
            self.has_ended.wait(HEARTBEAT_PAUSE)
        connection.close()

    def _is_orphan(self) -> bool:
        return self.parent is not None and os.getppid() != self.parent

    def _leave(self) -> None:
        try:
            WorkerProcess.objects.filter(worker_id=self.worker.worker_id).delete()
        except Error as error:  # it is forgotten after some minutes
            logger.warning("The worker could not sign off (%s).", type(error).__name__)
