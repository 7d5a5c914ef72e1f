"""What all commands that load a release share: read, load, report, look for duplicates, publish."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ..curation.duplicates.detect import detect_duplicates_after_load
from ..curation.work_queue.risk_table import current_risk_table
from ..imports.cli import command_errors, describe_duplicates, print_step_on_terminal
from ..imports.load import load_parsed_file
from ..imports.plan import LoadOptions
from ..models import Release
from ..operations.published_data import republish_after_load
from ..sources.rows import ParsedFile


def load_by_command(
    command: BaseCommand,
    read: Callable[[], tuple[ParsedFile, Iterable[str]]],
    options: Mapping[str, Any],
    *,
    is_demonstration: bool = False,
) -> None:
    """Load what ``read`` returns: a file, and notes for the report.

    ``options`` are those of ``imports.cli.add_load_options``. Raises CommandError for a file that
    cannot be used and for a load that is refused.
    """
    written: list[Release] = []
    with command_errors():
        reading, notes = read()
        report = load_parsed_file(
            reading,
            LoadOptions(options["partial"], options["allow_withdrawals"], is_demonstration),
            today=timezone.localdate(),
            is_dry_run=options["dry_run"],
            notes=notes,
            progress=print_step_on_terminal,
            after_write=written.append,
        )
    command.stdout.write(report.as_text())
    for release in written:
        found = detect_duplicates_after_load(release, now=timezone.now())
        command.stdout.write(describe_duplicates(len(found)))
    if written:
        current_risk_table()  # read by this process, so that no curator waits for it
        republish_after_load(timezone.now())
