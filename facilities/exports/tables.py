"""The tables that are published: facilities, their facts with source and date, and the services."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import Any

from ..facts.registry import FACTS, format_value
from ..facts.stored_values import UNCONFIRMED
from ..facts.text_format import format_flag
from ..models import Verification
from ..rules.freshness import SERVICE_PREFIX
from ..taxonomy import VOCABULARY
from .open_records import COLUMN_FACTS, OpenRecord

SEPARATOR = "; "  # between several values of one cell
YES, NO = "yes", "no"
CURATOR = "curator"  # the source of what somebody of this directory found out
STATED = "stated"  # the method of what a facility told the source of a release
FACILITY_COLUMNS = (
    "id", "code", "status", *COLUMN_FACTS, "county_fips", "latitude", "longitude",
    "position_origin", "services_yes", "services_no", "last_verified_on", "source", "edition",
    "published_on", "modified_at",
)  # fmt: skip
FACT_COLUMNS = (
    "id", "code", "fact", "value", "source", "date", "method", "could_not_be_confirmed_on",
)  # fmt: skip
CREDENTIAL_COLUMNS = (
    "id", "code", "kind", "issuer", "number", "scope", "issued_on", "expires_on", "proof_url",
    "source", "checked_on",
)  # fmt: skip
SERVICE_COLUMNS = (
    "slug", "category", "label_en", "label_es", "category_en", "category_es", "help_en", "help_es",
    "denies", "is_retired",
)  # fmt: skip
_LISTS = {"intake_phones", "hours"}  # written as a line for each value


def facility_row(record: OpenRecord) -> dict[str, Any]:
    """Return a row of facilities.csv: texts, and numbers for the position."""
    stated_by, modified_at = record.stated_by, record.modified_at
    return {
        "id": str(record.uuid),
        "code": record.code,
        "status": record.status,
        **{name: _text(name, record.values[name]) for name in COLUMN_FACTS},
        "county_fips": record.county_fips,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "position_origin": record.position_origin,
        "services_yes": SEPARATOR.join(record.offered.slugs()),
        "services_no": SEPARATOR.join(record.denied),
        "last_verified_on": _iso(record.last_verified_on),
        "source": stated_by.source if stated_by else "",
        "edition": stated_by.edition if stated_by else "",
        "published_on": _iso(stated_by.published_on) if stated_by else "",
        "modified_at": modified_at.astimezone(UTC).isoformat(timespec="milliseconds")
        if modified_at
        else "",
    }


def fact_rows(record: OpenRecord) -> Iterator[dict[str, str]]:
    """Yield a row of facts.csv for all that is reported of a facility."""
    for name in COLUMN_FACTS:
        if record.values[name] != FACTS[name].default:
            yield _fact_row(record, name, _text(name, record.values[name]))
    if record.position_origin in ("street", "hand") and not record.is_address_confidential:
        yield _fact_row(record, "position", f"{record.latitude}, {record.longitude}")
    for answer, slugs in ((YES, record.offered.slugs()), (NO, record.denied)):
        for slug in slugs:
            yield _fact_row(record, f"{SERVICE_PREFIX}{slug}", answer)


def _fact_row(record: OpenRecord, fact: str, value: str) -> dict[str, str]:
    checks = record.checks.get(fact, ())
    found = next((check for check in checks if check.outcome != UNCONFIRMED), None)
    doubted = next((check for check in checks if check.outcome == UNCONFIRMED), None)
    if found:
        is_own = found.method == Verification.Method.FACILITY
        source, method = "facility" if is_own else CURATOR, found.method
        day = found.checked_at.date().isoformat()
    elif relayed := _relayed(record, fact):
        source, day, method = relayed
    elif record.stated_by:
        source = f"{record.stated_by.source} {record.stated_by.edition}"
        method, day = STATED, record.stated_by.published_on.isoformat()
    else:
        source = method = day = ""
    doubted_on = doubted.checked_at.date().isoformat() if doubted else ""
    return {
        "id": str(record.uuid),
        "code": record.code,
        "fact": fact,
        "value": value,
        "source": source,
        "date": day,
        "method": method,
        "could_not_be_confirmed_on": doubted_on
        or record.fact_sources.get(fact, {}).get("could_not_be_confirmed_on", ""),
    }


def _relayed(record: OpenRecord, fact: str) -> tuple[str, str, str] | None:
    """Return source, day and method of a fact that is not from the record's first source."""
    stated = record.fact_sources.get(fact, {})
    if "source" not in stated:
        return None
    source = f"{stated['source']} {stated.get('edition', '')}".strip()
    return source, stated["date"], stated.get("method", STATED)


def credential_rows(record: OpenRecord) -> Iterator[dict[str, str]]:
    """Yield a row of credentials.csv for each current license, accreditation or certification."""
    for credential in record.credentials:
        yield {
            "id": str(record.uuid),
            "code": record.code,
            "kind": credential.kind,
            "issuer": credential.issuer,
            "number": credential.number,
            "scope": credential.scope,
            "issued_on": _iso(credential.issued_on),
            "expires_on": _iso(credential.expires_on),
            "proof_url": credential.proof_url,
            "source": credential.source or CURATOR,
            "checked_on": _iso(credential.checked_on),
        }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def codebook_rows() -> Iterator[Mapping[str, str]]:
    """Yield a row of services.csv, the codebook, for each service."""
    for service in VOCABULARY:
        yield {
            "slug": service.slug,
            "category": service.category.slug,
            "label_en": service.label_en,
            "label_es": service.label_es,
            "category_en": service.category.label_en,
            "category_es": service.category.label_es,
            "help_en": service.help_en,
            "help_es": service.help_es,
            "denies": SEPARATOR.join(service.denies),
            "is_retired": format_flag(service.retired),
        }


def _text(name: str, value: Any) -> str:
    text = format_value(name, value)
    return text.replace("\n", SEPARATOR) if name in _LISTS else text
