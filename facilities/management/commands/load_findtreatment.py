"""Loads FindTreatment.gov's export."""

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
from facilities.models import Release
from facilities.operations.published_data import publish_after_load
from facilities.sources.findtreatment import read_findtreatment


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
        add_options(parser)

    def handle(self, *args, paths, edition, **options) -> None:
        written: list[Release] = []
        with command_errors():
            report = load(
                read_findtreatment(paths, edition=edition, progress=progress_bar("Reading")),
                LoadOptions(options["partial"], options["allow_withdrawals"]),
                today=timezone.localdate(),
                is_dry_run=options["dry_run"],
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
