"""One listed facility as one flat object, for lists, GeoJSON and CSV."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from ..facts.provenance import listing_source
from ..facts.registry import PRIVATE_FACTS
from ..geo import Point, miles_between
from ..models import Facility
from ..rules.exclusions import EXCLUSION_INPUTS, exclusions
from ..sources.rows import ALL_FACTS
from ..taxonomy import VOCABULARY, ServiceSet

YES, NO = "yes", "no"
ZIP_FACTS = ("zip", "county_fips")
TEXTS = (
    "name", "program_name", "street", "street2", "city", "state", "zip", "county_fips",
    "phone", "phone_extension", "website", "fax", "admission_hours", "referral_requirements",
    "admission_exclusions",
)  # fmt: skip


@dataclass(frozen=True)
class RecordContext:
    """What a record depends on beside the facility: who asks, when, and from where.

    ``origin``: scheme and host of the site. ``point``: what miles are counted from.
    """

    origin: str
    language: str
    today: date
    point: Point | None = None

    def address(self, facility: Facility) -> str:
        return self.origin + facility.get_absolute_url()


def flat_record(facility: Facility, context: RecordContext) -> dict:
    """Return everything shown of a facility. What nobody reported is null.

    A confidential address is city and state. Its row is empty but for the ZIP code, and the county
    that this one lies in.
    """
    point = facility.point
    withheld = ZIP_FACTS if facility.is_address_confidential else ()
    return {
        "code": facility.code,
        "uuid": str(facility.uuid),
        "url": context.address(facility),
        "status": facility.status,
        **{name: getattr(facility, name) or None for name in TEXTS},
        **dict.fromkeys(withheld),
        "phone_suspended_on": iso_date(facility.phone_suspended_on),
        "intake_phones": facility.intake_phones,
        "hours": facility.hours or None,
        "is_address_confidential": facility.is_address_confidential,
        "latitude": facility.latitude,
        "longitude": facility.longitude,
        "position_origin": facility.position_origin or None,
        "miles": round(miles_between(context.point, point), 2) if context.point and point else None,
        "exclusions": [
            str(each) for each in exclusions(facility.offered & EXCLUSION_INPUTS, context.language)
        ],
        "services": service_answers(facility),
        "source": source_record(facility, context.today),
        "fact_sources": fact_sources(facility),
        "last_verified_on": iso_date(facility.last_verified_on),
    }


def service_answers(facility: Facility) -> dict[str, str]:
    """Return slug -> yes or no. A service that is not in it was not reported."""
    return _yes(facility.offered) | dict.fromkeys(facility.denied_services, NO)


@lru_cache(maxsize=2_000)
def _yes(offered: ServiceSet) -> dict[str, str]:
    return dict.fromkeys(offered.slugs(), YES)


def source_record(facility: Facility, today: date) -> dict | None:
    """Return the file that states the listing, its age in days, and the list that passed it on."""
    source = listing_source(facility)
    if source is None:
        return None
    return {
        "source": source.name,
        "title": source.title,
        "edition": source.edition,
        "published_on": source.published_on.isoformat(),
        "age_days": (today - source.published_on).days,
        "passed_on_by": source.via or None,
    }


def fact_sources(facility: Facility) -> dict[str, dict]:
    """Return source, edition, date and method of each fact that has others than the listing."""
    hidden = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    return {
        fact: {name: stated.get(name) for name in ("source", "edition", "date", "method")}
        for fact, stated in facility.fact_sources.items()
        if fact != ALL_FACTS and fact not in hidden and "source" in stated
    }


def iso_date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def geojson_feature(record: dict) -> dict:
    """Return a record as a GeoJSON feature (RFC 7946); one without a position has no geometry."""
    properties = {key: value for key, value in record.items() if key not in GEOMETRY}
    position = record["longitude"], record["latitude"]
    geometry = {"type": "Point", "coordinates": position} if None not in position else None
    return {
        "type": "Feature", "id": record["code"], "geometry": geometry, "properties": properties
    }  # fmt: skip


GEOMETRY = ("latitude", "longitude")
CSV_TEXTS = (
    "code", "uuid", "url", *TEXTS, "is_address_confidential", "latitude", "longitude",
    "position_origin", "miles", "last_verified_on",
)  # fmt: skip


@cache
def csv_services() -> tuple[str, ...]:
    return tuple(service.slug for service in VOCABULARY if not service.retired)


def csv_headings() -> tuple[str, ...]:
    return (
        *CSV_TEXTS, "intake_phones", "exclusions", "source", "edition", "published_on",
        *csv_services(),
    )  # fmt: skip


def csv_rows(records: Iterable[dict]) -> Iterator[list]:
    """Yield a row for each record; a cell of a service is yes, no, or empty: not reported."""
    for record in records:
        answers, source = record["services"], record["source"] or {}
        yield [
            *(record[name] for name in CSV_TEXTS),
            "; ".join(_phone(each) for each in record["intake_phones"]),
            "; ".join(record["exclusions"]),
            *(source.get(name) for name in ("source", "edition", "published_on")),
            *(answers.get(slug) for slug in csv_services()),
        ]


def _phone(line: dict) -> str:
    return " x".join(filter(None, (line["number"], line.get("extension"))))
