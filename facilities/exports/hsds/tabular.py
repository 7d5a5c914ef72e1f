"""HSDS as tables, one file for each kind of object, with keys that link them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..open_records import OpenRecord
from . import mapping
from .terms import taxonomy, taxonomy_terms

# File of a table, as HSDS names it -> its columns.
TABLES: Mapping[str, tuple[str, ...]] = {
    "organizations.csv": ("id", "name", "description"),
    "services.csv": (
        "id", "organization_id", "name", "alternate_name", "description", "url", "status",
        "application_process", "fees_description", "accreditations", "eligibility_description",
        "assured_date", "last_modified",
    ),
    "locations.csv": (
        "id", "location_type", "organization_id", "name", "description", "latitude", "longitude",
        "position_origin", "is_address_confidential", "city", "state_province",
    ),
    "service_at_location.csv": ("id", "service_id", "location_id"),
    "addresses.csv": (
        "id", "location_id", "address_1", "address_2", "city", "state_province", "postal_code",
        "country", "address_type", "county_fips",
    ),
    "phones.csv": (
        "id", "service_id", "number", "extension", "extension_digits", "type", "description",
    ),
    "schedules.csv": (
        "id", "service_id", "freq", "byday", "opens_at", "closes_at", "description", "notes",
    ),
    "languages.csv": ("id", "service_id", "name", "code"),
    "attributes.csv": (
        "id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value",
    ),
    "metadata.csv": (
        "id", "resource_id", "resource_type", "last_action_date", "last_action_type", "field_name",
        "previous_value", "replacement_value", "updated_by",
    ),
    "organization_identifiers.csv": ("id", "organization_id", "identifier_type", "identifier"),
    "credentials.csv": (
        "id", "service_id", "kind", "issuer", "number", "scope", "issued_on", "expires_on",
        "proof_url", "source", "checked_on",
    ),
    "taxonomies.csv": ("id", "name", "description"),
    "taxonomy_terms.csv": (
        "id", "code", "name", "name_es", "description", "description_es", "parent_id", "taxonomy",
        "taxonomy_id", "language",
    ),
}  # fmt: skip
Row = tuple[str, Mapping[str, Any]]


def facility_rows(record: OpenRecord) -> Iterator[Row]:
    """Yield (file, row) of all tables for one facility, but its organization.

    Availability is left out: it is over before anybody reads the file.
    """
    key = str(record.uuid)
    organization = mapping.organization_id(record.values["name"])
    yield "services.csv", mapping.service_summary(record, {"id": organization})
    yield "locations.csv", mapping.location_summary(record)
    yield "service_at_location.csv", {"id": key, "service_id": key, "location_id": key}
    for address in mapping.hsds_addresses(record):
        yield "addresses.csv", address
    of_service = {"service_id": key}
    for phone in mapping.phones(record):
        yield "phones.csv", phone | of_service
    for schedule in mapping.schedules(record):
        yield "schedules.csv", schedule | of_service
    for language in mapping.hsds_languages(record):
        yield "languages.csv", language | of_service
    link = {"link_id": key, "link_type": "service", "link_entity": "service"}
    for attribute in mapping.attributes(record):
        term = attribute["taxonomy_term"]["id"]
        yield "attributes.csv", {**attribute, "taxonomy_term_id": term, **link}
    of_resource = {"resource_id": key, "resource_type": "service"}
    for entry in mapping.hsds_metadata(record):
        yield "metadata.csv", entry | of_resource
    for identifier in mapping.organization_identifiers(record, organization):
        yield "organization_identifiers.csv", identifier
    for credential in mapping.hsds_credentials(record):
        yield "credentials.csv", credential


def organization_and_taxonomy_rows(organizations: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield (file, row) of organizations and of the taxonomy."""
    for organization in organizations:
        yield "organizations.csv", organization
    yield "taxonomies.csv", taxonomy()
    for term in taxonomy_terms():
        yield "taxonomy_terms.csv", term
