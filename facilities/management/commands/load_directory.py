"""Loads SAMHSA's National Directory."""

from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.curation.duplicates.detect import detect_duplicates_after_load
from facilities.curation.work_queue.risk_table import current_risk_table
from facilities.imports.cli import (
    add_options,
    command_errors,
    describe_duplicates,
    print_step,
    progress_bar,
)
from facilities.imports.load import load
from facilities.imports.plan import LoadOptions
from facilities.imports.read_directory import read_with_positions
from facilities.models import Release
from facilities.operations.published_data import publish_after_load


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Loads a SAMHSA National Directory of substance use treatment facilities (.xlsx, or .csv "
        "of the same columns). All or nothing; the same file twice changes nothing; facilities "
        "that a newer edition leaves out are withdrawn unless something else supports them; "
        "an older edition is archived without changing facts."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--coordinates", type=Path, action="append", default=[], metavar="CSV",
            help="positions by edition and row, or the Census batch geocoder's answer; repeatable",
        )  # fmt: skip
        parser.add_argument("--key", type=Path, help="for .csv: a workbook that has the key sheet")
        parser.add_argument("--edition", default="", metavar="YEAR")
        parser.add_argument(
            "--demonstration", action="store_true", help="invented data; a banner says so"
        )
        add_options(parser)

    def handle(self, *args, path, key, edition, demonstration, **options) -> None:
        written: list[Release] = []
        with command_errors():
            reading, notes = read_with_positions(
                path, options["coordinates"], key=key, edition=edition,
                progress=progress_bar("Reading"),
            )  # fmt: skip
            report = load(
                reading,
                LoadOptions(options["partial"], options["allow_withdrawals"], demonstration),
                today=timezone.localdate(),
                is_dry_run=options["dry_run"],
                notes=notes,
                progress=print_step,
                after_write=written.append,
            )
        self.stdout.write(report.as_text())
        for release in written:
            found = detect_duplicates_after_load(release, now=timezone.now())
            self.stdout.write(describe_duplicates(len(found)))
        if written:
            current_risk_table()  # read by this process, so that no curator waits for it
            publish_after_load(timezone.now())
