"""What the database holds before a load: facilities, what releases state of them, what was checked.

A facility's statements are its rows in the newest applied release that has it, one per source.
A release that is not partial replaces all before it of its source: what it leaves out is dropped,
unless one of its ambiguous rows may speak of it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..facts.registry import STATED_FACTS, UNSTATED_FACTS
from ..models import Conflict, DataVersion, Facility, Release, SourceRow, Verification
from ..models.facility import SERVICE_BITS
from ..sources import findtreatment, samhsa_directory
from ..sources.codes import Codes
from ..sources.rows import FacilityRow, Position
from ..taxonomy.service_set import union
from .statements import Statement, Withheld, with_withheld

BATCH = 500
FACILITY_COLUMNS = (
    *STATED_FACTS, *UNSTATED_FACTS, "status", "name_key", "county_fips", "latitude", "longitude",
    "x", "y", "z", "position_origin", *SERVICE_BITS, "denied_services",
    "last_verified_on",
    "source_release_id",
)  # fmt: skip


@dataclass(frozen=True)
class Snapshot:
    """Everything by facility id. `columns` holds what is shown now, `codes` also those of
    facilities that were merged into others; `merged` says into which. `only`: the facilities it
    was read for, if not all."""

    version: int
    columns: Mapping[int, Mapping[str, Any]]
    codes: Mapping[int, str]
    statements: Mapping[int, list[Statement]]
    checks: Mapping[int, list[Verification]]
    conflicts: frozenset[tuple[int, str, str, str, int]]
    releases: tuple[Release, ...] = field(default=())
    merged: Mapping[int, int] = field(default_factory=dict)
    only: frozenset[int] | None = None

    def newest_release(self, source: str) -> Release | None:
        applied = [each for each in self.releases if each.source == source and each.is_effective]
        return max(applied, key=lambda release: release.pk, default=None)

    @property
    def is_demonstration(self) -> bool:
        return any(release.is_demonstration for release in self.releases)


def read_snapshot(*, without: Release | None = None, only: Iterable[int] | None = None) -> Snapshot:
    """Read it all, but for what one release states, if that is about to be stated anew.

    With `only`, what is known of those facilities alone. A version that has changed by the time
    of writing means: read again.
    """
    version = DataVersion.current()
    only = None if only is None else frozenset(only)
    releases = tuple(Release.objects.defer("report").order_by("pk"))
    facilities = _of(only, Facility.objects.filter(merged_into__isnull=True).order_by("pk"), "pk")
    return Snapshot(
        version=version,
        columns={key: dict(zip(FACILITY_COLUMNS, row, strict=True)) for key, *row in
                 facilities.values_list("pk", *FACILITY_COLUMNS).iterator()},
        codes=dict(_of(only, Facility.objects, "pk").values_list("pk", "code")),
        statements=_statements(releases, without, only),
        checks=_checks(only),
        conflicts=frozenset(
            conflict_key(*row)
            for row in _of(only, Conflict.objects).values_list(
                "facility_id", "fact", "shown_value", "source_value", "release_id"
            )
        ),
        releases=releases,
        merged=_merged(),
        only=only,
    )  # fmt: skip


def _of(only: frozenset[int] | None, records, key: str = "facility_id"):
    """The records of those facilities; all of them for None."""
    return records.all() if only is None else records.filter(**{f"{key}__in": only})


def _merged() -> dict[int, int]:
    """Merged facility -> the one that stands for it."""
    merged = Facility.objects.filter(merged_into__isnull=False)
    return dict(merged.values_list("pk", "merged_into_id"))


def conflict_key(facility_id: int, fact: str, ours: Any, theirs: Any, release_id: int | None):
    """A conflict as something that sets can hold."""
    return facility_id, fact, repr(ours), repr(theirs), release_id


def _checks(only: frozenset[int] | None) -> dict[int, list[Verification]]:
    checks: dict[int, list[Verification]] = defaultdict(list)
    for check in _of(only, Verification.objects.standing()).order_by("checked_at", "pk"):
        checks[check.facility_id].append(check)
    return checks


def _statements(
    releases: Iterable[Release], without: Release | None, only: frozenset[int] | None
) -> dict[int, list[Statement]]:
    by_id = {release.pk: release for release in releases}
    full = _newest_full(releases)
    held, withheld = _held(full), _withheld()
    statements: dict[int, list[Statement]] = defaultdict(list)
    for (release_id, facility_id), rows in _newest_rows(by_id, without, only).items():
        source = by_id[release_id].source
        is_current = release_id >= full.get(source, 0) or facility_id in held[source]
        statement = with_withheld(combine_rows(source, release_id, rows), facility_id, withheld)
        if not is_current:
            statement = replace(statement, is_dropped=True, dropped_in=full[source])
        statements[facility_id].append(statement)
    return statements


def _withheld() -> dict[int, Withheld]:
    """Release -> what it withholds, for those that do."""
    found = Release.objects.applied().values_list("pk", "report__withheld")
    return {key: withheld for key, withheld in found if withheld}


def combine_rows(
    source: str, release_id: int, sightings: Iterable[tuple[int | None, FacilityRow]]
) -> Statement:
    """What rows of one file say of one facility: the fullest of them, with all their services.

    A row that spoke of a record merged into the facility stands behind the facility's own.
    """
    ordered = sorted(
        sightings, key=lambda each: (each[1].is_addition, bool(each[0]), each[1].row_number)
    )
    row = ordered[0][1]
    if len(ordered) > 1:
        row = replace(row, offered=union(each.offered for _, each in ordered))
    described = tuple(each for each in ordered if not each[1].is_addition)
    return Statement(source, release_id, row, sightings=described or (ordered[0],))


def _newest_full(releases: Iterable[Release]) -> dict[str, int]:
    """Source -> the newest applied release that replaced all before it."""
    return {
        release.source: release.pk
        for release in sorted(releases, key=lambda release: release.pk)
        if release.is_effective and not release.is_partial
    }


def _held(full: Mapping[str, int]) -> dict[str, set[int]]:
    """Source -> facilities that an ambiguous row of a standing release may speak of."""
    merged = _merged()
    held: dict[str, set[int]] = defaultdict(set)
    waiting = SourceRow.objects.filter(facility__isnull=True, release__is_effective=True)
    for source, release_id, ids in waiting.exclude(candidate_ids=[]).values_list(
        "release__source", "release_id", "candidate_ids"
    ):
        if release_id >= full.get(source, 0):
            held[source].update(merged.get(each, each) for each in ids)
    return held


def _newest_rows(
    releases: Mapping[int, Release], without: Release | None, only: frozenset[int] | None
) -> dict[tuple[int, int], list[tuple[int | None, FacilityRow]]]:
    """(release, facility) -> its rows there, for the newest applied release of each source.

    Each row comes with the record it spoke of, if that was merged into the facility.
    """
    readers = {key: row_reader(release) for key, release in releases.items()}
    grouped: dict[tuple[int, int], list[tuple[int | None, FacilityRow]]] = defaultdict(list)
    keys = _keys_of_newest_rows(releases, without, only)
    fields = (
        "pk", "release_id", "facility_id", "merged_from_id", "row_number", "raw", "position",
    )  # fmt: skip
    for start in range(0, len(keys), BATCH):
        batch = SourceRow.objects.filter(pk__in=keys[start : start + BATCH]).values_list(*fields)
        for _, release_id, facility_id, merged_from, *stated in sorted(batch, key=_first):
            row = _row_of(readers[release_id], *stated)
            grouped[release_id, facility_id].append((merged_from, row))
    return grouped


def _keys_of_newest_rows(
    releases: Mapping[int, Release], without: Release | None, only: frozenset[int] | None
) -> list[int]:
    """In order; chosen here, for engines plan the same question in SQL for minutes."""
    newest: dict[tuple[str, int], tuple[int, list[int]]] = {}
    rows = _of(only, SourceRow.objects).filter(release__is_effective=True, facility__isnull=False)
    fields = "release_id", "facility_id", "pk"
    for release_id, facility_id, key in rows.order_by("pk").values_list(*fields).iterator():
        which = releases[release_id].source, facility_id
        known_release, keys = newest.get(which, (0, []))
        if release_id > known_release:
            newest[which] = release_id, [key]
        elif release_id == known_release:
            keys.append(key)
    skipped = without.pk if without else None
    return sorted(
        key for release_id, keys in newest.values() if release_id != skipped for key in keys
    )


def _first(row: tuple) -> int:
    return row[0]


def _row_of(read: Callable, row_number: int, cells: Mapping, position: Any) -> FacilityRow:
    row = read(cells, row_number)
    return replace(row, position=Position.from_json(position)) if position else row


def row_reader(release: Release) -> Callable[[Mapping, int], FacilityRow]:
    """How a kept row is read again, just as it was when its file was loaded."""
    if release.source == findtreatment.SOURCE:
        return findtreatment.read_cells
    return partial(samhsa_directory.read_cells, codes=Codes(release.key_sheet))
