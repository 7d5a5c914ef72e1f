"""Does the background work that staff start."""

import os

from django.core.management.base import BaseCommand

from facilities.operations.worker import BackgroundWorker


class Command(BaseCommand):
    help = (
        "Does the background work that staff start: loads, previews, website checks, exports. One "
        "such process runs beside the site (directory-worker.service); `make run` starts one. It "
        "ends the task in hand when it is stopped."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--with-parent", action="store_true",
            help="end when the process that started this one has ended",
        )  # fmt: skip

    def handle(self, *, with_parent: bool, **options) -> None:
        BackgroundWorker(parent=os.getppid() if with_parent else None).run()
