"""Loads a file that has been read: match, merge, and then write, all or nothing.

Everything up to writing happens in memory. Writing is one transaction, which first makes sure
that nobody changed the data since they were read; if somebody did, all is worked out anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from ..models import DataVersion, Release, RowDecision, SourceRow
from ..places.tables import zip_places
from ..resolution.columns import ZipPlaces
from ..resolution.settle import NEW_RELEASE_ID, ImportRefused, compute_changes
from ..resolution.snapshot import Snapshot, read_snapshot
from ..resolution.write import (
    SnapshotOutdated,
    lock_unchanged,
    remove_demo_data,
    update_statistics,
    write_changes,
    write_positions,
    write_rows,
)  # fmt: skip
from ..sources.rows import ParsedFile, Position
from .diff import describe_changes
from .plan import (
    LoadOptions,
    LoadPlan,
    is_older,
    new_identities,
    prefer_exact,
    statements_after,
    with_kept_positions,
)
from .quarantine import quarantine_shared_phones
from .record_linkage import link_records
from .report import LoadReport

MAX_WITHDRAWN_SHARE = 0.15  # of the facilities that this source supports; more needs to be allowed
ATTEMPTS = 3
Progress = Callable[[str], None]


def load(
    reading: ParsedFile, options: LoadOptions, *, today: date, is_dry_run: bool = False, user=None,
    notes: Iterable[str] = (), progress: Progress = lambda step: None,
    after_write: Callable[[Release], None] = lambda release: None,
) -> LoadReport:  # fmt: skip
    """Load a file and report what changed.

    ``after_write`` gets the release within the transaction that writes it: what it does and the
    load happen together or not at all. Raises ImportRefused with a sentence if the load may not
    go on.
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
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return plan.report


def make_plan(
    reading: ParsedFile,
    options: LoadOptions,
    zips: ZipPlaces,
    today: date,
    notes: Iterable[str] = (),
) -> LoadPlan:
    """Match and merge. Writes nothing."""
    repeated = _release_of_same_file(reading, options)
    known = _without_demonstration(read_snapshot(without=repeated), options)
    plan = LoadPlan(reading, known, LoadReport.of(reading, notes), repeated)
    if plan.repeated:
        _reuse_assignments(plan)
    else:
        newest = known.newest_release(reading.source)
        plan.is_archived = plan.report.archived = is_older(reading, newest)
        _match_rows(plan, options)
    if plan.repeated and plan.repeated != known.newest_release(reading.source):
        plan.report.notes.append("This file was loaded before; a newer one is in force.")
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
    with lock_unchanged(plan.known):
        if not options.is_demonstration:
            remove_demo_data()
        release = plan.repeated or _create_release(plan, options, user)
        write_changes(
            plan.settlement, plan.known, {each.id: each for each in plan.new.values()}, release.pk
        )
        if plan.repeated:
            write_positions(release, plan.moved)
        else:
            write_rows(release, plan.reading.rows, plan.assigned, plan.candidates, plan.merged_from)
        update_statistics()
        DataVersion.bump()
        after_write(release)


def _without_demonstration(known: Snapshot, options: LoadOptions) -> Snapshot:
    """Real data replace a demonstration whole; a demonstration never joins real data."""
    if options.is_demonstration:
        if any(not release.is_demonstration for release in known.releases):
            raise ImportRefused("Real data are loaded: demonstration data would mix with them.")
        return known
    if not known.is_demonstration:
        return known
    invented = {key for key, stated in known.statements.items() if stated}
    return replace(
        known,
        columns={key: row for key, row in known.columns.items() if key not in invented},
        statements={},
        releases=(),
    )


def _release_of_same_file(reading: ParsedFile, options: LoadOptions) -> Release | None:
    """The release that this very file became, if it was loaded in the same way before."""
    same = Release.objects.filter(
        source=reading.source,
        edition=reading.edition,
        sha256=reading.sha256,
        is_partial=options.is_partial or not reading.is_whole,
        is_demonstration=options.is_demonstration,
    )
    return same.order_by("-pk").first()


def _reuse_assignments(plan: LoadPlan) -> None:
    plan.report.is_repeated = True
    kept: dict[int, Position | None] = {}
    merged = plan.known.merged
    for number, facility, merged_from, candidates, position in SourceRow.objects.filter(
        release=plan.repeated
    ).values_list("row_number", "facility_id", "merged_from_id", "candidate_ids", "position"):
        kept[number] = Position.from_json(position) if position else None
        if facility is not None:
            plan.assigned[number] = facility
        elif candidates:
            plan.candidates[number] = tuple({merged.get(each, each): 0 for each in candidates})
        if merged_from is not None:
            plan.merged_from[number] = merged_from
    rows = []
    for row in plan.reading.rows:
        before = kept.get(row.row_number)
        rows.append(replace(row, position=prefer_exact(row.position, before)))
        if rows[-1].position != before:
            plan.moved[row.row_number] = rows[-1].position.as_json()
    plan.reading = replace(plan.reading, rows=tuple(rows))


def _match_rows(plan: LoadPlan, options: LoadOptions) -> None:
    decisions = dict(
        RowDecision.objects.filter(sha256=plan.reading.sha256)
        .values_list("row_number", "facility_id")
    )  # fmt: skip
    matching = link_records(plan.reading, plan.known, decisions)
    plan.merged_from = dict(matching.merged_from)
    plan.candidates = dict(matching.ambiguous)
    plan.assigned = dict(matching.pairs)
    if not plan.is_archived:
        plan.new = new_identities(
            plan.reading.source, plan.reading.edition, matching.new, plan.known.codes.values(),
            is_demonstration=options.is_demonstration,
        )  # fmt: skip
        plan.assigned |= {number: each.id for number, each in plan.new.items()}
        plan.assigned |= {number: plan.assigned[other] for number, other in matching.joined.items()}
    plan.reading = with_kept_positions(plan.reading, plan.assigned, plan.known)


def _compute_changes(plan: LoadPlan, options: LoadOptions, zips: ZipPlaces, today: date) -> None:
    held = {facility for ids in plan.candidates.values() for facility in ids}
    is_partial = options.is_partial or not plan.reading.is_whole
    release_id = plan.repeated.pk if plan.repeated else NEW_RELEASE_ID
    statements = statements_after(
        plan.reading, plan.assigned, plan.merged_from, plan.known, held,
        is_partial=is_partial, release_id=release_id,
    )  # fmt: skip
    plan.settlement = compute_changes(statements, plan.known, zips, today)
    quarantine_shared_phones(plan, statements, zips, today)
    if not plan.repeated:
        _refuse_too_many_withdrawals(plan, options)


def _refuse_too_many_withdrawals(plan: LoadPlan, options: LoadOptions) -> None:
    supported = sum(
        columns["status"] == "listed"
        and any(
            each.source == plan.reading.source and not each.is_dropped
            for each in plan.known.statements.get(facility, ())
        )
        for facility, columns in plan.known.columns.items()
    )
    withdrawn = len(plan.settlement.withdrawn)
    if withdrawn > MAX_WITHDRAWN_SHARE * supported and not options.allows_withdrawals:
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
