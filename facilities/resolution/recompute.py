"""Recomputes what is shown of some or all facilities, and writes what differs."""

from collections.abc import Iterable
from datetime import date

from ..models import DataVersion
from .changes import NEW_RELEASE_ID, ChangeSet, Identity, compute_changes
from .columns import ZipPlaces
from .snapshot import Snapshot, read_snapshot
from .write import lock_unchanged, write_changes


def recompute_facilities(
    zips: ZipPlaces, *, today: date, only: Iterable[int] | None = None, new: Iterable[Identity] = ()
) -> ChangeSet:
    """Resolve facilities again and write those that differ: none, if all is well.

    ``only``: their keys, for callers that changed a check or a row of a few; all by default.
    ``new``: facilities among them that have source rows already, but no record yet.
    """
    return recompute_snapshot(read_snapshot(only=only), zips, today=today, new=new)


def recompute_snapshot(
    snapshot: Snapshot, zips: ZipPlaces, *, today: date, new: Iterable[Identity] = ()
) -> ChangeSet:
    """Do the same for the facilities of a snapshot, for callers that have read one.

    Raises SnapshotOutdated if anything but checks was written since it was read.
    """
    made = {identity.id: identity for identity in new}
    statements = {key: snapshot.statements.get(key, []) for key in (*snapshot.columns, *made)}
    changes = compute_changes(statements, snapshot, zips, today)
    with lock_unchanged(snapshot):
        write_changes(changes, snapshot, made, NEW_RELEASE_ID)
        if changes.writes_facts:
            DataVersion.bump()
    return changes
