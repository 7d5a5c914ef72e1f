"""Django's migrate, which is also the one command that makes an SQLite file."""

from pathlib import Path

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection

from facilities.operations.sqlite_file import create_sqlite_file


class Command(migrate.Command):
    def execute(self, *arguments, **options):
        # Before handle: the system checks open the database.
        if connection.vendor == "sqlite":
            create_sqlite_file(
                Path(connection.settings_dict["NAME"]).resolve(), settings.DATABASE_NOTE
            )
        return super().execute(*arguments, **options)
