"""What a load is going to write, worked out in memory from a file and what is known already."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, islice

from ..matching.similarity import normalize_address
from ..models import Release
from ..models.facility import code_of, id_of
from ..resolution.settle import ChangeSet, Identity
from ..resolution.snapshot import Snapshot, combine_rows
from ..resolution.statements import Statement
from ..sources.rows import STREET, FacilityRow, ParsedFile, Position
from .report import LoadReport

NAMESPACE = uuid.UUID("6a1f1d5e-0b62-5e0b-9f3c-0d8f6f6c2b11")  # ours; never to be changed
MAX_CODE_ATTEMPTS = 5  # at a code that is free: two facilities in 10^12 share one


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How a load was asked for."""

    is_partial: bool = False
    allows_withdrawals: bool = False
    is_demonstration: bool = False


@dataclass
class LoadPlan:
    """All that one load will write, and the report of it."""

    reading: ParsedFile
    known: Snapshot
    report: LoadReport
    repeated: Release | None = None
    is_archived: bool = False
    assigned: dict[int, int] = field(default_factory=dict)
    merged_from: dict[int, int] = field(default_factory=dict)
    candidates: dict[int, tuple[int, ...]] = field(default_factory=dict)
    new: dict[int, Identity] = field(default_factory=dict)
    settlement: ChangeSet = field(default_factory=ChangeSet)
    moved: dict[int, list] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        return not self.repeated or self.settlement.writes_facts or bool(self.moved)


def new_identities(
    source: str, edition: str, numbers: Iterable[int], taken: Iterable[str], *,
    is_demonstration: bool,
) -> dict[int, Identity]:  # fmt: skip
    """Row number -> identity of the facility first seen there; no code is given twice."""
    codes = set(taken)
    found = {}
    for number in numbers:
        identity = next(
            each
            for each in _uuids(source, edition, number, is_demonstration=is_demonstration)
            if code_of(each) not in codes
        )
        code = code_of(identity)
        codes.add(code)
        found[number] = Identity(identity, id_of(identity), code)
    return found


def is_identity(identity: uuid.UUID, release: Release, number: int) -> bool:
    """Whether a facility got its identity from the row of this number in the release's file."""
    possible = _uuids(
        release.source, release.edition, number, is_demonstration=release.is_demonstration
    )
    return identity in islice(possible, MAX_CODE_ATTEMPTS)


def _uuids(
    source: str, edition: str, number: int, *, is_demonstration: bool
) -> Iterator[uuid.UUID]:
    """The identity for a row, then those to be taken in turn while the code is taken."""
    name = f"{'demonstration' if is_demonstration else source}:{edition}:{number}"
    yield uuid.uuid5(NAMESPACE, name)
    for attempt in count(2):
        yield uuid.uuid5(NAMESPACE, f"{name}:{attempt}")


def statements_after(
    reading: ParsedFile,
    assigned: Mapping[int, int],
    merged_from: Mapping[int, int],
    known: Snapshot,
    held: Iterable[int],
    *,
    is_partial: bool,
    release_id: int,
) -> dict[int, list[Statement]]:
    """Facility id -> statements once this file is applied."""
    rows: dict[int, list[tuple[int | None, FacilityRow]]] = {}
    for row in reading.rows:
        if row.row_number in assigned:
            sighting = merged_from.get(row.row_number), row
            rows.setdefault(assigned[row.row_number], []).append(sighting)
    held = set(held)
    result = {}
    for facility in {**known.columns, **rows}:
        statements = []
        for each in known.statements.get(facility, ()):
            if each.source != reading.source:
                statements.append(each)
            elif facility not in rows:
                is_kept = is_partial or facility in held or each.is_dropped
                dropped = replace(each, is_dropped=True, dropped_in=release_id)
                statements.append(each if is_kept else dropped)
        if facility in rows:
            statements.append(combine_rows(reading.source, release_id, rows[facility]))
        result[facility] = statements
    return result


def prefer_exact(given: Position | None, kept: Position | None) -> Position | None:
    """The position given now, unless the one kept from before is exact and this is not."""
    if kept is None or (given is not None and given.origin == STREET):
        return given
    return kept if given is None or kept.origin == STREET else given


def with_kept_positions(
    reading: ParsedFile, assigned: Mapping[int, int], known: Snapshot
) -> ParsedFile:
    """A row without an exact position takes that of the facility's last row, at one address."""
    rows = (
        replace(row, position=prefer_exact(row.position, kept)) if kept else row
        for row in reading.rows
        for kept in (_kept_position(row, assigned, known, reading.source),)
    )
    return replace(reading, rows=tuple(rows))


def _kept_position(
    row: FacilityRow, assigned: Mapping[int, int], known: Snapshot, source: str
) -> Position | None:
    address = normalize_address(row.street, row.zip)
    for each in known.statements.get(assigned.get(row.row_number, -1), ()):
        if each.source == source and normalize_address(each.row.street, each.row.zip) == address:
            return each.row.position
    return None


def is_older(reading: ParsedFile, newest: Release | None) -> bool:
    return newest is not None and reading.edition < newest.edition
