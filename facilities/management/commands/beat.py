"""Writes the heartbeat by which replicas know how far they are behind."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from facilities.models import ScheduledTask
from facilities.operations.scheduled_tasks import record_success


class Command(BaseCommand):
    help = (
        "Writes the heartbeat, again and again until it is stopped. One such process runs on the "
        "write node where PostgreSQL has replicas (directory-heartbeat.service)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--every", type=float, default=0.5, metavar="SECONDS", help="0.5 unless said otherwise"
        )
        parser.add_argument("--once", action="store_true", help="write one and stop")

    def handle(self, *, every: float, once: bool, **options):
        if every <= 0:
            raise CommandError("--every must be more than 0.")
        failing = False
        while True:
            try:
                record_success(ScheduledTask.Name.HEARTBEAT)
                failing = False
            except DatabaseError as error:
                connection.close()
                if once:
                    raise CommandError(f"Not written ({type(error).__name__}).") from error
                if not failing:  # once, not twice a second
                    self.stderr.write(f"Not written ({type(error).__name__}); going on.")
                failing = True
            if once:
                return
            time.sleep(every)
