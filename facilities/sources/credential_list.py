"""Lists of licenses and accreditations, such as a state publishes, as .csv with a map of columns.

The map is a TOML file: ``kind`` ("license", "accreditation" or "certification"), ``issuer``,
``date_format`` (as strptime reads it; ISO by default), ``source`` (who publishes it; the issuer by
default) and ``[columns]``, our name = "heading of the file". ``name``, ``city`` and ``state`` say
whose it is; ``number`` and ``expires_on`` what it is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import file_reading
from .address import read_postal_address
from .cleaners import phone_cell, text_cell
from .credential_cells import DETAILS, ISO, KINDS, ORIGIN, read_credential
from .rows import FacilityRow, ParsedFile, Rejection, StatedCredential, UnusableFile, UnusableRow

OWNER = ("name", "program_name", "street", "street2", "city", "state", "zip", "phone")
REQUIRED = ("name", "city", "state", "zip", "number")
CONSTANTS = ("kind", "issuer", "proof_url")  # of a whole list, where no column says it


@dataclass(frozen=True, slots=True)
class CredentialList:
    """``owners``: a file of the facilities, row by row, to be matched with those we know."""

    owners: ParsedFile
    credentials: Mapping[int, StatedCredential]


def read_credential_map(path: Path) -> dict[str, Any]:
    """Raises UnusableFile with all that is wrong."""
    try:
        content = tomllib.loads(file_reading.require_readable(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{path.name} is not a TOML file: {error}.") from error
    columns = content.get("columns", {})
    known = (*OWNER, *DETAILS, *ORIGIN)
    faults = [f"There is no column {name}." for name in columns if name not in known]
    faults += [f"[columns] lacks {name}." for name in REQUIRED if name not in columns]
    if content.get("kind") not in KINDS and "kind" not in columns:
        faults.append(f"kind is one of {', '.join(KINDS)}.")
    if not content.get("issuer") and "issuer" not in columns:
        faults.append(f"{path.name} does not say the issuer.")
    if faults:
        raise UnusableFile(*faults)
    return content


def read_credentials(path: Path, reading: Mapping[str, Any], on: date) -> CredentialList:
    """Read a whole list as of a day."""
    lines = file_reading.csv_lines(file_reading.require_readable(path))
    headings = [text_cell(heading) for heading in lines[0]] if lines else []
    if missing := sorted({*reading["columns"].values()}.difference(headings)):
        raise UnusableFile(*(f"The heading {heading} is missing." for heading in missing))
    owners, credentials, rejections = [], {}, []
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(headings, line, strict=False))
        if not any(text_cell(cell) for cell in line):
            continue
        values = {
            ours: text_cell(cells.get(heading)) for ours, heading in reading["columns"].items()
        }
        try:
            owners.append(_owner(values, number))
            credentials[number] = _credential(values, reading)
        except ValueError as error:
            rejections.append(Rejection(number, str(error)))
    owners = [owner for owner in owners if owner.row_number in credentials]
    return CredentialList(
        ParsedFile(
            source="credentials",
            edition=on.isoformat(),
            published_on=on,
            file_name=path.name,
            sha256=file_reading.sha256_of(path),
            rows=tuple(owners),
            rejections=tuple(rejections),
        ),
        credentials,
    )


def _owner(values: Mapping[str, str], row_number: int) -> FacilityRow:
    try:
        dialed = phone_cell(values.get("phone"))
    except ValueError:
        dialed = None  # it only helps to find the facility
    address = read_postal_address(values)
    return FacilityRow(row_number, **address, phone=dialed["number"] if dialed else "")


def _credential(values: Mapping[str, str], reading: Mapping[str, Any]) -> StatedCredential:
    if not values.get("number"):
        raise UnusableRow("no number")
    constants = {name: values.get(name) or reading.get(name, "") for name in CONSTANTS}
    source = values.get("source") or reading.get("source") or constants.get("issuer")
    cells = {**values, **constants, "source": source}
    return read_credential(cells, reading.get("date_format", ISO))
