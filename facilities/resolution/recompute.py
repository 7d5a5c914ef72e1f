"""Recomputes what is shown of some or all facilities, and writes what differs."""

from collections.abc import Iterable
from datetime import date

from ..models import changes_since
from .change_log import ChangeLog, recording_changes
from .changes import NEW_RELEASE_ID, ChangeSet, FacilityIdentity, compute_changes
from .columns import ZipPlaces
from .snapshot import Snapshot, read_snapshot
from .write import write_changes


def recompute_facilities(
    zips: ZipPlaces, *, today: date, only: Iterable[int] | None = None
) -> ChangeSet:
    """Resolve facilities again and write those that differ: none, if all is well.

    ``only``: their keys; all by default. Others save while the facilities are resolved; what they
    changed is resolved once more under the lock.
    """
    snapshot = read_snapshot(only=only)
    changes = _resolve(snapshot, zips, today)
    with recording_changes() as log:
        if log.version != snapshot.version:
            changed = changes_since(snapshot.version)
            if changed is None:
                return recompute_in_transaction(log, zips, today=today, only=only)
            newer = read_snapshot(only=changed if only is None else changed.intersection(only))
            if newer.releases != snapshot.releases:
                return recompute_in_transaction(log, zips, today=today, only=only)
            snapshot = snapshot.updated(newer)
            changes = changes.replaced(newer.only, _resolve(newer, zips, today))
        write_changes(changes, snapshot, {}, NEW_RELEASE_ID, log)
    return changes


def recompute_in_transaction(
    log: ChangeLog,
    zips: ZipPlaces,
    *,
    today: date,
    only: Iterable[int] | None = None,
    new: Iterable[FacilityIdentity] = (),
) -> ChangeSet:
    """Do the same within the transaction of a caller that changed a check or a row of a few.

    ``new``: facilities among ``only`` that have source rows already, but no record yet.
    """
    return recompute_snapshot(log, read_snapshot(only=only), zips, today=today, new=new)


def recompute_snapshot(
    log: ChangeLog,
    snapshot: Snapshot,
    zips: ZipPlaces,
    *,
    today: date,
    new: Iterable[FacilityIdentity] = (),
) -> ChangeSet:
    """Do the same for the facilities of a snapshot that was read within the transaction."""
    made = {identity.id: identity for identity in new}
    changes = _resolve(snapshot, zips, today, made)
    write_changes(changes, snapshot, made, NEW_RELEASE_ID, log)
    return changes


def _resolve(
    snapshot: Snapshot, zips: ZipPlaces, today: date, made: Iterable[int] = ()
) -> ChangeSet:
    statements = {key: snapshot.statements.get(key, []) for key in (*snapshot.columns, *made)}
    return compute_changes(statements, snapshot, zips, today)
