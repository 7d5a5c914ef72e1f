"""Writes computed changes to the database, and notes each in the change log."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from ..models import Conflict, Credential, Facility, Release, SourceRow
from .bulk import analyze_tables, bulk_insert
from .change_log import MERGED, ChangeLog
from .changes import NEW_RELEASE_ID, ChangeSet, FacilityIdentity, changed_fields
from .snapshot import CREDENTIAL_FIELDS, FACILITY_COLUMNS, Snapshot, conflict_key

BATCH = 500


def write_changes(
    changes: ChangeSet,
    snapshot: Snapshot,
    identities: Mapping[int, FacilityIdentity],
    release_id: int,
    log: ChangeLog,
) -> None:
    """Write new and changed facilities; rewrite conflicts and listed credentials that differ."""
    added = (
        {"id": key, "uuid": identities[key].uuid, "code": identities[key].code}
        | _released(now, release_id)
        for key, now in changes.added.items()
    )
    bulk_insert(Facility, added)
    changed = changes.changed | changes.redated
    rows = (
        {"id": key, "uuid": snapshot.uuids[key], "code": snapshot.codes[key]}
        | _released(now, release_id)
        for key, now in changed.items()
    )
    bulk_insert(Facility, rows, replacing=FACILITY_COLUMNS)
    for key, now in changes.added.items():
        log.note(identities[key].uuid, before=None, after=now["status"])
    for key, now in changed.items():
        before = snapshot.columns[key]
        log.note(
            snapshot.uuids[key],
            before=before["status"],
            after=now["status"],
            fields=changed_fields(before, now),
        )
    _rewrite_conflicts(changes, snapshot, release_id, log)
    _rewrite_credentials(changes, snapshot, log)


def store_file_rows(
    release: Release,
    rows: Iterable,
    facilities: Mapping[int, int],
    candidates: Mapping[int, tuple[int, ...]],
    outdated: Mapping[int, tuple[int, ...]],
    merged_from: Mapping[int, int],
) -> None:
    """Store every row of the file verbatim, with the facility that it describes or waits for."""
    kept = (
        {
            "release_id": release.pk,
            "facility_id": facilities.get(row.row_number),
            "merged_from_id": merged_from.get(row.row_number),
            "candidate_ids": list(
                candidates.get(row.row_number) or outdated.get(row.row_number, ())
            ),
            "is_outdated": row.row_number in outdated,
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


def refresh_table_statistics() -> None:
    """Refresh the statistics of the tables, or PostgreSQL plans queries as if they were empty."""
    analyze_tables(Facility, SourceRow)


def remove_demo_data(log: ChangeLog) -> None:
    """Delete demonstration releases and the facilities that only they describe."""
    demonstration = Release.objects.filter(is_demonstration=True)
    if not demonstration.exists():
        return
    delete_facilities(Facility.objects.filter(source_rows__release__in=demonstration), log)
    demonstration.delete()


def delete_facilities(facilities: QuerySet[Facility], log: ChangeLog) -> None:
    """Delete facilities, with all that belongs to them."""
    identities = facilities.values_list("uuid", "status", "merged_into_id")
    for identity, status, merged_into in identities.distinct():
        log.note(identity, before=MERGED if merged_into else status, after=None)
    facilities.delete()


def _released(columns: Mapping[str, Any], release_id: int) -> dict[str, Any]:
    if columns["source_release_id"] == NEW_RELEASE_ID:
        return {**columns, "source_release_id": release_id}
    return dict(columns)


def _rewrite_conflicts(
    changes: ChangeSet, snapshot: Snapshot, release_id: int, log: ChangeLog
) -> None:
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
        shown = snapshot.columns | changes.changed
        for facility, fact, *_rest in keys ^ snapshot.conflicts:
            if facility in shown:  # or it was merged, and shows nothing itself
                status = shown[facility]["status"]
                log.note(snapshot.uuids[facility], before=status, after=status, fields=[fact])


def _rewrite_credentials(changes: ChangeSet, snapshot: Snapshot, log: ChangeLog) -> None:
    former, now = snapshot.credentials, changes.credentials
    differing = {
        facility
        for facility in former.keys() | now.keys()
        if former.get(facility, frozenset()) != now.get(facility, frozenset())
    }
    if not differing:
        return
    Credential.objects.filter(facility__in=differing, is_listed=True).delete()
    Credential.objects.bulk_create(
        Credential(
            facility_id=facility,
            is_listed=True,
            **{name: getattr(each, name) for name in CREDENTIAL_FIELDS},
        )
        for facility in sorted(differing & now.keys())
        for each in sorted(now[facility], key=lambda each: each.key)
    )
    shown = snapshot.columns | changes.changed
    for facility in differing & shown.keys():  # a new facility is noted as a whole
        status = shown[facility]["status"]
        log.note(snapshot.uuids[facility], before=status, after=status, fields=["credentials"])
