"""Computes what is shown anew for some or all facilities and writes what differs."""

from collections.abc import Iterable
from datetime import date

from ..models import DataVersion
from .columns import Zips
from .settle import PENDING, Identity, Settlement, settle
from .snapshot import read_known
from .write import unchanged_since, write_settlement


def rebuild(
    zips: Zips, *, today: date, only: Iterable[int] | None = None, new: Iterable[Identity] = ()
) -> Settlement:
    """Compute every effective value anew and write those that differ: none, if all is well.

    With `only`, of those facilities: what everybody does who changed what they rest on. `new` are
    facilities among them that have rows already and no record yet.
    """
    known = read_known(only=only)
    made = {identity.id: identity for identity in new}
    statements = {key: known.statements.get(key, []) for key in (*known.columns, *made)}
    settlement = settle(statements, known, zips, today)
    with unchanged_since(known):
        write_settlement(settlement, known, made, PENDING)
        if settlement.writes_facts:
            DataVersion.bump()
    return settlement
