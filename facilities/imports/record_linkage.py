"""Links the rows of a file with the facilities that we know, merged records included.

Two records that were merged are still two rows in the next edition of the file. So each row
behind a facility has a slot of its own: the new rows are matched one to one with slots, and then
each slot is replaced by its facility.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..geo import Point
from ..matching.similarity import MatchFeatures
from ..resolution.columns import ZipPlaces
from ..resolution.snapshot import Snapshot
from ..sources.rows import STREET, FacilityRow, ParsedFile, Position
from .row_matching import RowMatching, match_rows

EXACT_ORIGINS = (STREET, "hand")


class ComparableFacility:
    """The columns of a facility as attributes, so that it can be compared like a row."""

    offered = None  # shown services may be a curator's, not the file's: they decide no match

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.__dict__.update(columns)

    @property
    def position(self) -> Position | None:
        """The position if it is exact. What people placed by hand is."""
        if self.position_origin not in EXACT_ORIGINS:
            return None
        return Position(Point(self.latitude, self.longitude), STREET)


@dataclass
class MatchTargets:
    """Slot -> (facility, the merged record that its row described, or None).

    A slot is the id of the merged record, else of the facility. Ids are above zero, so the slots
    of further rows count down from -1.
    """

    owners: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    extra: dict[tuple[int, int], int] = field(default_factory=dict)

    def slot(self, facility: int, record: int | None, number: int) -> int:
        slot = record or facility
        if number:
            slot = self.extra.setdefault((slot, number), -1 - len(self.extra))
        self.owners[slot] = facility, record
        return slot

    def facility(self, slot: int) -> int:
        return self.owners[slot][0]


@dataclass(frozen=True)
class MatchReader:
    """Reads what matching compares from rows and from what our pages show."""

    zips: ZipPlaces

    def features(self, key: int, row: FacilityRow | ComparableFacility) -> MatchFeatures:
        position = row.position
        if position and position.origin == STREET:
            return MatchFeatures.of(key, row, position.point, is_exact=True)
        center = self.zips[row.zip][0] if row.zip in self.zips else None
        return MatchFeatures.of(key, row, center)


def link_records(
    reading: ParsedFile,
    snapshot: Snapshot,
    zips: ZipPlaces,
    decisions: Mapping[int, int | None] | None = None,
) -> RowMatching:
    """Pair the file's rows with facilities, by what any source last stated of them.

    ``decisions``: row number -> the facility that a curator chose, or None for a new one. They
    count before everything else.
    """
    slots, reader = MatchTargets(), MatchReader(zips)
    known = _match_features(snapshot, slots, reader)
    decided = _valid_decisions(decisions or {}, snapshot, reading)
    settled = {row: facility for row, facility in decided.items() if facility is not None}
    for facility in settled.values():
        slots.slot(facility, None, 0)
    undecided = [row for row in reading.rows if row.row_number not in decided]
    rows = [reader.features(row.row_number, row) for row in undecided if not row.is_addition]
    matching = match_rows(rows, known, settled)
    declared_new = tuple(row for row, facility in decided.items() if facility is None)
    matching = RowMatching(matching.pairs, matching.ambiguous, (*matching.new, *declared_new))
    additions = [row for row in undecided if row.is_addition]
    if additions:
        matching = _with_additions(matching, additions, reading, known, reader)
    return _slots_to_facilities(matching, slots)


def match_features(
    snapshot: Snapshot, facilities: Collection[int], zips: ZipPlaces
) -> tuple[list[MatchFeatures], dict[int, tuple[int, int | None]]]:
    """Return all by which rows are linked with these facilities, to compare two snapshots."""
    slots = MatchTargets()
    chosen = snapshot.restricted(sorted(facilities))
    return _match_features(chosen, slots, MatchReader(zips)), slots.owners


def _match_features(
    snapshot: Snapshot, slots: MatchTargets, reader: MatchReader
) -> list[MatchFeatures]:
    """Return what each source last stated of each facility, and what our pages show of it.

    What is shown is an entry of its own only where it differs: a curator may have corrected a
    name that the next edition then states too.
    """
    known = []
    # In the order of keys, since slots are numbered as they come and numbers break ties.
    for facility, columns in sorted(snapshot.columns.items()):
        is_shown_as_stated = False
        for statement in snapshot.statements.get(facility, ()):
            # Counted for each statement: the first row of the directory and the first row of
            # FindTreatment describe one record and share its slot.
            counts: dict[int | None, int] = {}
            for record, row in statement.sightings:
                number = counts[record] = counts.get(record, -1) + 1
                slot = slots.slot(facility, record, number)
                known.append(reader.features(slot, row))
                is_shown_as_stated |= slot == facility and _states_what_is_shown(row, columns)
        if not is_shown_as_stated:
            slots.slot(facility, None, 0)
            known.append(reader.features(facility, ComparableFacility(columns)))
    return known


def _states_what_is_shown(row: FacilityRow, columns: Mapping[str, Any]) -> bool:
    """Whether all that matching compares of a facility is in the row already."""
    is_exact = row.position is not None and row.position.origin == STREET
    return (
        row.name == columns["name"]
        and row.program_name == columns["program_name"]
        and row.street == columns["street"]
        and row.zip == columns["zip"]
        and row.phone == columns["phone"]
        and (is_exact or columns["position_origin"] not in EXACT_ORIGINS)
    )


def _valid_decisions(
    decisions: Mapping[int, int | None], snapshot: Snapshot, reading: ParsedFile
) -> dict[int, int | None]:
    row_numbers = {row.row_number for row in reading.rows}
    valid = {}
    for row, facility in decisions.items():
        current = None if facility is None else snapshot.merged.get(facility, facility)
        if row in row_numbers and (current is None or current in snapshot.columns):
            valid[row] = current
    return valid


def _with_additions(
    matching: RowMatching,
    additions: list[FacilityRow],
    reading: ParsedFile,
    known: list[MatchFeatures],
    reader: MatchReader,
) -> RowMatching:
    """Match the rows that only add one service.

    Such a row repeats the name and address of another row of its file. So it is first matched
    with the other rows, and only what is left with facilities. The other way around it would take
    the slot of the facility that its neighbor describes.
    """
    described = [
        reader.features(row.row_number, row)
        for row in reading.rows
        if row.row_number in matching.pairs or row.row_number in matching.new
    ]
    neighbors = match_rows(
        [reader.features(row.row_number, row) for row in additions], described
    ).pairs
    pairs, joined, unmatched = dict(matching.pairs), {}, []
    for row in additions:
        neighbor = neighbors.get(row.row_number)
        if neighbor is None:
            unmatched.append(reader.features(row.row_number, row))
        elif neighbor in pairs:
            pairs[row.row_number] = pairs[neighbor]
        else:  # the neighbor is new: its facility gets an id only later
            joined[row.row_number] = neighbor
    taken = set(pairs.values())
    rest = match_rows(unmatched, [features for features in known if features.key not in taken])
    return RowMatching(
        pairs | dict(rest.pairs),
        {**matching.ambiguous, **rest.ambiguous},
        (*matching.new, *rest.new),
        joined,
    )


def _slots_to_facilities(matching: RowMatching, slots: MatchTargets) -> RowMatching:
    """Return the same matching with facilities in place of slots.

    A row that may fill one of several slots is ambiguous only if they belong to different
    facilities. If all are of one facility, any free slot gives the right answer, so the row takes
    one: a person could choose nothing else.
    """
    pairs, ambiguous = dict(matching.pairs), {}
    taken = set(pairs.values())
    for row, candidates in matching.ambiguous.items():
        facilities = {slots.facility(slot) for slot in candidates}
        free = [slot for slot in candidates if slot not in taken]
        if len(candidates) > 1 and len(facilities) == 1 and free:
            # The facility's own slot before that of a merged record, the first row's before
            # further ones: undoing a merge then gives back as few rows as possible.
            pairs[row] = min(
                free, key=lambda slot: (slots.owners[slot][1] is not None, slot < 0, slot)
            )
            taken.add(pairs[row])
        else:
            ambiguous[row] = tuple(sorted(facilities))
    records = {row: slots.owners[slot][1] for row, slot in pairs.items()}
    return RowMatching(
        {row: slots.facility(slot) for row, slot in pairs.items()},
        ambiguous,
        matching.new,
        matching.joined,
        {row: record for row, record in records.items() if record is not None},
    )
