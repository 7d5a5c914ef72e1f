"""By which words the facilities we know are recognized in a new file, merged records included.

Two records that were merged are still two rows in the next edition of the file. So each row that
stands behind a facility keeps a seat of its own: rows are matched one to one with seats, and a
seat says whose it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..matching.similarity import MatchFeatures
from ..resolution.snapshot import Snapshot
from ..sources.rows import FacilityRow, Reading
from .row_matching import RowMatching, match_rows


class ShownAddress:
    """A facility's columns as a row to be looked at."""

    offered = None

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.__dict__.update(columns)


@dataclass
class MatchSlots:
    """Keys that looks are known by -> (facility, merged record or None).

    The key is the facility's id or the merged record's; below zero for rows beyond the first.
    """

    owners: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    extra: dict[tuple[int, int], int] = field(default_factory=dict)

    def key(self, facility: int, record: int | None, number: int) -> int:
        """The seat of the row with this number among those of one release, record and facility."""
        key = record or facility
        if number:
            key = self.extra.setdefault((key, number), -1 - len(self.extra))
        self.owners[key] = facility, record
        return key

    def facility(self, key: int) -> int:
        return self.owners[key][0]


def link_records(
    reading: Reading, known: Snapshot, decisions: Mapping[int, int | None] | None = None
) -> RowMatching:
    """Pair the file's rows with the facilities we know, by what any source last said of them.

    `decisions`: row number -> the facility that somebody said it speaks of, or None for a new one.
    """
    seats = MatchSlots()
    looks = _match_features(known, seats)
    decided = _valid_decisions(decisions or {}, known, reading)
    settled = {row: key for row, key in decided.items() if key is not None}
    for facility in settled.values():
        seats.key(facility, None, 0)
    undecided = [row for row in reading.rows if row.row_number not in decided]
    rows = [MatchFeatures.of(row.row_number, row) for row in undecided if not row.is_addition]
    first = match_rows(rows, looks, settled)
    made = tuple(row for row, facility in decided.items() if facility is None)
    first = RowMatching(first.pairs, first.ambiguous, (*first.new, *made))
    additions = [row for row in undecided if row.is_addition]
    found = _with_additions(first, additions, reading, looks) if additions else first
    return _slots_to_facilities(found, seats)


def _match_features(known: Snapshot, seats: MatchSlots) -> list[MatchFeatures]:
    """What each facility was called last, by each source and on our pages."""
    looks = []
    for facility, statements in known.statements.items():
        if facility not in known.columns:
            continue
        for statement in statements:
            counts: dict[int | None, int] = {}
            for record, row in statement.sightings:
                number = counts[record] = counts.get(record, -1) + 1
                looks.append(MatchFeatures.of(seats.key(facility, record, number), row))
    seen = {(look.key, look.identity, look.phone) for look in looks}
    for facility, columns in known.columns.items():
        look = MatchFeatures.of(facility, ShownAddress(columns))
        if (look.key, look.identity, look.phone) not in seen:
            seats.key(facility, None, 0)
            looks.append(look)
    return looks


def _valid_decisions(
    decisions: Mapping[int, int | None], known: Snapshot, reading: Reading
) -> dict[int, int | None]:
    """The decisions about rows of this file whose facility is there, itself or merged."""
    standing = {
        row: known.merged.get(facility, facility) if facility is not None else None
        for row, facility in decisions.items()
    }
    numbers = {row.row_number for row in reading.rows}
    return {
        row: facility
        for row, facility in standing.items()
        if row in numbers and (facility is None or facility in known.columns)
    }


def _with_additions(
    first: RowMatching, additions: list[FacilityRow], reading: Reading, looks: list[MatchFeatures]
) -> RowMatching:
    """Rows that state one thing alone join the row they speak of, before they count as others."""
    described = [
        MatchFeatures.of(row.row_number, row)
        for row in reading.rows
        if row.row_number in first.pairs or row.row_number in first.new
    ]
    joins = match_rows(
        [MatchFeatures.of(row.row_number, row) for row in additions], described
    ).pairs
    pairs = dict(first.pairs)
    left, joined = [], {}
    for row in additions:
        other = joins.get(row.row_number)
        if other in pairs:
            pairs[row.row_number] = pairs[other]
        elif other is not None:
            joined[row.row_number] = other
        else:
            left.append(MatchFeatures.of(row.row_number, row))
    taken = set(pairs.values())
    rest = match_rows(left, [look for look in looks if look.key not in taken])
    return RowMatching(
        pairs | dict(rest.pairs),
        {**first.ambiguous, **rest.ambiguous},
        (*first.new, *rest.new),
        joined,
    )


def _slots_to_facilities(found: RowMatching, seats: MatchSlots) -> RowMatching:
    """The same with facilities in place of seats; between seats of one facility is no doubt."""
    pairs, ambiguous = dict(found.pairs), {}
    taken = set(pairs.values())
    for row, keys in found.ambiguous.items():
        free = [key for key in _exact_matches_first(keys, seats) if key not in taken]
        facilities = {seats.facility(key) for key in keys}
        if len(keys) > 1 and len(facilities) == 1 and free:
            pairs[row] = free[0]
            taken.add(free[0])
        else:
            ambiguous[row] = tuple(sorted(facilities))
    records = {row: seats.owners[key][1] for row, key in pairs.items()}
    return RowMatching(
        {row: seats.facility(key) for row, key in pairs.items()},
        ambiguous,
        found.new,
        found.joined,
        {row: record for row, record in records.items() if record is not None},
    )


def _exact_matches_first(keys: Iterable[int], seats: MatchSlots) -> list[int]:
    return sorted(keys, key=lambda key: (seats.owners[key][1] is not None, key < 0, key))
