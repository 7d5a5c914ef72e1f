"""Reads what the database holds: facilities, what releases state of them, and what was checked.

The statements of a facility are its rows in the newest effective release that has it, one for
each source. A release that is not partial replaces all earlier ones of its source: a facility that
it leaves out is dropped, unless one of its ambiguous rows may describe it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date
from functools import partial
from typing import Any
from uuid import UUID

from ..facts.registry import STATED_FACTS, UNSTATED_FACTS, read_written_value
from ..models import (
    Conflict,
    Credential,
    DataVersion,
    Facility,
    Release,
    SourceRow,
    SuspendedNumber,
    Verification,
    VersionStamp,
)
from ..models.facility import SERVICE_BITS
from ..sources import findtreatment, samhsa_directory
from ..sources.codes import ServiceCodeReader
from ..sources.local_list import LocalListReader
from ..sources.rows import FacilityRow, Position, StatedCredential
from ..taxonomy.service_set import union_of_services
from .release_statements import (
    DatedFile,
    ReleaseStatement,
    Withheld,
    statement_origin,
    with_withheld_facts,
)

BATCH = 500
FACILITY_COLUMNS = (
    *STATED_FACTS, *UNSTATED_FACTS, "status", "name_key", "county_fips", "latitude", "longitude",
    "x", "y", "z", "position_origin", *SERVICE_BITS, "denied_services",
    "last_verified_on",
    "phone_suspended_on",
    "fact_sources",
    "source_release_id",
)  # fmt: skip
CREDENTIAL_FIELDS = tuple(each.name for each in fields(StatedCredential))  # also of the model


@dataclass(frozen=True)
class Snapshot:
    """What the database held at one version of the data, by the keys of facilities.

    ``columns``: what is shown, as FACILITY_COLUMNS. ``codes`` and ``uuids``: also of merged
    facilities; ``merged`` maps those to the facility that they were merged into. ``credentials``:
    those that came with lists; ``own_credentials``: (facility, kind, issuer, number) of those that
    two people here saw. ``only``: the facilities that were read, None for all. ``suspended``:
    number -> since which day it is shown nowhere, of those facilities that have any.
    """

    version: VersionStamp
    columns: Mapping[int, Mapping[str, Any]]
    codes: Mapping[int, str]
    uuids: Mapping[int, UUID]
    statements: Mapping[int, list[ReleaseStatement]]
    checks: Mapping[int, list[Verification]]
    conflicts: frozenset[tuple[int, str, str, str, int]]
    credentials: Mapping[int, frozenset[StatedCredential]]
    own_credentials: frozenset[tuple[int, str, str, str]]
    releases: tuple[Release, ...] = field(default=())
    merged: Mapping[int, int] = field(default_factory=dict)
    only: frozenset[int] | None = None
    suspended: Mapping[int, Mapping[str, date]] = field(default_factory=dict)

    def newest_release(self, source: str) -> Release | None:
        applied = [each for each in self.releases if each.source == source and each.is_effective]
        return max(applied, key=lambda release: release.pk, default=None)

    @property
    def is_demonstration(self) -> bool:
        return any(release.is_demonstration for release in self.releases)

    def restricted(self, facilities: Collection[int]) -> "Snapshot":
        """Return the same with the columns and statements of some facilities alone."""
        return replace(
            self,
            columns={key: self.columns[key] for key in facilities if key in self.columns},
            statements={key: self.statements[key] for key in facilities if key in self.statements},
        )

    def updated(self, newer: "Snapshot") -> "Snapshot":
        """Return the same with all that a newer snapshot of some facilities says of them."""

        def with_newer(former: Mapping[int, Any], now: Mapping[int, Any]) -> dict[int, Any]:
            return {key: value for key, value in former.items() if key not in newer.only} | now

        others = (conflict for conflict in self.conflicts if conflict[0] not in newer.only)
        return replace(
            newer,
            columns=with_newer(self.columns, newer.columns),
            codes=with_newer(self.codes, newer.codes),
            uuids=with_newer(self.uuids, newer.uuids),
            statements=with_newer(self.statements, newer.statements),
            checks=with_newer(self.checks, newer.checks),
            conflicts=newer.conflicts.union(others),
            suspended=with_newer(self.suspended, newer.suspended),
            credentials=with_newer(self.credentials, newer.credentials),
            own_credentials=newer.own_credentials.union(
                key for key in self.own_credentials if key[0] not in newer.only
            ),
            only=self.only,
        )


def read_snapshot(*, without: Release | None = None, only: Iterable[int] | None = None) -> Snapshot:
    """Read a snapshot of all facilities, or of those in ``only``.

    ``without``: a release that is about to be loaded again, whose rows are left out. Who writes
    from a snapshot that was read without the lock asks the log what changed since its version.
    """
    # Read before everything else: what is written after this makes the snapshot outdated.
    version = DataVersion.current()
    only = None if only is None else frozenset(only)
    releases = tuple(Release.objects.defer("report").order_by("pk"))
    merged = _merged()
    facilities = _of(only, Facility.objects.filter(merged_into__isnull=True).order_by("pk"), "pk")
    identities = list(_of(only, Facility.objects, "pk").values_list("pk", "code", "uuid"))
    return Snapshot(
        version=version,
        columns={key: dict(zip(FACILITY_COLUMNS, row, strict=True)) for key, *row in
                 facilities.values_list("pk", *FACILITY_COLUMNS).iterator()},
        codes={key: code for key, code, _uuid in identities},
        uuids={key: uuid for key, _code, uuid in identities},
        statements=_statements(releases, without, only, merged),
        checks=_checks(only),
        conflicts=frozenset(
            conflict_key(*row)
            for row in _of(only, Conflict.objects).values_list(
                "facility_id", "fact", "shown_value", "source_value", "release_id"
            )
        ),
        **_credentials(releases, only),
        releases=releases,
        merged=merged,
        only=only,
        suspended=_suspended(only),
    )  # fmt: skip


def reread_checks(snapshot: Snapshot) -> Snapshot:
    """Read the checks again, for a writer who just added some."""
    return replace(snapshot, checks=_checks(snapshot.only))


def _suspended(only: frozenset[int] | None) -> dict[int, dict[str, date]]:
    found: dict[int, dict[str, date]] = defaultdict(dict)
    standing = _of(only, SuspendedNumber.objects.standing()).order_by("-suspended_at")
    for key, number, since in standing.values_list("facility_id", "number", "suspended_at"):
        found[key][number] = since.astimezone(UTC).date()
    return dict(found)


def _of(only: frozenset[int] | None, records, key: str = "facility_id"):
    return records.all() if only is None else records.filter(**{f"{key}__in": only})


def _merged() -> dict[int, int]:
    """Return merged facility -> the facility that it was merged into."""
    merged = Facility.objects.filter(merged_into__isnull=False)
    return dict(merged.values_list("pk", "merged_into_id"))


def conflict_key(facility_id: int, fact: str, ours: Any, theirs: Any, release_id: int | None):
    """Return a conflict as a hashable value: JSON values such as lists are not hashable."""
    return facility_id, fact, repr(ours), repr(theirs), release_id


def _checks(only: frozenset[int] | None) -> dict[int, list[Verification]]:
    checks: dict[int, list[Verification]] = defaultdict(list)
    for check in _of(only, Verification.objects.standing()).order_by("checked_at", "pk"):
        checks[check.facility_id].append(check)
    return checks


def _credentials(releases: Iterable[Release], only: frozenset[int] | None) -> dict[str, Any]:
    listed: dict[int, set[StatedCredential]] = defaultdict(set)
    own = set()
    if only is not None and all(release.is_of_samhsa for release in releases):
        return {"credentials": {}, "own_credentials": frozenset()}  # SAMHSA lists none
    for facility, is_listed, is_confirmed, *values in _of(only, Credential.objects).values_list(
        "facility_id", "is_listed", "is_confirmed", *CREDENTIAL_FIELDS
    ):
        credential = StatedCredential(*values)
        if is_listed:
            listed[facility].add(credential)
        elif is_confirmed:  # what waits for a second person stands in nobody's place
            own.add((facility, *credential.key))
    return {
        "credentials": {facility: frozenset(found) for facility, found in listed.items()},
        "own_credentials": frozenset(own),
    }


def _statements(
    releases: Iterable[Release],
    without: Release | None,
    only: frozenset[int] | None,
    merged: Mapping[int, int],
) -> dict[int, list[ReleaseStatement]]:
    by_id = {release.pk: release for release in releases}
    replacing = _replacing(releases)
    full = {source: keys[-1] for source, keys in replacing.items()}
    held, withheld = _held(full, merged), _withheld()
    statements: dict[int, list[ReleaseStatement]] = defaultdict(list)
    for (release_id, facility_id), rows in _newest_rows(by_id, without, only).items():
        release = by_id[release_id]
        source = release.source
        is_current = release_id >= full.get(source, 0) or facility_id in held[source]
        statement = with_withheld_facts(
            combine_rows(release, release_id, rows), facility_id, withheld
        )
        if not is_current:
            first = next(key for key in replacing[source] if key > release_id)
            statement = replace(
                statement, is_dropped=True, dropped_in=full[source],
                dropped_at=by_id[first].loaded_at,
            )  # fmt: skip
        statements[facility_id].append(statement)
    return statements


def _withheld() -> dict[int, Withheld]:
    """Return release -> what it withholds, for those that withhold anything."""
    found = Release.objects.applied().values_list("pk", "report__withheld")
    return {key: withheld for key, withheld in found if withheld}


def combine_rows(
    file: DatedFile, release_id: int, sightings: Iterable[tuple[int | None, FacilityRow]]
) -> ReleaseStatement:
    """Combine the rows of one file about one facility: the first one, with the services of all.

    ``sightings``: (key of the record that the row described, if it was merged since; the row).
    Rows that only add services come last, because they leave other facts out. The facility's own
    row comes before those of records merged into it.
    """
    ordered = sorted(
        sightings,
        key=lambda sighting: (
            sighting[1].is_addition,
            bool(sighting[0]),
            sighting[1].row_number,
        ),
    )
    row = ordered[0][1]
    if len(ordered) > 1:
        row = replace(
            row,
            offered=union_of_services(row.offered for _record, row in ordered),
            credentials=tuple(each for _record, row in ordered for each in row.credentials),
        )
    described = tuple(sighting for sighting in ordered if not sighting[1].is_addition)
    return ReleaseStatement(
        file.source,
        release_id,
        row,
        sightings=described or (ordered[0],),
        origin=statement_origin(file),
    )


def _replacing(releases: Iterable[Release]) -> dict[str, list[int]]:
    """Return source -> the effective releases that replaced all before them, oldest first."""
    replacing: dict[str, list[int]] = defaultdict(list)
    for release in sorted(releases, key=lambda release: release.pk):
        if release.is_effective and not release.is_partial:
            replacing[release.source].append(release.pk)
    return replacing


def _held(full: Mapping[str, int], merged: Mapping[int, int]) -> dict[str, set[int]]:
    """Return source -> facilities that an ambiguous row of a current release may describe.

    Such a facility is not dropped: the row may turn out to be its own.
    """
    held: dict[str, set[int]] = defaultdict(set)
    waiting = SourceRow.objects.filter(
        facility__isnull=True, is_outdated=False, release__is_effective=True
    )
    for source, release_id, ids in waiting.exclude(candidate_ids=[]).values_list(
        "release__source", "release_id", "candidate_ids"
    ):
        if release_id >= full.get(source, 0):
            held[source].update(merged.get(each, each) for each in ids)
    return held


def _newest_rows(
    releases: Mapping[int, Release], without: Release | None, only: frozenset[int] | None
) -> dict[tuple[int, int], list[tuple[int | None, FacilityRow]]]:
    """Return (release, facility) -> its rows in the newest effective release of each source.

    Each row comes with the key of the record that it described, if that was merged since.
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
    """Return the keys of those rows, in order.

    The newest release of each facility is chosen here and not in SQL, where both engines take
    minutes for the same question.
    """
    newest: dict[tuple[str, int], tuple[int, list[int]]] = {}
    # The releases are not in the SQL: SQLite would read all rows of each for those of a facility.
    rows = _of(only, SourceRow.objects).filter(facility__isnull=False)
    fields = "release_id", "facility_id", "pk"
    for release_id, facility_id, key in rows.order_by("pk").values_list(*fields).iterator():
        # A release that was loaded since the others were read makes the snapshot outdated anyway.
        if release_id not in releases or not releases[release_id].is_effective:
            continue
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
    if release.source == findtreatment.SOURCE:
        return findtreatment.parse_findtreatment_record
    if not release.is_of_samhsa:
        return LocalListReader(release.key_sheet, read_written_value).read_cells
    return partial(samhsa_directory.parse_directory_row, codes=ServiceCodeReader(release.key_sheet))
