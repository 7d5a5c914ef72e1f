"""Works out what loading a file would write, and brings that up to date. Writes nothing."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from ..facts.stored_values import LISTED
from ..models import DataVersion, Release, RowDecision, SourceRow, changes_since
from ..models.facility import primary_key_of
from ..models.release import SAMHSA_SOURCES
from ..resolution.changes import NEW_RELEASE_ID, ImportRefused, compute_changes
from ..resolution.columns import ZipPlaces
from ..resolution.resolve import is_withdrawn
from ..resolution.snapshot import Snapshot, read_snapshot
from ..sources.rows import ParsedFile, Position
from .diff import fill_load_report
from .plan import (
    LoadOptions,
    LoadPlan,
    is_older_edition,
    keep_exact_positions,
    more_exact_position,
    new_identities,
    statements_after,
)
from .record_linkage import link_records, match_features
from .report import LoadReport
from .row_matching import RowMatching
from .shared_phones import withhold_newly_shared_phones

logger = logging.getLogger(__name__)

# Share of the listed facilities that the source states. A new yearly edition leaves out about
# 20 %, so a person must read the report of its dry run first.
MAX_WITHDRAWN_SHARE = 0.15
# Facilities that are merged again one by one; of more, reading everything is quicker.
MAX_CHANGED = 5_000


class PlanOutdated(ImportRefused):
    """Something else than facilities changed since the plan was made, such as the releases."""


def source_and_edition(reading: ParsedFile) -> str:
    """Return source and edition, for the log: a file's name may say anything."""
    return f"{reading.source} {reading.edition}"


def make_load_plan(
    reading: ParsedFile,
    options: LoadOptions,
    zips: ZipPlaces,
    today: date,
    notes: Iterable[str] = (),
) -> LoadPlan:
    """Work out what loading the file would write. Raises ImportRefused."""
    # Read before the release: a load of the same file that ends between the two reads would be in
    # the snapshot and yet not be recognized as this file. With these the plan is outdated.
    version, releases = DataVersion.current(), _release_keys()
    repeated = _release_of_same_file(reading, options)
    snapshot = replace(read_snapshot(without=repeated), version=version)
    plan = LoadPlan(
        reading,
        _without_demonstration(snapshot, options),
        LoadReport.of(reading, notes),
        repeated,
        replaces_demonstration=snapshot.is_demonstration and not options.is_demonstration,
        releases=releases,
        decisions=_row_decisions(reading),
    )
    newest = plan.snapshot.newest_release(reading.source)
    if repeated:
        _reuse_assignments(plan)
        plan.is_in_force = repeated == newest
        if not plan.is_in_force:
            plan.report.notes.append("This file was loaded before. A newer one is in force.")
    else:
        plan.is_archived = plan.report.archived = is_older_edition(reading, newest)
        plan.is_in_force = not plan.is_archived
        _match_rows(plan, options, zips)
    if not reading.is_whole:
        plan.report.notes.append("Pages of the export are missing: nothing was withdrawn.")
    if plan.is_in_force:
        _resolve(plan, options, zips, today)
    _complete(plan, options, zips, today)
    return plan


def update_load_plan(plan: LoadPlan, options: LoadOptions, zips: ZipPlaces, today: date) -> None:
    """Merge again what people changed since the plan was made, and nothing else.

    Called under the lock, it leaves the plan as a new one would be. Raises PlanOutdated where only
    a new one will do, and ImportRefused.
    """
    version = DataVersion.current()
    is_same = version == plan.snapshot.version
    changed = frozenset() if is_same else changes_since(plan.snapshot.version)
    if (
        changed is None
        or len(changed) > MAX_CHANGED
        or (changed and plan.replaces_demonstration)
        or plan.releases != _release_keys()
        or plan.decisions != _row_decisions(plan.reading)
    ):
        raise PlanOutdated("The data were changed by others meanwhile: run this again.")
    if not changed:
        return
    former, assignments = plan.snapshot, _assignments(plan)
    newer = replace(read_snapshot(without=plan.repeated, only=changed), version=version)
    plan.snapshot = former.updated(newer)
    if plan.repeated:
        _reuse_assignments(plan)
    elif match_features(former, changed, zips) != match_features(plan.snapshot, changed, zips):
        _match_rows(plan, options, zips)
    if plan.is_in_force:
        differing = assignments.items() ^ _assignments(plan).items()
        moved = {facility for _row, (facilities, _) in differing for facility in facilities}
        _resolve(plan, options, zips, today, only=changed | moved)
    _complete(plan, options, zips, today)


def _release_keys() -> tuple[int, ...]:
    return tuple(Release.objects.order_by("pk").values_list("pk", flat=True))


