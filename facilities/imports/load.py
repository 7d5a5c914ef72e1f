"""Loads a file that has been read: match, resolve, and then write, all or nothing.

Everything up to writing happens in memory. Writing is one transaction, which first makes sure
that nobody changed the data since they were read. If somebody did, everything is computed again.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from django.db import transaction

from ..facts.stored_values import LISTED
from ..models import DataVersion, Release, RowDecision, SourceRow
from ..places.tables import zip_places
from ..resolution.change_log import ChangeLog, recording_changes
from ..resolution.changes import NEW_RELEASE_ID, ImportRefused, compute_changes
from ..resolution.columns import ZipPlaces
from ..resolution.snapshot import Snapshot, read_snapshot
from ..resolution.write import (
    remove_demo_data,
    update_statistics,
    write_changes,
    write_positions,
    write_rows,
)
from ..sources.rows import ParsedFile, Position
from .diff import describe_changes
from .plan import (
    LoadOptions,
    LoadPlan,
    is_older,
    keep_exact_positions,
    more_exact_position,
    new_identities,
    statements_after,
)
from .record_linkage import link_records
from .report import LoadReport
from .shared_phones import withhold_newly_shared_phones

logger = logging.getLogger(__name__)

# Share of the listed facilities that the source states. A new yearly edition leaves out about
# 20 %, so a person must read the report of its dry run first.
MAX_WITHDRAWN_SHARE = 0.15
ATTEMPTS = 3
Progress = Callable[[str], None]


class SnapshotOutdated(ImportRefused):
    """Another person or process changed the data between reading and writing."""


def load(
    reading: ParsedFile,
    options: LoadOptions,
    *,
    today: date,
    is_dry_run: bool = False,
    user=None,
    notes: Iterable[str] = (),
    progress: Progress = lambda step: None,
    after_write: Callable[[Release], None] = lambda release: None,
) -> LoadReport:
    """Load a file and report what changed.

    ``notes`` are lines for the report. ``after_write`` gets the release within the transaction that
    writes it: both happen, or neither. Raises ImportRefused with a sentence.
    """
    zips = zip_places()
    notes = list(notes)
    for attempt in range(1, ATTEMPTS + 1):
        progress("Matching and merging")
        plan = make_plan(reading, options, zips, today, notes)
        plan.report.is_dry_run = is_dry_run
        if is_dry_run or not plan.has_changes:
            return plan.report
        progress("Writing")
        try:
            write_plan(plan, options, user, after_write)
        except SnapshotOutdated:
            logger.warning("The data changed while %s was planned.", _named(reading))
            if attempt == ATTEMPTS:
                raise
        else:
            break
    report = plan.report
    logger.info(
        "Loaded %s: %d rows, %d facilities added, %d changed, %d withdrawn.",
        _named(reading), report.rows_read, report.added, report.changed, report.withdrawn,
    )  # fmt: skip
    return report


def _named(reading: ParsedFile) -> str:
    """Return source and edition, for the log: a file's name may say anything."""
    return f"{reading.source} {reading.edition}"


def make_plan(
    reading: ParsedFile,
    options: LoadOptions,
    zips: ZipPlaces,
    today: date,
    notes: Iterable[str] = (),
) -> LoadPlan:
    """Compute what loading the file would write. Writes nothing. Raises ImportRefused."""
    # Read before the release: a load of the same file that ends between the two reads would be in
    # the snapshot and yet not be recognized as this file. With this version the plan is outdated.
    version = DataVersion.current()
    repeated = _release_of_same_file(reading, options)
    snapshot = replace(read_snapshot(without=repeated), version=version)
    snapshot = _without_demonstration(snapshot, options)
    newest = snapshot.newest_release(reading.source)
    plan = LoadPlan(reading, snapshot, LoadReport.of(reading, notes), repeated)
    if repeated:
        _reuse_assignments(plan)
    else:
        plan.is_archived = plan.report.archived = is_older(reading, newest)
        _match_rows(plan, options, zips)
    if repeated and repeated != newest:
        plan.report.notes.append("This file was loaded before. A newer one is in force.")
    elif not plan.is_archived:
        _compute_changes(plan, options, zips, today)
    describe_changes(plan)
    return plan


def write_plan(
    plan: LoadPlan,
    options: LoadOptions,
    user=None,
    after_write: Callable[[Release], None] = lambda release: None,
) -> None:
    """Write everything or nothing. Raises SnapshotOutdated if the data changed since planning."""
    with transaction.atomic():
        with recording_changes() as log:
            if log.version != plan.snapshot.version:
                raise SnapshotOutdated("The data were changed by others meanwhile: run this again.")
            release = _write(plan, options, user, log)
        after_write(release)


def _write(plan: LoadPlan, options: LoadOptions, user, log: ChangeLog) -> Release:
    if not options.is_demonstration:
        remove_demo_data(log)
    release = plan.repeated or _create_release(plan, options, user)
    identities = {identity.id: identity for identity in plan.new.values()}
    write_changes(plan.changes, plan.snapshot, identities, release.pk, log)
    if plan.repeated:
        write_positions(release, plan.new_positions)
    else:
        write_rows(release, plan.reading.rows, plan.assigned, plan.candidates, plan.merged_from)
    update_statistics()
    return release


