"""Writes everything this site knows into one file."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from facilities.models import ScheduledTask
from facilities.operations import backup
from facilities.operations.backup_store import prune_backups, store_backup
from facilities.operations.scheduled_tasks import record_success


class Command(BaseCommand):
    help = (
        "Writes all facilities, releases, verifications and accounts, as they are at one moment, "
        "into FILE, which restore reads on SQLite and on PostgreSQL. Never overwrites a file. "
        "Without FILE the backup goes where BACKUP_URL says, encrypted if there is a BACKUP_KEY; "
        "old ones are deleted: all are kept for a week, then one a week for five weeks."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *, file: Path | None, **options):
        if file is None:
            self._store()
            return
        try:
            rows = backup.write_backup(file, timezone.now())
        except OSError as error:
            raise CommandError(f"The backup was not written: {error}") from error
        for label, count in rows.items():
            if count:
                self.stdout.write(f"{count:>9,} {label}")
        self.stdout.write(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")

    def _store(self) -> None:
        if not settings.BACKUP_STORAGE:
            raise CommandError("Name a FILE, or set BACKUP_URL.")
        storage, now = storages["backups"], timezone.now()
        try:
            name = store_backup(storage, now, key=settings.BACKUP_KEY)
            deleted = prune_backups(storage, now)
        # Each storage has errors of its own; a backup that failed must say so and leave no stamp.
        except Exception as error:
            raise CommandError(f"The backup was not stored: {error}") from error
        record_success(ScheduledTask.Name.BACKUP)
        self.stdout.write(f"Stored {name} ({storage.size(name) / 1e6:.1f} MB).")
        if deleted:
            self.stdout.write(f"Deleted {len(deleted)} older ones.")
