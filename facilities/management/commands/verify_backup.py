"""Proves that a backup can be restored, on a database made for that and thrown away."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from facilities.models import ScheduledTask
from facilities.operations.backup_store import (
    NoBackup,
    fetch_backup,
    newest_backup,
    private_folder,
)
from facilities.operations.scheduled_tasks import record_success


class Command(BaseCommand):
    help = (
        "Restores FILE, or the newest backup where BACKUP_URL says, into a new SQLite database, "
        "compares every row with the backup's, recomputes all facilities, and removes the "
        "database. This site's own is not touched. An encrypted backup needs --identity: run this "
        "where the secret key is, not on the server."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--identity", type=Path, metavar="KEYS", help="the secret key of an encrypted backup"
        )

    def handle(self, *, file: Path | None, identity: Path | None, **options):
        with ExitStack() as stack:
            try:
                path = file or self._fetch(stack)
            except (NoBackup, OSError) as error:
                raise CommandError(str(error)) from error
            folder = stack.enter_context(private_folder())
            # A process has the database that its environment names.
            command = ["env", f"DATABASE_URL=sqlite:///{folder}/scratch.sqlite3", sys.executable]
            command += ["manage.py", "restore", "--verify", str(path.resolve())]
            if identity:
                command += ["--identity", str(identity.resolve())]
            trial = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
        self.stdout.write(trial.stdout, ending="")
        if trial.returncode:
            raise CommandError(f"{path.name} cannot be restored: {trial.stderr.strip()}")
        record_success(ScheduledTask.Name.VERIFY_BACKUP)
        self.stdout.write(f"{path.name} can be restored.")

    def _fetch(self, stack: ExitStack) -> Path:
        if not settings.BACKUP_STORAGE:
            raise CommandError("Name a FILE, or set BACKUP_URL.")
        storage = storages["backups"]
        return stack.enter_context(fetch_backup(storage, newest_backup(storage)))
