"""Lists of licenses and accreditations, such as a state publishes, as .csv with a map of columns.

The map is a TOML file: ``kind`` ("license", "accreditation" or "certification"), ``issuer``,
``date_format`` (as strptime reads it; ISO by default) and ``[columns]``, our name = "heading of the
file". ``name``, ``city`` and ``state`` say whose it is; ``number`` and ``expires_on`` what it is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from . import file_reading
from .address import read_address
from .cleaners import phone, text, website
from .rows import FacilityRow, ParsedFile, Rejection, UnusableFile, UnusableRow

KINDS = ("license", "accreditation", "certification")
OWNER = ("name", "program_name", "street", "street2", "city", "state", "zip", "phone")
DETAILS = ("issuer", "number", "scope", "issued_on", "expires_on", "proof_url")
REQUIRED = ("name", "city", "state", "zip", "number")
LONGEST = {"issuer": 200, "number": 100, "scope": 200}
ISO = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """One line of the list: what it certifies. Whose it is stands in the row of its number."""

    row_number: int
    kind: str
    issuer: str
    number: str
    scope: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    proof_url: str = ""


@dataclass(frozen=True, slots=True)
class CredentialList:
    """``owners``: a file of the facilities, row by row, to be matched with those we know."""

    owners: ParsedFile
    credentials: Mapping[int, CredentialRow]


def read_credential_map(path: Path) -> dict[str, Any]:
    """Raises UnusableFile with all that is wrong."""
    try:
        content = tomllib.loads(file_reading.require_readable(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{path.name} is not a TOML file: {error}.") from error
    columns = content.get("columns", {})
    faults = [f"There is no column {name}." for name in columns if name not in OWNER + DETAILS]
    faults += [f"[columns] lacks {name}." for name in REQUIRED if name not in columns]
    if content.get("kind") not in KINDS:
        faults.append(f"kind is one of {', '.join(KINDS)}.")
    if not content.get("issuer") and "issuer" not in columns:
        faults.append(f"{path.name} does not say the issuer.")
    if faults:
        raise UnusableFile(*faults)
    return content


def read_credentials(path: Path, reading: Mapping[str, Any], on: date) -> CredentialList:
    """Read a whole list as of a day."""
    lines = file_reading.csv_lines(file_reading.require_readable(path))
    headings = [text(heading) for heading in lines[0]] if lines else []
    if missing := sorted({*reading["columns"].values()}.difference(headings)):
        raise UnusableFile(*(f"The heading {heading} is missing." for heading in missing))
    owners, credentials, rejections = [], {}, []
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(headings, line, strict=False))
        if not any(text(cell) for cell in line):
            continue
        values = {ours: text(cells.get(heading)) for ours, heading in reading["columns"].items()}
        try:
            owners.append(_owner(values, number))
            credentials[number] = _credential(values, number, reading)
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
        dialed = phone(values.get("phone"))
    except ValueError:
        dialed = None  # it only helps to find the facility
    address = read_address(values)
    return FacilityRow(row_number, **address, phone=dialed["number"] if dialed else "")


def _credential(
    values: Mapping[str, str], row_number: int, reading: Mapping[str, Any]
) -> CredentialRow:
    texts = {name: values.get(name, "") for name in LONGEST}
    texts["issuer"] = texts["issuer"] or str(reading.get("issuer", ""))
    for name, longest in LONGEST.items():
        if len(texts[name]) > longest:
            raise UnusableRow(f"{name} is longer than {longest} characters")
    if not texts["number"]:
        raise UnusableRow("no number")
    days = {
        name: _day(values.get(name, ""), reading.get("date_format", ISO))
        for name in ("issued_on", "expires_on")
    }
    if days["issued_on"] and days["expires_on"] and days["expires_on"] < days["issued_on"]:
        raise UnusableRow("it expires before it was issued")
    return CredentialRow(
        row_number,
        reading["kind"],
        texts["issuer"],
        texts["number"],
        texts["scope"],
        issued_on=days["issued_on"],
        expires_on=days["expires_on"],
        proof_url=website(values.get("proof_url") or reading.get("proof_url")),
    )


def _day(written: str, date_format: str) -> date | None:
    if not written:
        return None
    try:
        return datetime.strptime(written, date_format).date()
    except ValueError:
        raise UnusableRow(f"date not understood: {written!r}") from None
