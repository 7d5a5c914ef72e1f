"""What the commands share that load lists of others: read, load, report, look for duplicates."""

import re
from collections.abc import Callable, Mapping

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ..curation.duplicates.detect import detect_duplicates_after_load
from ..curation.work_queue.risk_table import current_risk_table
from ..imports.cli import command_errors, describe_duplicates, print_step
from ..imports.load import load
from ..imports.plan import LoadOptions
from ..models import Release
from ..operations.published_data import publish_after_load
from ..sources.rows import ParsedFile

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_NAME = 40


def load_local_list(
    command: BaseCommand, read: Callable[[], ParsedFile], options: Mapping[str, bool]
) -> None:
    written: list[Release] = []
    with command_errors():
        reading = read()
        _require_own_name(reading.source)
        report = load(
            reading,
            LoadOptions(options["partial"], options["allow_withdrawals"]),
            today=timezone.localdate(),
            is_dry_run=options["dry_run"],
            progress=print_step,
            after_write=written.append,
        )
    command.stdout.write(report.as_text())
    for release in written:
        found = detect_duplicates_after_load(release, now=timezone.now())
        command.stdout.write(describe_duplicates(len(found)))
    if written:
        current_risk_table()  # read by this process, so that no curator waits for it
        publish_after_load(timezone.now())


def _require_own_name(source: str) -> None:
    if source in Release.Source.values:
        raise CommandError(f"{source} is SAMHSA's. Give the list a name of its own.")
    if not NAME.fullmatch(source) or len(source) > LONGEST_NAME:
        raise CommandError("A source is named by small letters, digits and hyphens: travis-county.")
