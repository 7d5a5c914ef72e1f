"""Writes everything this site knows into one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from facilities.operations import backup


class Command(BaseCommand):
    help = (
        "Writes all facilities, releases, verifications and accounts, as they are at one moment, "
        "into FILE, which restore reads on SQLite and on PostgreSQL. Never overwrites a file."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            rows = backup.write_backup(file, timezone.now())
        except OSError as error:
            raise CommandError(f"The backup was not written: {error}") from error
        for label, count in rows.items():
            if count:
                self.stdout.write(f"{count:>9,} {label}")
        self.stdout.write(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")
