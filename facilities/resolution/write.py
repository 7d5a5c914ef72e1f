"""Writes computed changes to the database, in one transaction, if nothing changed meanwhile."""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from ..models import Conflict, DataVersion, Facility, Release, SourceRow
from .bulk import analyze_tables, bulk_insert
from .changes import NEW_RELEASE_ID, ChangeSet, Identity, ImportRefused
from .snapshot import FACILITY_COLUMNS, Snapshot, conflict_key

BATCH = 500
MAX_NAMED = 500  # facilities that one SQL statement can name on either engine


class SnapshotOutdated(ImportRefused):
    """Another person or process changed the data between reading and writing."""


@contextmanager
def lock_unchanged(snapshot: Snapshot):
    """Open a transaction in which nobody else writes.

    Raises SnapshotOutdated if anything was written since the snapshot was read.
    """
    with transaction.atomic():
        if DataVersion.write_lock() != snapshot.version:
            raise SnapshotOutdated("The data were changed by others meanwhile: run this again.")
        yield


def write_changes(
    changes: ChangeSet, snapshot: Snapshot, identities: Mapping[int, Identity], release_id: int
) -> None:
    """Write new and changed facilities and rewrite the conflicts where they differ."""
    added = (
        {"id": key, "uuid": identities[key].uuid, "code": identities[key].code}
        | _released(now, release_id)
        for key, now in changes.added.items()
    )
    bulk_insert(Facility, added)
    changed = changes.changed | changes.redated
    _update({key: _released(now, release_id) for key, now in changed.items()})
    _rewrite_conflicts(changes, snapshot, release_id)


def write_rows(
    release: Release,
    rows: Iterable,
    facilities: Mapping[int, int],
    candidates: Mapping[int, tuple[int, ...]],
    merged_from: Mapping[int, int],
) -> None:
    """Store every row of the file verbatim, with the facility that it describes."""
    kept = (
        {
            "release_id": release.pk,
            "facility_id": facilities.get(row.row_number),
            "merged_from_id": merged_from.get(row.row_number),
            "candidate_ids": list(candidates.get(row.row_number, ())),
            "row_number": row.row_number,
            "raw": row.raw,
            "position": row.position.as_json() if row.position else None,
        }
        for row in rows
    )
    bulk_insert(SourceRow, kept)


def write_positions(release: Release, positions: Mapping[int, list]) -> None:
    """Store positions, by row number, that came after their file was loaded."""
    rows = SourceRow.objects.filter(release=release).only("pk", "row_number", "position")
    changed = []
    for row in rows:
        if row.row_number in positions:
            row.position = positions[row.row_number]
            changed.append(row)
    SourceRow.objects.bulk_update(changed, ["position"], batch_size=BATCH)


def update_statistics() -> None:
    """Refresh the statistics of the tables, or PostgreSQL plans queries as if they were empty."""
    analyze_tables(Facility, SourceRow)


def remove_demo_data() -> None:
    """Delete demonstration releases and the facilities that only they describe."""
    demonstration = Release.objects.filter(is_demonstration=True)
    if not demonstration.exists():
        return
    Facility.objects.filter(source_rows__release__in=demonstration).delete()
    demonstration.delete()


def _update(changed: Mapping[int, Mapping[str, Any]]) -> None:
    """Update all in one statement: insert, and replace the columns where the key exists."""
    facilities = Facility.objects.all()
    if len(changed) <= MAX_NAMED:
        facilities = facilities.filter(pk__in=changed)
    rows = (
        {"id": key, "uuid": identity, "code": code, **changed[key]}
        for key, identity, code in facilities.values_list("pk", "uuid", "code").iterator()
        if key in changed
    )
    bulk_insert(Facility, rows, replacing=FACILITY_COLUMNS)


def _released(columns: Mapping[str, Any], release_id: int) -> dict[str, Any]:
    if columns["source_release_id"] == NEW_RELEASE_ID:
        return {**columns, "source_release_id": release_id}
    return dict(columns)


def _rewrite_conflicts(changes: ChangeSet, snapshot: Snapshot, release_id: int) -> None:
    conflicts = [
        Conflict(
            facility_id=facility,
            fact=each.fact,
            shown_value=each.shown_value,
            source_value=each.source_value,
            release_id=each.release_id or release_id,
        )
        for facility, each in changes.conflicts
    ]  # fmt: skip
    keys = {
        conflict_key(c.facility_id, c.fact, c.shown_value, c.source_value, c.release_id)
        for c in conflicts
    }
    if keys != snapshot.conflicts:
        former = Conflict.objects.all()
        if snapshot.only is not None:
            former = former.filter(facility_id__in=snapshot.only)
        former.delete()
        Conflict.objects.bulk_create(conflicts, batch_size=BATCH)
