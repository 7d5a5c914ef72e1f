"""Computes what is shown anew for some or all facilities and writes what differs."""

from collections.abc import Iterable
from datetime import date

from ..models import DataVersion
from .columns import ZipPlaces
from .settle import NEW_RELEASE_ID, ChangeSet, Identity, compute_changes
from .snapshot import read_snapshot
from .write import lock_unchanged, write_changes


def recompute_facilities(
    zips: ZipPlaces, *, today: date, only: Iterable[int] | None = None, new: Iterable[Identity] = ()
) -> ChangeSet:
    """Compute every effective value anew and write those that differ: none, if all is well.

    With `only`, of those facilities: what everybody does who changed what they rest on. `new` are
    facilities among them that have rows already and no record yet.
    """
    known = read_snapshot(only=only)
    made = {identity.id: identity for identity in new}
    statements = {key: known.statements.get(key, []) for key in (*known.columns, *made)}
    settlement = compute_changes(statements, known, zips, today)
    with lock_unchanged(known):
        write_changes(settlement, known, made, NEW_RELEASE_ID)
        if settlement.writes_facts:
            DataVersion.bump()
    return settlement
