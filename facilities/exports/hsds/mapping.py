"""Turns one open record into HSDS's objects. ``profile.py`` says in words what stands where.

Functions named ``…_summary`` return what lists hold: the fields of one value each.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from ...facts.hours import DAYS, is_always_open
from ...facts.registry import format_value
from ...facts.stored_values import LISTED
from ...models import Availability, Credential, Verification
from ...taxonomy import VOCABULARY, ServiceSet
from ..open_records import OpenRecord
from ..tables import credential_rows
from .identifiers import organization_id, part_id, term_id
from .terms import service_terms_by_slug

ACTIVE, INACTIVE = "active", "inactive"
YES, NO, NOT_REPORTED = "yes", "no", "not reported"
COUNTRY = "US"
EXCLUSIONS_PREFIX = "Cannot be admitted: "
MAIN_PHONE, INTAKE_PHONE, FAX = "Main number", "Intake line", "Fax"
INTAKE_HOURS, ADMISSION_HOURS = "Hours of the intake line", "Admission hours"
DAY_AND_NIGHT = ("00:00", "23:59")
ALL_DAYS = "MO,TU,WE,TH,FR,SA,SU"
STATED = "stated"
SOURCE_FIELD = "source"
ADMISSION = "Admission of a new person"
LANGUAGE_CATEGORIES = ("languages", "more-languages")
# ISO 639-1, or 639-3 where there is none. What names several languages has no code.
LANGUAGE_CODES = {
    "spanish": "es", "sign-language": "ase", "arabic": "ar", "chinese": "zh", "farsi": "fa",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hmong": "hmn",
    "italian": "it", "japanese": "ja", "korean": "ko", "polish": "pl", "portuguese": "pt",
    "russian": "ru", "tagalog": "tl", "vietnamese": "vi", "ojibwa": "oj",
}  # fmt: skip


def service_summary(record: OpenRecord, organization: Mapping[str, Any]) -> dict:
    """Return the service's fields of one value each, with its organization."""
    values = record.values
    return _without_empty(
        {
            "id": str(record.uuid),
            "organization_id": organization["id"],
            "name": values["name"],
            "alternate_name": values["program_name"],
            "description": _labels(record.offered, ("type-of-care", "setting")),
            "url": values["website"],
            "status": ACTIVE if record.status == LISTED else INACTIVE,
            "application_process": values["referral_requirements"],
            "fees_description": _labels(record.offered, ("payment", "payment-help")),
            "accreditations": "; ".join(map(_credential_words, record.credentials)),
            "eligibility_description": _exclusions(values["admission_exclusions"]),
            "assured_date": _iso(record.last_verified_on),
            "last_modified": format_moment(record.modified_at),
            "organization": organization,
        }
    )


def hsds_service(record: OpenRecord, organization: Mapping[str, Any]) -> dict:
    """Return the service with all that belongs to it."""
    at_location = _service_at_location_alone(record) | {"location": location(record)}
    parts = service_parts(record) | {"service_at_locations": [at_location]}
    return service_summary(record, organization) | parts


def service_parts(record: OpenRecord) -> dict:
    """Return the lists that a service has, without its location."""
    return {
        "phones": [*phones(record)],
        "schedules": [*schedules(record)],
        "languages": [*hsds_languages(record)],
        "attributes": [*attributes(record)],
        "capacities": [*capacities(record)],
        "metadata": [*hsds_metadata(record)],
        "credentials": [*hsds_credentials(record)],
    }


def service_at_location_summary(record: OpenRecord, organization: Mapping[str, Any]) -> dict:
    return _service_at_location_alone(record) | {
        "location": location_summary(record),
        "service": service_summary(record, organization),
    }


def service_at_location(record: OpenRecord, organization: Mapping[str, Any]) -> dict:
    return _service_at_location_alone(record) | {
        "location": location(record),
        "service": service_summary(record, organization) | service_parts(record),
    }


def _service_at_location_alone(record: OpenRecord) -> dict:
    key = str(record.uuid)
    return {"id": key, "service_id": key, "location_id": key}


def location_summary(record: OpenRecord) -> dict:
    values = record.values
    return _without_empty(
        {
            "id": str(record.uuid),
            "location_type": "physical",
            "organization_id": organization_id(values["name"]),
            "name": values["name"],
            "latitude": record.latitude,
            "longitude": record.longitude,
            "position_origin": record.position_origin,
        }
    ) | _place_of_private_address(record)


def location(record: OpenRecord) -> dict:
    return location_summary(record) | {"addresses": [*hsds_addresses(record)]}


def _place_of_private_address(record: OpenRecord) -> dict:
    if not record.is_address_confidential:
        return {}
    city, state = record.values["city"], record.values["state"]
    return {
        "description": f"In {city}, {state}. The street address is kept private.",
        "is_address_confidential": True,
        "city": city,
        "state_province": state,
    }


