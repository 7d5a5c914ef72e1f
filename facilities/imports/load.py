"""Loads a file that has been read: match, resolve, and then write, all or nothing.

Everything is worked out in memory first, while others go on saving. Then the lock is taken, what
people changed since is merged again, and all is written. A save meanwhile waits for a moment.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction

from ..models import DataVersion, Release
from ..places.tables import zip_code_table
from ..resolution.change_log import ChangeLog, recording_changes
from ..resolution.columns import ZipPlaces
from ..resolution.write import (
    refresh_table_statistics,
    remove_demo_data,
    store_file_rows,
    write_changes,
    write_positions,
)
from ..sources.rows import ParsedFile
from .plan import LoadOptions, LoadPlan
from .planning import PlanOutdated, make_load_plan, source_and_edition, update_load_plan
from .report import LoadReport

logger = logging.getLogger(__name__)

ATTEMPTS = 3
Progress = Callable[[str], None]
AfterWrite = Callable[[Release], None]


def load_parsed_file(
    reading: ParsedFile,
    options: LoadOptions,
    *,
    today: date,
    is_dry_run: bool = False,
    user=None,
    notes: Iterable[str] = (),
    progress: Progress = lambda step: None,
    after_write: AfterWrite = lambda release: None,
) -> LoadReport:
    """Load a file and report what changed.

    ``notes`` are lines for the report. ``after_write`` gets the release within the transaction that
    writes it: both happen, or neither. Raises ImportRefused with a sentence.
    """
    zips = zip_code_table()
    notes = list(notes)

    def plan_and_write() -> LoadReport:
        progress("Matching and merging")
        plan = make_load_plan(reading, options, zips, today, notes)
        plan.report.is_dry_run = is_dry_run
        if not is_dry_run and plan.has_changes:
            progress("Writing")
            write_plan(plan, options, zips, today, user, after_write)
        return plan.report

    for _attempt in range(ATTEMPTS):
        try:
            return plan_and_write()
        except PlanOutdated:
            logger.warning(
                "Another release changed while %s was planned.", source_and_edition(reading)
            )
    with transaction.atomic():  # others wait until it is planned and written
        DataVersion.lock()
        return plan_and_write()


def write_plan(
    plan: LoadPlan,
    options: LoadOptions,
    zips: ZipPlaces,
    today: date,
    user=None,
    after_write: AfterWrite = lambda release: None,
) -> None:
    """Write everything or nothing, merged with what people changed since the plan was made.

    Raises PlanOutdated where only a new plan would do.
    """
    update_load_plan(plan, options, zips, today)  # most of it without the lock
    with transaction.atomic():
        with recording_changes() as log:
            update_load_plan(plan, options, zips, today)
            release = _write(plan, options, user, log)
        after_write(release)
    refresh_table_statistics()
    report = plan.report
    logger.info(
        "Loaded %s: %d rows, %d facilities added, %d changed, %d withdrawn.",
        source_and_edition(plan.reading), report.rows_read, report.added, report.changed,
        report.withdrawn,
    )  # fmt: skip


def _write(plan: LoadPlan, options: LoadOptions, user, log: ChangeLog) -> Release:
    if not options.is_demonstration:
        remove_demo_data(log)
    release = plan.repeated or _create_release(plan, options, user)
    identities = {identity.id: identity for identity in plan.new.values()}
    write_changes(plan.changes, plan.snapshot, identities, release.pk, log)
    if plan.repeated:
        write_positions(release, plan.new_positions)
    else:
        store_file_rows(
            release, plan.rows.values(), plan.assigned, plan.candidates, plan.outdated,
            plan.merged_from,
        )  # fmt: skip
    return release


def _create_release(plan: LoadPlan, options: LoadOptions, user) -> Release:
    reading = plan.reading
    return Release.objects.create(
        source=reading.source,
        source_title=reading.source_title,
        edition=reading.edition,
        published_on=reading.published_on,
        file_name=reading.file_name,
        sha256=reading.sha256,
        key_sheet=dict(reading.key_sheet),
        counts=plan.report.counts(),
        report=plan.report.as_json(),
        is_effective=not plan.is_archived,
        is_partial=options.is_partial or not reading.is_whole,
        is_demonstration=options.is_demonstration,
        loaded_by=user,
    )
