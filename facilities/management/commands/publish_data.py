"""Publishes the data as files for download."""

from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from facilities.exports.snapshots.library import AlreadyPublishing
from facilities.models import ScheduledTask
from facilities.operations.published_data import publish_data, remove_private_data
from facilities.operations.scheduled_tasks import record_success


class Command(BaseCommand):
    help = (
        "Writes all that is public as a dated folder of files below DATA_DIR, unless nothing "
        "changed since the last one, and takes out of the older ones what became private since: "
        "addresses and hidden listings. Keeps 14 days and the first of each month."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--withhold-only", action="store_true",
            help="only take out what became private; a timer runs this every few minutes",
        )  # fmt: skip

    def handle(self, *, withhold_only, **options) -> None:
        start, now = monotonic(), timezone.now()
        try:
            done = remove_private_data(now) if withhold_only else publish_data(now)
        except AlreadyPublishing as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Nothing was published: {error}") from error
        if done.snapshot:
            size = sum(path.stat().st_size for path in done.snapshot.folder.iterdir()) / 1e6
            self.stdout.write(
                f"Published {done.snapshot.name}: {done.facilities:,} facilities, {size:.0f} MB, "
                f"in {monotonic() - start:.0f} seconds."
            )
        elif not withhold_only:
            self.stdout.write("Nothing changed since the newest snapshot.")
        if not withhold_only:
            record_success(ScheduledTask.Name.PUBLISHED_DATA)
        for name in done.rewritten:
            self.stdout.write(f"Took private data out of {name}.")
        for name in done.removed:
            self.stdout.write(f"Removed {name}.")