def hsds_addresses(record: OpenRecord) -> Iterator[dict]:
    """Yield the address, or none if it is kept private."""
    if record.is_address_confidential:
        return
    values = record.values
    yield {
        "id": part_id(record.uuid, "address"),
        "location_id": str(record.uuid),
        "address_1": values["street"],
        **_without_empty({"address_2": values["street2"]}),
        "city": values["city"],
        "state_province": values["state"],
        "postal_code": values["zip"],
        "country": COUNTRY,
        "address_type": "physical",
        **_without_empty({"county_fips": record.county_fips}),
    }


def phones(record: OpenRecord) -> Iterator[dict]:
    """Yield the main number, those of intake, and the fax."""
    values = record.values
    if values["phone"]:
        yield _phone(record, "main", values["phone"], values["phone_extension"], MAIN_PHONE)
    for number, phone in enumerate(values["intake_phones"]):
        written = f": {phone['shown']}" if phone.get("shown") else ""
        extension = phone.get("extension", "")
        words = f"{INTAKE_PHONE}{written}"
        yield _phone(record, f"intake:{number}", phone["number"], extension, words)
    if values["fax"]:
        yield _phone(record, "fax", values["fax"], "", FAX, kind="fax")


def _phone(
    record: OpenRecord, part: str, number: str, extension: str, words: str, kind: str = "voice"
) -> dict:
    """HSDS's extension is a number, which has no leading zeros: the text has them as well."""
    dialed = {"extension": int(extension), "extension_digits": extension} if extension else {}
    key = part_id(record.uuid, f"phone:{part}")
    return {"id": key, "number": number, **dialed, "type": kind, "description": words}


def schedules(record: OpenRecord) -> Iterator[dict]:
    """Yield the intake line's hours in its own time: an entry for the days of one interval."""
    hours = record.values["hours"]
    if is_always_open(hours):
        yield _schedule(record, "always", ALL_DAYS, *DAY_AND_NIGHT)
    else:
        days_of: dict[tuple[str, str], list[str]] = {}
        for day in DAYS:
            for begin, end in hours.get(day, ()):
                days_of.setdefault((begin, end), []).append(day[:2].upper())
        for (begin, end), days in days_of.items():
            yield _schedule(record, f"{begin}-{end}", ",".join(days), begin, end)
    if words := record.values["admission_hours"]:
        key = part_id(record.uuid, "schedule:admission")
        yield {"id": key, "description": ADMISSION_HOURS, "notes": words}


def _schedule(record: OpenRecord, part: str, days: str, begin: str, end: str) -> dict:
    return {
        "id": part_id(record.uuid, f"schedule:{part}"),
        "freq": "WEEKLY",
        "byday": days,
        "opens_at": begin,
        "closes_at": end,
        "description": INTAKE_HOURS,
    }


def hsds_languages(record: OpenRecord) -> Iterator[dict]:
    for each in record.offered & _services_of(LANGUAGE_CATEGORIES):
        key = part_id(record.uuid, f"language:{each.slug}")
        code = LANGUAGE_CODES.get(each.slug, "")
        yield {"id": key, "name": each.label_en, **_without_empty({"code": code})}


def attributes(record: OpenRecord) -> Iterator[dict]:
    """Yield what is offered as yes and what is denied as no; no entry is not reported."""
    denied = ServiceSet.of(*(slug for slug in record.denied if slug in VOCABULARY))
    terms = service_terms_by_slug()
    for answer, services in ((YES, record.offered), (NO, denied)):
        for each in services:
            key = part_id(record.uuid, each.fact)
            yield {"id": key, "value": answer, "taxonomy_term": terms[each.slug]}


def capacities(record: OpenRecord) -> Iterator[dict]:
    """Yield whether the facility says that it can admit, 1 or 0, while that counts."""
    stated = record.availability
    if stated is None or not stated.can_be_told(record.offered):
        return
    until = f"Counts until {format_moment(stated.expires_at)}. Call first."
    yield {
        "id": part_id(record.uuid, "capacity"),
        "unit": {"id": term_id("unit:admission"), "name": ADMISSION},
        "available": int(stated.can_admit),
        "description": f"{_programs(stated, record.offered)}{until}",
        "updated": format_moment(stated.stated_at),
    }


def _programs(stated: Availability, offered: ServiceSet) -> str:
    labels = "; ".join(each.label_en for each in stated.programs(offered))
    return f"For: {labels}. " if labels else ""


