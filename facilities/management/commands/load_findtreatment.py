"""Loads FindTreatment.gov's export."""

from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from facilities.imports.cli import add_load_options, progress_bar
from facilities.sources.findtreatment import read_findtreatment

from ..release_loading import load_by_command


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Loads pages of FindTreatment.gov's JSON export. Adds positions and websites to "
        "facilities of the directory, and substance use facilities and opioid treatment programs "
        "that it lacks; mental health rows are skipped and counted. Where pages are missing "
        "nothing is withdrawn."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")
        parser.add_argument(
            "--edition", default="", metavar="DAY",
            help="the day of the export, if no file name has it",
        )  # fmt: skip
        add_load_options(parser)

    def handle(self, *args, paths, edition, **options) -> None:
        def read():
            return read_findtreatment(paths, edition=edition, progress=progress_bar("Reading")), ()

        load_by_command(self, read, options)
