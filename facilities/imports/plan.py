"""What a load is going to write, worked out in memory from a file and a snapshot. No I/O."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count, islice

from ..matching.similarity import normalize_street
from ..models import Release
from ..models.facility import primary_key_of, public_code_of
from ..resolution.changes import ChangeSet, FacilityIdentity
from ..resolution.release_statements import ReleaseStatement
from ..resolution.snapshot import Snapshot, combine_rows
from ..sources.rows import STREET, FacilityRow, ParsedFile, Position
from .report import LoadReport

NAMESPACE = uuid.UUID("6a1f1d5e-0b62-5e0b-9f3c-0d8f6f6c2b11")  # ours; never to be changed
MAX_CODE_ATTEMPTS = 5  # at a free code: the second is needed for two facilities in 10^12


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """The options of the loading commands and of the page of releases."""

    is_partial: bool = False
    allows_withdrawals: bool = False
    is_demonstration: bool = False


@dataclass
class LoadPlan:
    """What one load will write, and its report. Rows go by their number in the file.

    ``repeated``: the release that this very file became when it was first loaded. ``releases`` and
    ``decisions`` are those that the plan was made with. ``is_in_force``: the file decides what is
    shown; an older one does not. ``rows``: the file's, with the positions that are to be stored.
    ``assigned``: row -> facility. ``merged_from``: row -> the merged record that it describes.
    ``candidates``: ambiguous row -> the facilities it may be. ``outdated``: row of a file older
    than the newest directory, which leaves the row's facility out -> that facility, if we know it.
    ``new``: row -> identity of the
    facility that it adds. ``new_positions``: row of a repeated file -> position that only this load
    brings. ``statements`` and ``stated_changes`` are what would follow if the file withheld no
    phone number, ``changes`` what does follow.
    """

    reading: ParsedFile
    snapshot: Snapshot
    report: LoadReport
    repeated: Release | None = None
    replaces_demonstration: bool = False
    releases: tuple[int, ...] = ()
    decisions: dict[int, int | None] = field(default_factory=dict)
    is_archived: bool = False
    is_in_force: bool = True
    rows: dict[int, FacilityRow] = field(default_factory=dict)
    assigned: dict[int, int] = field(default_factory=dict)
    merged_from: dict[int, int] = field(default_factory=dict)
    candidates: dict[int, tuple[int, ...]] = field(default_factory=dict)
    outdated: dict[int, tuple[int, ...]] = field(default_factory=dict)
    new: dict[int, FacilityIdentity] = field(default_factory=dict)
    statements: dict[int, list[ReleaseStatement]] = field(default_factory=dict)
    stated_changes: ChangeSet = field(default_factory=ChangeSet)
    changes: ChangeSet = field(default_factory=ChangeSet)
    new_positions: dict[int, list] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        return not self.repeated or self.changes.writes_facts or bool(self.new_positions)


def new_identities(
    source: str,
    edition: str,
    numbers: Iterable[int],
    taken: Iterable[str],
    *,
    is_demonstration: bool,
    declared: Mapping[int, uuid.UUID] | None = None,
) -> dict[int, FacilityIdentity]:
    """Return row number -> the identity of the facility first seen there.

    It follows from the file alone, so that each site that loads it gives the same address to the
    same facility. No code in ``taken`` is given again. ``declared``: row number -> the identity
    that the file itself gives to the row's facility.
    """
    codes = set(taken)
    identities = {}
    for number in numbers:
        own = (declared or {}).get(number)
        made = _uuids(source, edition, number, is_demonstration=is_demonstration)
        uuids = made if own is None else chain([own], made)
        identity = next(candidate for candidate in uuids if public_code_of(candidate) not in codes)
        code = public_code_of(identity)
        codes.add(code)
        identities[number] = FacilityIdentity(identity, primary_key_of(identity), code)
    return identities


def is_identity_of_row(identity: uuid.UUID, release: Release, number: int) -> bool:
    possible = _uuids(
        release.source, release.edition, number, is_demonstration=release.is_demonstration
    )
    return identity in islice(possible, MAX_CODE_ATTEMPTS)


def _uuids(
    source: str, edition: str, number: int, *, is_demonstration: bool
) -> Iterator[uuid.UUID]:
    """Yield the identity for a row, then others to use if its code is taken."""
    name = f"{'demonstration' if is_demonstration else source}:{edition}:{number}"
    yield uuid.uuid5(NAMESPACE, name)
    for attempt in count(2):
        yield uuid.uuid5(NAMESPACE, f"{name}:{attempt}")


def statements_after(
    plan: LoadPlan, *, is_partial: bool, release_id: int, only: Collection[int] | None = None
) -> dict[int, list[ReleaseStatement]]:
    """Return facility id -> its statements once the file is applied; of all, or of ``only``.

    A facility that the file leaves out is dropped, unless the file is partial or an ambiguous row
    may be its own.
    """
    reading, snapshot = plan.reading, plan.snapshot
    rows: dict[int, list[tuple[int | None, FacilityRow]]] = {}
    for number, facility in plan.assigned.items():
        if only is None or facility in only:
            sighting = plan.merged_from.get(number), plan.rows[number]
            rows.setdefault(facility, []).append(sighting)
    held = {facility for candidates in plan.candidates.values() for facility in candidates}
    result = {}
    for facility in {**snapshot.columns, **rows}:
        if only is not None and facility not in only:
            continue
        statements = []
        for statement in snapshot.statements.get(facility, ()):
            if statement.source != reading.source:
                statements.append(statement)
            elif facility not in rows:
                # Dropped earlier: it keeps the release that dropped it.
                is_kept = is_partial or facility in held or statement.is_dropped
                dropped = replace(statement, is_dropped=True, dropped_in=release_id)
                statements.append(statement if is_kept else dropped)
        if facility in rows:
            statements.append(combine_rows(reading, release_id, rows[facility]))
        result[facility] = statements
    return result


def more_exact_position(new: Position | None, old: Position | None) -> Position | None:
    if old is None or (new is not None and new.origin == STREET):
        return new
    return old if new is None or old.origin == STREET else new


def keep_exact_positions(
    reading: ParsedFile, assigned: Mapping[int, int], snapshot: Snapshot
) -> ParsedFile:
    """Give rows without an exact position that of the facility's last row at the same place.

    Positions come in a file of their own, often long after the directory: a new edition should
    not move facilities that stayed where they are back to the center of their ZIP code.
    """
    rows = []
    for row in reading.rows:
        stated = snapshot.statements.get(assigned.get(row.row_number, -1), ())
        old = next(
            (
                statement.row.position
                for statement in stated
                if statement.source == reading.source and _is_same_place(row, statement.row)
            ),
            None,
        )
        rows.append(replace(row, position=more_exact_position(row.position, old)) if old else row)
    return replace(reading, rows=tuple(rows))


def _is_same_place(row: FacilityRow, old: FacilityRow) -> bool:
    """Whether a facility stayed where it was, as far as two of its rows say.

    A street of signs alone ("- - -") hides the address, as shelters do: no position may give it
    away. A row without any street only leaves it out.
    """
    street, old_street = normalize_street(row.street), normalize_street(old.street)
    if row.street and not street:
        return False
    if street and old_street:
        return street == old_street and row.state == old.state
    return row.zip == old.zip


def is_older_edition(reading: ParsedFile, newest: Release | None) -> bool:
    return newest is not None and reading.edition < newest.edition
