"""What the records of all facilities say about their risk, as arrays that follow the change log.

Reading a million facilities takes a minute. So the arrays are computed anew only where nothing is
stored or the rules are others; else those that the log says have changed are read again, and those
that have or had a number in common with them.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from zlib import crc32

import numpy as np
from django.db import DatabaseError, transaction
from numpy.typing import NDArray

from ...models import Facility, RiskSnapshot
from ...models.change import VersionStamp, changes_since
from ...models.versioned_cache import UpdatedCache
from ...places.service_area import ServiceArea
from ...places.timezones import CALLER_TIME_ZONES, CallerTimeZone
from ...rules.freshness import max_age
from ...rules.inconsistencies import INCONSISTENCIES
from ...taxonomy import VOCABULARY
from .inputs import RiskRow, read_risk_rows
from .scoring import RiskDates, age_in_days, risk_terms, total_points
from .topics import CALL_TOPICS, PHONE_TOPIC, service_facts

logger = logging.getLogger(__name__)

FORMAT = 1  # of what is stored; to be raised with any change of what inputs.py reads
MAX_CHANGES = 5_000  # more than these are read no faster than all
STORE_AFTER = 500  # changes, so that a process that starts does not read them again
NO_ZONE = len(CALLER_TIME_ZONES)
PHONE = CALL_TOPICS.index(PHONE_TOPIC)
ARRAYS = ("ids", "places", "zones", "listed", "phones", "kinds")


@dataclass(frozen=True, eq=False)
class ListingRiskTable:
    """One entry for each of n facilities in every array, in the order of their keys.

    ``ids``      (n,)  int64   primary keys
    ``places``   (n,)  uint16  of ``place_names``: (state, county)
    ``zones``    (n,)  uint8   of CALLER_TIME_ZONES; NO_ZONE where it is unknown
    ``listed``   (n,)  bool    else withdrawn
    ``phones``   (n,)  uint32  hashes of the numbers, 0 for none; two numbers may have the same
    ``kinds``    (n,)  uint32  of ``risks``
    """

    ids: NDArray[np.int64]
    places: NDArray[np.uint16]
    zones: NDArray[np.uint8]
    listed: NDArray[np.bool_]
    phones: NDArray[np.uint32]
    kinds: NDArray[np.uint32]
    place_names: Sequence[tuple[str, str]]
    risks: Sequence[RiskDates]

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[RiskRow],
        place_names: Iterable[tuple[str, str]] = (),
        risks: Iterable[RiskDates] = (),
    ) -> "ListingRiskTable":
        """Number the places and risks of the rows, after those that are numbered already."""
        place_numbers = {place: number for number, place in enumerate(place_names)}
        risk_numbers = {risk: number for number, risk in enumerate(risks)}
        zone_numbers = {zone: number for number, zone in enumerate(CALLER_TIME_ZONES)}
        records = np.fromiter(
            (
                (
                    row.facility_id,
                    place_numbers.setdefault((row.state, row.county_fips), len(place_numbers)),
                    zone_numbers.get(row.zone, NO_ZONE),
                    row.is_listed,
                    phone_checksum(row.phone),
                    risk_numbers.setdefault(row.dates, len(risk_numbers)),
                )
                for row in rows
            ),
            dtype=np.dtype(list(zip(ARRAYS, ("i8", "u2", "u1", "?", "u4", "u4"), strict=True))),
        )
        columns = {name: np.ascontiguousarray(records[name]) for name in ARRAYS}
        return cls(**columns, place_names=tuple(place_numbers), risks=tuple(risk_numbers))

    @classmethod
    def from_bytes(cls, stored: bytes) -> "ListingRiskTable":
        with np.load(BytesIO(stored), allow_pickle=False) as arrays:
            places, risks = json.loads(arrays["words"].tobytes())
            return cls(
                **{name: arrays[name] for name in ARRAYS},
                place_names=tuple(map(tuple, places)),
                risks=tuple(
                    RiskDates(tuple(checked), tuple(asked), *rest)
                    for checked, asked, *rest in risks
                ),
            )

    def as_bytes(self) -> bytes:
        risks = [[getattr(risk, each.name) for each in fields(RiskDates)] for risk in self.risks]
        words = json.dumps([self.place_names, risks]).encode()
        stored = BytesIO()
        np.savez(
            stored,
            words=np.frombuffer(words, np.uint8),
            **{name: getattr(self, name) for name in ARRAYS},
        )
        return stored.getvalue()

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, facility_id: int) -> int | None:
        """Return the place of a facility in the arrays."""
        place = int(np.searchsorted(self.ids, facility_id))
        return place if place < len(self) and self.ids[place] == facility_id else None

    def zone(self, place: int) -> CallerTimeZone | None:
        number = int(self.zones[place])
        return None if number == NO_ZONE else CALLER_TIME_ZONES[number]

    def risk(self, place: int) -> RiskDates:
        return self.risks[self.kinds[place]]

    def within(self, area: ServiceArea) -> NDArray[np.bool_]:
        """True where a facility is within the area."""
        return np.array([area.contains(*place) for place in self.place_names], bool)[self.places]

    def points_on(self, today: date) -> NDArray[np.int16]:
        """The points of what the records say; computed once a day for each kind of risk."""
        day = today, *(max_age(topic.kind) for topic in CALL_TOPICS)
        points = self._points.get(day)
        if points is None:
            by_kind = [
                total_points(list(risk_terms(risk.factors_on(today)))) for risk in self.risks
            ]
            points = np.array(by_kind, np.int16)[self.kinds]
            self._points.clear()
            self._points[day] = points
        return points

    @cached_property
    def _points(self) -> dict[tuple, NDArray[np.int16]]:
        """What was computed for the newest day."""
        return {}

    def count_phone_ages(self, today: date, is_counted: NDArray[np.bool_]) -> dict[int, int]:
        """Return days since the phone was checked, or a release stated it -> how many."""
        counts = np.bincount(self.kinds[is_counted], minlength=len(self.risks))
        ages: dict[int, int] = {}
        for risk, count in zip(self.risks, counts.tolist(), strict=True):
            if count:
                age = age_in_days(today, risk.checked[PHONE])
                ages[age] = ages.get(age, 0) + count
        return ages

    def with_changes(self, changed: Iterable[int]) -> "ListingRiskTable | None":
        """Read those facilities again, and those with their numbers. None: they are too many."""
        affected = self._affected(changed)
        if len(affected) > MAX_CHANGES:
            return None
        rows = read_risk_rows(affected.tolist())
        read = ListingRiskTable.from_rows(rows, self.place_names, self.risks)
        is_kept = ~np.isin(self.ids, affected)
        places = np.searchsorted(self.ids[is_kept], read.ids)
        merged = {
            name: np.insert(getattr(self, name)[is_kept], places, getattr(read, name))
            for name in ARRAYS
        }
        return ListingRiskTable(
            **merged, place_names=read.place_names, risks=read.risks
        )._compacted()

    def _affected(self, changed: Iterable[int]) -> NDArray[np.int64]:
        """Changed facilities, with those that share a number they had before or have now."""
        changed = np.array(sorted(changed), np.int64)
        before = self.phones[np.isin(self.ids, changed)]
        now = Facility.objects.filter(pk__in=changed.tolist()).values_list("phone", flat=True)
        phones = {*before.tolist(), *map(phone_checksum, now)} - {0}
        sharing = self.ids[np.isin(self.phones, np.array(sorted(phones), np.uint32))]
        return np.union1d(changed, sharing)

    def _compacted(self) -> "ListingRiskTable":
        """Forget the risks that no facility has any more."""
        is_used = np.bincount(self.kinds, minlength=len(self.risks)) > 0
        if is_used.all():
            return self
        numbers = np.cumsum(is_used, dtype=np.uint32) - 1
        used = tuple(risk for risk, used in zip(self.risks, is_used, strict=True) if used)
        columns = {name: getattr(self, name) for name in ARRAYS}
        columns["kinds"] = numbers.astype(np.uint32)[self.kinds]
        return ListingRiskTable(**columns, place_names=self.place_names, risks=used)


def phone_checksum(phone: str) -> int:
    return crc32(phone.encode()) if phone else 0


def rules_fingerprint() -> str:
    """Change with the rules that decide what is stored, so that others' results are not used."""
    rules = (
        FORMAT,
        [(topic.facts, service_facts(topic.services)) for topic in CALL_TOPICS],
        [(each.any_of.slugs(), each.none_of.slugs()) for each in INCONSISTENCIES],
        [(service.slug, service.position, str(service.denies)) for service in VOCABULARY],
        [zone.key for zone in CALLER_TIME_ZONES],
    )
    return sha256(repr(rules).encode()).hexdigest()


