"""Puts the contents of a backup in place of this site's database."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from facilities.models import Place
from facilities.operations import backup


class Command(BaseCommand):
    help = (
        "Reads a FILE that backup wrote, on either engine, checks all of it, and puts its contents "
        "in place of the database's in one transaction. A database that holds anything is "
        "replaced only with --replace; one without tables is given them."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="replace what is there")

    def handle(self, *, file: Path, replace: bool, **options):
        if not connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)
        if not replace and not backup.is_database_empty():
            raise CommandError(
                "The database is not empty. To replace everything in it, add --replace "
                "(and perhaps make a backup of it first)."
            )
        try:
            rows = backup.restore_backup(file, backup.read_manifest(file))
        except backup.UnusableBackup as error:
            raise CommandError(str(error)) from error
        for label, count in rows.items():
            if count:
                self.stdout.write(f"{count:>9,} {label}")
        if not Place.objects.exists():
            call_command("load_places", stdout=self.stdout)
        self.stdout.write(f"Restored {file}.")
