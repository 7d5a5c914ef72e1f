"""What everybody may know of a facility, read for many at once.

An address that is kept private is in no record: neither street nor ZIP code, county or exact
position, nor what people once checked of them. Everything that is published is made of these
records, so this module alone keeps those back. The position of such a facility was moved to the
center of its city when it was stored: see ``resolution/columns.py``.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from ..facts.registry import FACTS, PRIVATE_FACTS, STATED_FACTS, UNSTATED_FACTS
from ..facts.stored_values import UNCONFIRMED
from ..models import (
    Availability,
    Change,
    Credential,
    DataVersion,
    Facility,
    Release,
    Verification,
)
from ..models.facility import SERVICE_BITS
from ..models.versioned_cache import versioned_cache
from ..sources.rows import ALL_FACTS
from ..taxonomy import ServiceSet

BATCH = 500  # facilities of a query
PUBLIC_STATUSES = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
COLUMN_FACTS = (*STATED_FACTS, *UNSTATED_FACTS)
OTHER_COLUMNS = (
    "pk", "uuid", "code", "status", "fact_sources", "county_fips", "latitude", "longitude",
    "position_origin",
    *SERVICE_BITS, "denied_services", "last_verified_on", "source_release_id",
)  # fmt: skip
COLUMNS = (*OTHER_COLUMNS, *COLUMN_FACTS)


class StatedBy(NamedTuple):
    """The release that dates what files state of a facility."""

    source: str
    edition: str
    published_on: date
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One facility.

    ``values``: fact -> value, of the facts that are columns of the model. ``checks``: fact -> the
    newest check that found a value, and the newest of all where that could not confirm it.
    ``fact_sources``: fact -> source, edition, date and method, where it is not from ``stated_by``.
    ``credentials`` and ``availability``: those that are current. ``modified_at``: when the change
    log last named it; before there was a log, when its file was loaded.
    """

    key: int
    uuid: uuid.UUID
    code: str
    status: str
    values: Mapping[str, Any]
    county_fips: str
    latitude: float | None
    longitude: float | None
    position_origin: str
    offered: ServiceSet
    denied: tuple[str, ...]
    last_verified_on: date | None
    modified_at: datetime | None
    stated_by: StatedBy | None
    checks: Mapping[str, tuple[Verification, ...]]
    fact_sources: Mapping[str, Mapping[str, str]]
    credentials: tuple[Credential, ...] = ()
    availability: Availability | None = None

    @property
    def is_address_confidential(self) -> bool:
        return self.values["is_address_confidential"]


