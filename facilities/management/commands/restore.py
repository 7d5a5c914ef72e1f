"""Puts the contents of a backup in place of this site's database."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from facilities.models import Place
from facilities.operations import backup
from facilities.operations.backup_store import NoBackup, open_backup
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities


def is_new_database() -> bool:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return True
    return not connection.introspection.table_names()


class Command(BaseCommand):
    help = (
        "Reads a FILE that backup wrote, on either engine, checks all of it, and puts its contents "
        "in place of the database's in one transaction. A database that holds anything is "
        "replaced only with --replace; one without tables is given them."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="replace what is there")
        parser.add_argument(
            "--identity", type=Path, metavar="KEYS", help="the secret key of an encrypted FILE"
        )
        parser.add_argument(
            "--verify", action="store_true",
            help="compare all rows with the backup's afterwards, and recompute",
        )  # fmt: skip

    def handle(self, *, file: Path, replace: bool, identity: Path | None, verify: bool, **options):
        if is_new_database():
            call_command("migrate", interactive=False, verbosity=0)
        if not replace and not backup.is_database_empty():
            raise CommandError(
                "The database is not empty. To replace everything in it, add --replace "
                "(and perhaps make a backup of it first)."
            )
        try:
            with open_backup(file, identity) as plain:
                self._restore(plain, verify=verify)
        except (NoBackup, backup.UnusableBackup) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored {file}.")

    def _restore(self, plain: Path, *, verify: bool) -> None:
        manifest = backup.read_manifest(plain)
        rows = backup.restore_backup(plain, manifest)
        for label, count in rows.items():
            if count:
                self.stdout.write(f"{count:>9,} {label}")
        if not Place.objects.exists():
            call_command("load_places", stdout=self.stdout)
        if verify:
            self._verify(plain, manifest)

    def _verify(self, plain: Path, manifest: dict) -> None:
        if differing := backup.tables_that_differ(plain, manifest):
            raise CommandError(f"The rows differ from the backup's: {', '.join(differing)}.")
        self.stdout.write("All rows are those of the backup.")
        settlement = recompute_facilities(zip_code_table(), today=timezone.localdate())
        # Checks outlive their time by themselves.
        self.stdout.write(f"Recomputing changed {len(settlement.changed):,} facilities.")