def _without_demonstration(snapshot: Snapshot, options: LoadOptions) -> Snapshot:
    """Return the snapshot that real data see: a demonstration goes as a whole when they come.

    Raises ImportRefused if a demonstration would join real data.
    """
    if options.is_demonstration:
        if any(not release.is_demonstration for release in snapshot.releases):
            raise ImportRefused("Real data are loaded: demonstration data would mix with them.")
        return snapshot
    if not snapshot.is_demonstration:
        return snapshot
    invented = {facility for facility, stated in snapshot.statements.items() if stated}
    return replace(
        snapshot,
        columns={key: row for key, row in snapshot.columns.items() if key not in invented},
        statements={},
        releases=(),
    )


def _release_of_same_file(reading: ParsedFile, options: LoadOptions) -> Release | None:
    same = Release.objects.filter(
        source=reading.source,
        edition=reading.edition,
        sha256=reading.sha256,
        is_partial=options.is_partial or not reading.is_whole,
        is_demonstration=options.is_demonstration,
    )
    return same.order_by("-pk").first()


def _reuse_assignments(plan: LoadPlan) -> None:
    """Take facilities and positions of the rows from the first load of the same file.

    They include what curators decided and merged since. What a second load can add is positions,
    which come in a file of their own.
    """
    plan.report.is_repeated = True
    positions: dict[int, Position | None] = {}
    merged = plan.snapshot.merged
    for number, facility, merged_from, candidates, position in SourceRow.objects.filter(
        release=plan.repeated
    ).values_list("row_number", "facility_id", "merged_from_id", "candidate_ids", "position"):
        positions[number] = Position.from_json(position) if position else None
        if facility is not None:
            plan.assigned[number] = facility
        elif candidates:
            plan.candidates[number] = tuple({merged.get(key, key): 0 for key in candidates})
        if merged_from is not None:
            plan.merged_from[number] = merged_from
    rows = []
    for row in plan.reading.rows:
        before = positions.get(row.row_number)
        position = more_exact_position(row.position, before)
        if position != before:
            plan.new_positions[row.row_number] = position.as_json()
        rows.append(replace(row, position=position))
    plan.reading = replace(plan.reading, rows=tuple(rows))


def _match_rows(plan: LoadPlan, options: LoadOptions, zips: ZipPlaces) -> None:
    """Give each row its facility, its candidates, or a new identity."""
    reading, snapshot = plan.reading, plan.snapshot
    decisions = RowDecision.objects.filter(sha256=reading.sha256)
    matching = link_records(
        reading, snapshot, zips, dict(decisions.values_list("row_number", "facility_id"))
    )
    plan.merged_from = dict(matching.merged_from)
    plan.candidates = dict(matching.ambiguous)
    plan.assigned = dict(matching.pairs)
    if not plan.is_archived:  # an older edition adds no facilities
        plan.new = new_identities(
            reading.source,
            reading.edition,
            matching.new,
            snapshot.codes.values(),
            is_demonstration=options.is_demonstration,
        )
        plan.assigned |= {number: identity.id for number, identity in plan.new.items()}
        plan.assigned |= {number: plan.assigned[other] for number, other in matching.joined.items()}
    plan.reading = keep_exact_positions(reading, plan.assigned, snapshot)


def _compute_changes(plan: LoadPlan, options: LoadOptions, zips: ZipPlaces, today: date) -> None:
    is_partial = options.is_partial or not plan.reading.is_whole
    statements = statements_after(
        plan.reading,
        plan.assigned,
        plan.merged_from,
        plan.snapshot,
        held={facility for candidates in plan.candidates.values() for facility in candidates},
        is_partial=is_partial,
        release_id=plan.repeated.pk if plan.repeated else NEW_RELEASE_ID,
    )
    plan.changes = compute_changes(statements, plan.snapshot, zips, today)
    # A number is known to be newly shared only once all changes are computed. Those that are
    # withheld change what is shown, so the changes are computed a second time.
    withhold_newly_shared_phones(plan, statements, zips, today)
    if not plan.repeated:
        _refuse_too_many_withdrawals(plan, options)


def _refuse_too_many_withdrawals(plan: LoadPlan, options: LoadOptions) -> None:
    """Stop at a file that may be cut short or cover a part of the country.

    The share is of what this source states. Among all facilities, a small source could drop
    everything it has unnoticed.
    """
    supported = sum(
        columns["status"] == LISTED
        and any(
            statement.source == plan.reading.source and not statement.is_dropped
            for statement in plan.snapshot.statements.get(facility, ())
        )
        for facility, columns in plan.snapshot.columns.items()
    )
    withdrawn = len(plan.changes.withdrawn)
    if withdrawn > MAX_WITHDRAWN_SHARE * supported and not options.allows_withdrawals:
        logger.warning(
            "Refused to load %s: it leaves out %d of %d facilities.",
            _named(plan.reading), withdrawn, supported,
        )  # fmt: skip
        raise ImportRefused(
            f"This file leaves out {withdrawn:,} of {supported:,} listed facilities "
            f"({withdrawn / supported:.0%}, more than {MAX_WITHDRAWN_SHARE:.0%}). If that is "
            "right, load it with --allow-withdrawals; if it covers a part of the country, with "
            "--partial."
        )


def _create_release(plan: LoadPlan, options: LoadOptions, user) -> Release:
    reading = plan.reading
    return Release.objects.create(
        source=reading.source,
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