def read_records(
    facilities: QuerySet[Facility], now: datetime, *, with_checks: bool = True
) -> Iterator[OpenRecord]:
    """Yield records in the order of the queryset, a few hundred at a time."""
    keys = list(facilities.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield from records_of(keys[start : start + BATCH], now, with_checks=with_checks)


def read_record_page(
    facilities: QuerySet[Facility], now: datetime, *, with_checks: bool = True
) -> list[OpenRecord]:
    """Return the records of a short, sliced queryset, in a query less."""
    return _records([*facilities.values(*COLUMNS)], now, with_checks=with_checks)


def records_of(keys: Sequence[int], now: datetime, *, with_checks: bool = True) -> list[OpenRecord]:
    """Return the records of the facilities with these keys that are public, in the same order."""
    public = Facility.objects.filter(
        pk__in=keys, status__in=PUBLIC_STATUSES, merged_into__isnull=True
    )
    found = {row["pk"]: row for row in public.values(*COLUMNS)}
    return _records([found[key] for key in keys if key in found], now, with_checks=with_checks)


def _records(rows: Sequence[Mapping], now: datetime, *, with_checks: bool) -> list[OpenRecord]:
    """Without checks the records have no availability either, which takes two queries less."""
    version, today = DataVersion.current(), now.date()
    releases, credentials = stated_by_release.at(version), _credentials.at(version)
    keys = [row["pk"] for row in rows]
    modified = last_change_times(row["uuid"] for row in rows)
    checks = _newest_checks(keys) if with_checks else {}
    availabilities = _current_availabilities(keys, now) if with_checks else {}
    records = []
    for row in rows:
        stated_by = releases.get(row["source_release_id"])
        held = credentials.get(row["pk"], ())
        records.append(
            _record(
                row,
                checks=checks.get(row["pk"], {}),
                stated_by=stated_by,
                modified_at=modified.get(row["uuid"]) or (stated_by and stated_by.loaded_at),
                credentials=tuple(each for each in held if each.is_current(today)),
                availability=availabilities.get(row["pk"]),
            )
        )
    return records


def _record(
    row: Mapping[str, Any], *, checks: Mapping, stated_by: StatedBy | None, **others
) -> OpenRecord:
    values = {name: row[name] for name in COLUMN_FACTS}
    sources = row["fact_sources"]
    is_private = values["is_address_confidential"]
    if is_private:
        values |= {name: FACTS[name].default for name in PRIVATE_FACTS if name in values}
        checks = {fact: found for fact, found in checks.items() if fact not in PRIVATE_FACTS}
        sources = {fact: found for fact, found in sources.items() if fact not in PRIVATE_FACTS}
    if whole := sources.get(ALL_FACTS):
        # Another installation passed the record on: what it names as its source is the source.
        day = date.fromisoformat(whole["date"])
        stated_by = StatedBy(whole["source"], whole["edition"], day, stated_by.loaded_at)
        sources = {fact: found for fact, found in sources.items() if fact != ALL_FACTS}
    checked = [date.fromisoformat(each["date"]) for each in sources.values() if "method" in each]
    return OpenRecord(
        key=row["pk"],
        uuid=row["uuid"],
        code=row["code"],
        status=row["status"],
        values=values,
        county_fips="" if is_private else row["county_fips"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        position_origin=row["position_origin"],
        offered=ServiceSet.from_words([row[name] for name in SERVICE_BITS]),
        denied=tuple(row["denied_services"]),
        last_verified_on=max(filter(None, (*checked, row["last_verified_on"])), default=None),
        stated_by=stated_by,
        checks=checks,
        fact_sources=sources,
        **others,
    )


def last_change_times(facilities: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when the change log last named each facility that it knows."""
    logged = Change.objects.filter(facility_uuid__in=list(facilities)).order_by()
    newest = logged.values_list("facility_uuid").annotate(at=Max("revision__made_at"))
    return dict(newest)


@versioned_cache(maxsize=1)
def stated_by_release() -> Mapping[int, StatedBy]:
    """Return key of a release -> what dates its facts."""
    fields = "pk", "source", "edition", "published_on", "loaded_at"
    return {key: StatedBy(*row) for key, *row in Release.objects.values_list(*fields)}


def _newest_checks(keys: Sequence[int]) -> dict[int, dict[str, tuple[Verification, ...]]]:
    newest: dict[int, dict[str, tuple[Verification, ...]]] = defaultdict(dict)
    standing = Verification.objects.standing().filter(facility__in=keys)
    for check in standing.order_by("checked_at", "pk"):
        former = newest[check.facility_id].get(check.fact, ())
        # A value outlives a later "could not confirm".
        kept = former[:1] if check.outcome == UNCONFIRMED else ()
        if kept and kept[0].outcome == UNCONFIRMED:
            kept = ()
        newest[check.facility_id][check.fact] = (*kept, check)
    return newest


def _current_availabilities(keys: Sequence[int], now: datetime) -> dict[int, Availability]:
    """Return facility -> the newest statement that still counts."""
    current = Availability.objects.filter(facility__in=keys, stated_at__lte=now, expires_at__gt=now)
    return {stated.facility_id: stated for stated in current.order_by("stated_at", "pk")}


@versioned_cache(maxsize=1)
def _credentials() -> Mapping[int, list[Credential]]:
    """Return facility -> its credentials: few have any."""
    found: dict[int, list[Credential]] = defaultdict(list)
    for credential in Credential.objects.confirmed().select_related("facility").order_by("pk"):
        found[credential.facility_id].append(credential)
    return dict(found)
