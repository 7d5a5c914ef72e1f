"""Loads the invented facilities, through the same importer as SAMHSA's files."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.core.management.base import BaseCommand

from facilities.demo_data import invent_listings, write_demonstration


class Command(BaseCommand):
    help = (
        "Loads 400 invented facilities, to try the site without SAMHSA's file; a banner on every "
        "page says so. Refused where real data are loaded; loading real data removes them. "
        "A second run changes nothing."
    )

    def handle(self, *args, **options) -> None:
        with TemporaryDirectory() as folder:
            workbook, coordinates = write_demonstration(invent_listings(), Path(folder))
            call_command(
                "load_directory",
                workbook,
                coordinates=[coordinates],
                demonstration=True,
                # All that is not in this version of the invented data was invented as well.
                allow_withdrawals=True,
                stdout=self.stdout,
            )