def _compute(version: VersionStamp) -> ListingRiskTable:
    """Bring what is stored up to date, or read all; store it if that was much work."""
    stored = RiskSnapshot.objects.filter(pk=1, rules=rules_fingerprint()).first()
    table, changed = None, None
    if stored is not None:
        changed = changes_since(VersionStamp(stored.number, stored.token))
        if changed is not None and len(changed) <= MAX_CHANGES:
            table = ListingRiskTable.from_bytes(bytes(stored.arrays))
            table = table.with_changes(changed) if changed else table
    if table is None:
        table = ListingRiskTable.from_rows(read_risk_rows())
    if changed is None or len(changed) > STORE_AFTER:
        _store(version, table)
    return table


def _update(
    version: VersionStamp, table: ListingRiskTable, changed: frozenset[int]
) -> ListingRiskTable:
    if len(changed) > MAX_CHANGES:
        return _compute(version)
    return table.with_changes(changed) or _compute(version)


def _store(version: VersionStamp, table: ListingRiskTable) -> None:
    """Keep the arrays for processes to come. They are a cache: without it the page is shown too."""
    values = {"number": version.number, "token": version.token, "rules": rules_fingerprint()}
    snapshot = RiskSnapshot(pk=1, arrays=table.as_bytes(), **values)
    try:
        with transaction.atomic():
            RiskSnapshot.objects.bulk_create(
                [snapshot],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[*values, "arrays"],
            )
    except DatabaseError:
        logger.warning("The risks of the queue were not stored.", exc_info=True)


current_risk_table: Callable[[], ListingRiskTable] = UpdatedCache(_compute, _update)
