"""Loads a list of licenses or accreditations, by a map of its columns."""

from datetime import date
from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.imports.cli import command_errors
from facilities.imports.credentials import load_credentials
from facilities.sources.credential_list import read_credential_map, read_credentials

MAX_LINES_SHOWN = 20  # of each list


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Loads a state's list of licenses, or a list of accreditations, from a .csv whose columns "
        "a map names: see docs/open-data.md. A line that fits no facility, or several, adds none."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--map", type=Path, required=True, metavar="FILE", dest="map_path")
        parser.add_argument(
            "--seen", type=date.fromisoformat, metavar="DAY",
            help="the day of the list, today by default",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would change; write nothing"
        )

    def handle(self, *args, path, map_path, seen, dry_run, **options) -> None:
        on = seen or timezone.localdate()
        with command_errors():
            listed = read_credentials(path, read_credential_map(map_path), on)
            report = load_credentials(listed, on=on, is_dry_run=dry_run)
        if dry_run:
            self.stdout.write("Nothing was written: this was a dry run.")
        for name in ("added", "updated", "unchanged"):
            self.stdout.write(f"  {name:<10} {getattr(report, name):>7,}")
        for words, lines in (
            ("Fit no facility", report.unmatched),
            ("Fit several facilities", report.ambiguous),
            ("Could not be read", report.rejected),
        ):
            self.stdout.write(f"{words}: {len(lines):,}")
            for line in lines[:MAX_LINES_SHOWN]:
                self.stdout.write(f"  {line}")