def _row_decisions(reading: ParsedFile) -> dict[int, int | None]:
    """Return row number -> the facility that a curator chose for it, or None for a new one."""
    decisions = RowDecision.objects.filter(sha256=reading.sha256, is_left_out=False)
    return dict(decisions.values_list("row_number", "facility_id"))


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
    """Return the release that this very file became, if it was loaded in the same way before."""
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
    plan.assigned, plan.candidates, plan.outdated = {}, {}, {}
    plan.merged_from, plan.new_positions = {}, {}
    positions: dict[int, Position | None] = {}
    merged = plan.snapshot.merged
    for number, facility, merged_from, candidates, is_outdated, position in (
        SourceRow.objects.filter(release=plan.repeated).values_list(
            "row_number", "facility_id", "merged_from_id", "candidate_ids", "is_outdated",
            "position",
        )
    ):  # fmt: skip
        positions[number] = Position.from_json(position) if position else None
        if facility is not None:
            plan.assigned[number] = facility
        elif candidates or is_outdated:
            waiting = plan.outdated if is_outdated else plan.candidates
            waiting[number] = tuple({merged.get(key, key): 0 for key in candidates})
        if merged_from is not None:
            plan.merged_from[number] = merged_from
    for row in plan.reading.rows:
        before = positions.get(row.row_number)
        position = more_exact_position(row.position, before)
        if position != before:
            plan.new_positions[row.row_number] = position.as_json()
        plan.rows[row.row_number] = replace(row, position=position)


def _match_rows(plan: LoadPlan, options: LoadOptions, zips: ZipPlaces) -> None:
    """Give each row its facility, its candidates, or a new identity."""
    reading, snapshot = plan.reading, plan.snapshot
    declared = {row.row_number: row.identity for row in reading.rows if row.identity}
    known = {
        number: key
        for number, identity in declared.items()
        if snapshot.uuids.get(key := primary_key_of(identity)) == identity
    }
    matching = link_records(reading, snapshot, zips, known | plan.decisions)
    plan.merged_from = dict(matching.merged_from)
    plan.candidates = dict(matching.ambiguous)
    plan.outdated = _outdated_rows(plan, matching)
    plan.assigned = {
        number: key for number, key in matching.pairs.items() if number not in plan.outdated
    }
    if not plan.is_archived:  # an older edition adds no facilities
        plan.new = new_identities(
            reading.source,
            reading.edition,
            [number for number in matching.new if number not in plan.outdated],
            snapshot.codes.values(),
            is_demonstration=options.is_demonstration,
            declared=declared,
        )
        plan.assigned |= {number: identity.id for number, identity in plan.new.items()}
        plan.assigned |= {
            number: plan.assigned[other]
            for number, other in matching.joined.items()
            if number not in plan.outdated
        }
    placed = keep_exact_positions(reading, plan.assigned, snapshot)
    plan.rows = {row.row_number: row for row in placed.rows}


def _outdated_rows(plan: LoadPlan, matching: RowMatching) -> dict[int, tuple[int, ...]]:
    """Return the rows that would add or list again what a newer directory leaves out.

    The locator prints the survey that the directory prints: what an older one has alone has left
    it. A list of another source has more kinds of places, so that it may add some, but lists
    nothing again that the directory dropped.
    """
    directory = plan.snapshot.newest_release(Release.Source.DIRECTORY)
    if plan.is_archived or directory is None:
        return {}
    if plan.reading.published_on >= directory.published_on:
        return {}
    is_survey, statements = plan.reading.source in SAMHSA_SOURCES, plan.snapshot.statements
    undecided = matching.pairs.keys() - plan.decisions.keys()
    outdated: dict[int, tuple[int, ...]] = {
        number: (matching.pairs[number],)
        for number in undecided
        if is_withdrawn(stated := statements.get(matching.pairs[number], ()))
        and (is_survey or any(each.source == directory.source for each in stated))
    }
    if is_survey:
        outdated |= {number: () for number in matching.new if number not in plan.decisions}
        outdated |= {row: () for row, other in matching.joined.items() if other in outdated}
    return outdated


def _assignments(plan: LoadPlan) -> dict[int, tuple[tuple[int, ...], int | None]]:
    """Return row number -> (the facility that it describes, or may describe; merged record)."""
    candidates = {number: (keys, None) for number, keys in plan.candidates.items()}
    return candidates | {
        number: ((facility,), plan.merged_from.get(number))
        for number, facility in plan.assigned.items()
    }


def _resolve(
    plan: LoadPlan,
    options: LoadOptions,
    zips: ZipPlaces,
    today: date,
    only: Collection[int] | None = None,
) -> None:
    """Resolve facilities as if the file were loaded and withheld nothing: all, or some again."""
    statements = statements_after(
        plan,
        is_partial=options.is_partial or not plan.reading.is_whole,
        release_id=plan.repeated.pk if plan.repeated else NEW_RELEASE_ID,
        only=only,
    )
    changes = compute_changes(statements, plan.snapshot, zips, today)
    if only is None:
        plan.statements, plan.stated_changes = statements, changes
    else:
        for facility in only:
            plan.statements.pop(facility, None)
        plan.statements |= statements
        plan.stated_changes = plan.stated_changes.replaced(only, changes)


def _complete(plan: LoadPlan, options: LoadOptions, zips: ZipPlaces, today: date) -> None:
    """Decide what all facilities together decide, and describe it. Raises ImportRefused."""
    if plan.is_in_force:
        # A number is known to be newly shared only once all changes are computed.
        withhold_newly_shared_phones(plan, zips, today)
        if not plan.repeated:
            _refuse_too_many_withdrawals(plan, options)
    fill_load_report(plan)


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
            source_and_edition(plan.reading), withdrawn, supported,
        )  # fmt: skip
        raise ImportRefused(
            f"This file leaves out {withdrawn:,} of {supported:,} listed facilities "
            f"({withdrawn / supported:.0%}, more than {MAX_WITHDRAWN_SHARE:.0%}). If that is "
            "right, load it with --allow-withdrawals; if it covers a part of the country, with "
            "--partial."
        )