def hsds_metadata(record: OpenRecord) -> Iterator[dict]:
    """Yield the release that states the service, then each check that counts, by fact."""
    if stated_by := record.stated_by:
        yield _metadata(
            record,
            "source",
            on=_iso(stated_by.published_on),
            action=STATED,
            fact=SOURCE_FIELD,
            after=f"{stated_by.source} {stated_by.edition}",
            by="the facility, to the source",
        )
    for fact, stated in sorted(record.fact_sources.items()):
        if fact not in record.checks:
            yield from _relayed_metadata(record, fact, stated)
    for fact, checks in sorted(record.checks.items()):
        for check in checks:
            yield _metadata(
                record,
                f"{fact}:{check.outcome}",
                on=format_moment(check.checked_at),
                action=f"{check.outcome} by {check.method}",
                fact=fact,
                before=_value_text(fact, check.value_before),
                after=_value_text(fact, check.value_after),
                by="facility" if check.method == Verification.Method.FACILITY else "curator",
            )


def _relayed_metadata(record: OpenRecord, fact: str, stated: Mapping[str, str]) -> Iterator[dict]:
    """Yield what another installation checked, or what another list states, of one fact."""
    if "source" in stated:
        method = stated.get("method")
        yield _metadata(
            record,
            f"{fact}:relayed",
            on=stated["date"],
            action=f"{stated.get('outcome', 'confirmed')} by {method}" if method else STATED,
            fact=fact,
            after="",
            by=f"{stated['source']} {stated.get('edition', '')}".strip(),
        )
    if doubted := stated.get("could_not_be_confirmed_on"):
        yield _metadata(
            record,
            f"{fact}:relayed-doubt",
            on=doubted,
            action="not_confirmed by phone",
            fact=fact,
            after="",
            by="curator",
        )


def _metadata(
    record: OpenRecord, part: str, *, on: str, action: str, fact: str, after: str, by: str,
    before: str = "",
) -> dict:  # fmt: skip
    return {
        "id": part_id(record.uuid, f"metadata:{part}"),
        "last_action_date": on,
        "last_action_type": action,
        "field_name": fact,
        "previous_value": before,
        "replacement_value": after,
        "updated_by": by,
    }


def organization_summary(name: str, count: int, states: Iterable[str]) -> dict:
    """Return the organization that operates ``count`` listed facilities under this name."""
    return {
        "id": organization_id(name),
        "name": name,
        "description": _operates(count, sorted(states)),
    }


def organization_identifiers(record: OpenRecord, organization: str) -> Iterator[dict]:
    """Yield the numbers of the facility's licenses, accreditations and certifications."""
    for credential in record.credentials:
        if credential.number:
            yield {
                "id": _credential_id(record, credential.kind, credential.issuer, credential.number),
                "organization_id": organization,
                "identifier_type": f"{credential.issuer}, {credential.get_kind_display().lower()}",
                "identifier": credential.number,
            }


def hsds_credentials(record: OpenRecord) -> Iterator[dict]:
    """Yield licenses, accreditations and certifications whole: HSDS has no place for most of it."""
    for row in credential_rows(record):
        key = _credential_id(record, row["kind"], row["issuer"], row["number"])
        stated = {name: cell for name, cell in row.items() if name not in ("id", "code")}
        yield {"id": key, "service_id": str(record.uuid), **_without_empty(stated)}


def _credential_id(record: OpenRecord, kind: str, issuer: str, number: str) -> str:
    return part_id(record.uuid, f"credential:{kind}:{issuer}:{number}")


def _operates(count: int, states: list[str]) -> str:
    facilities = "1 listed facility" if count == 1 else f"{count:,} listed facilities"
    where = f" in {', '.join(states)}" if states else ""
    return (
        f"Operates {facilities} of substance use treatment{where}. Organizations are told apart by "
        "their name alone, as the source spells it."
    )


def _value_text(fact: str, value: Any) -> str:
    try:
        return format_value(fact, value)
    except KeyError:
        return NOT_REPORTED if value is None else str(value)


def _exclusions(words: str) -> str:
    return f"{EXCLUSIONS_PREFIX}{words}" if words else ""


def _credential_words(credential: Credential) -> str:
    until = f", until {credential.expires_on.isoformat()}" if credential.expires_on else ""
    return f"{credential}{until}"


def _labels(offered: ServiceSet, categories: tuple[str, ...]) -> str:
    return _joined_labels(offered & _services_of(categories))


@lru_cache(maxsize=10_000)
def _joined_labels(services: ServiceSet) -> str:
    return ", ".join(each.label_en for each in services)


@cache
def _services_of(categories: tuple[str, ...]) -> ServiceSet:
    return ServiceSet.of(*(each for each in VOCABULARY if each.category.slug in categories))


def _without_empty(fields: Mapping[str, Any]) -> dict:
    """HSDS has no empty values: what is not known is left out."""
    return {name: value for name, value in fields.items() if value not in ("", None)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def format_moment(moment: datetime | None) -> str:
    """Return "2026-11-28T06:51:44.123Z": HSDS asks for milliseconds."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
