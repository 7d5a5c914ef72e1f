"""Brings a list of licenses or accreditations to the facilities that it names.

Facilities are found as for a release: by name, address and telephone number. A line that fits none
or several adds nothing and is reported. A credential is known by facility, kind, issuer and number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..models import Credential, Facility
from ..places.tables import zip_code_table
from ..resolution.change_log import recording_changes
from ..resolution.snapshot import read_snapshot
from ..sources.credential_list import CredentialList
from ..sources.rows import StatedCredential
from .record_linkage import link_records

UPDATED = ("scope", "issued_on", "expires_on", "proof_url", "source", "checked_on")


@dataclass
class CredentialReport:
    """``unmatched`` and ``ambiguous``: rows of the list, by number and name."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    unmatched: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


def load_credentials(listed: CredentialList, *, on: date, is_dry_run: bool) -> CredentialReport:
    """Add and renew credentials; ``on`` is the day on which the list was seen."""
    reading = listed.owners
    matching = link_records(_without_repeated(reading), read_snapshot(), zip_code_table())
    names = {
        row.row_number: f"row {row.row_number}: {row.name}, {row.city}" for row in reading.rows
    }
    owners = _owners(listed, matching.pairs)
    report = CredentialReport(
        unmatched=[names[number] for number in sorted(matching.new)],
        ambiguous=[names[number] for number in sorted(matching.ambiguous)],
        rejected=[f"row {each.row_number}: {each.reason}" for each in reading.rejections],
    )
    with recording_changes() as log:
        known = {
            (each.facility_id, each.kind, each.issuer, each.number): each
            for each in Credential.objects.filter(facility__in={*owners.values()})
        }
        facilities = Facility.objects.in_bulk({*owners.values()})
        for number, facility in owners.items():
            row = listed.credentials[number]
            former = known.get((facility, *row.key))
            values = _values(row, on)
            if former and all(getattr(former, name) == value for name, value in values.items()):
                report.unchanged += 1
                continue
            report.added += former is None
            report.updated += former is not None
            if is_dry_run:
                continue
            credential = former or Credential(
                facility_id=facility, kind=row.kind, issuer=row.issuer, number=row.number
            )
            for name, value in values.items():
                setattr(credential, name, value)
            credential.save()
            log.note_fields(facilities[facility], ["credentials"])
    return report


def _values(row: StatedCredential, on: date) -> dict[str, Any]:
    stated = {name: getattr(row, name) for name in UPDATED}
    # No release brought it, so none takes it away.
    return stated | {"checked_on": row.checked_on or on, "is_listed": False, "is_confirmed": True}


def _without_repeated(reading):
    """Leave one row of each owner: two licenses of one house are not two houses."""
    first = {_owner_key(row): row for row in reversed(reading.rows)}
    return replace(reading, rows=tuple(sorted(first.values(), key=lambda row: row.row_number)))


def _owners(listed: CredentialList, pairs: Mapping[int, int]) -> dict[int, int]:
    """Return row number -> facility, for every row of an owner that was found."""
    found = {
        _owner_key(row): pairs[row.row_number]
        for row in listed.owners.rows
        if row.row_number in pairs
    }
    return {
        row.row_number: found[_owner_key(row)]
        for row in listed.owners.rows
        if _owner_key(row) in found
    }


def _owner_key(row) -> tuple[str, str, str, str]:
    return row.name, row.program_name, row.street, row.zip
