"""Lists of others, such as a county's or a 211's: rows under the names of our published table.

A file of HSDS is brought into this form by ``hsds.py``; the columns of a .csv are named by a map
that the operator writes (``read_column_map``). Every cell is text. A list states only what it has:
an empty cell says nothing of a facility.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from ..geo import Point
from ..taxonomy import VOCABULARY, Service, ServiceSet
from . import file_reading
from .address import read_postal_address, require_possible_zip
from .cleaners import phone_cell, text_cell, website_cell
from .credential_cells import read_credential
from .rows import (
    ALL_FACTS,
    STREET,
    ZIP_CENTRE,
    FacilityRow,
    ParsedFile,
    Position,
    Rejection,
    StatedCredential,
    UnusableFile,
    UnusableRow,
)

PLAIN = ("name", "program_name", "street", "street2", "city", "state", "zip")
CONTACT = ("phone", "phone_extension", "intake_phones", "website")
# Facts that SAMHSA's files never state.
MORE = (
    "hours", "fax", "admission_hours", "referral_requirements", "admission_exclusions",
    "is_address_confidential",
)  # fmt: skip
LISTS = ("services_yes", "services_no")
POSITION = ("latitude", "longitude", "position_origin")
# Of a published table: who stated the row, and what has another source than the rest of it.
ORIGIN = ("id", "source", "edition", "published_on")
MAPPED_COLUMNS = (*PLAIN, *CONTACT, *MORE, *LISTS, *POSITION, *ORIGIN)
# Of a file of HSDS alone: no cell of a table can hold them.
NESTED = ("fact_sources", "credentials")
COLUMNS = (*MAPPED_COLUMNS, *NESTED)
REQUIRED = ("name", "city", "state")
EXACT_ORIGINS = ("", "street", "hand")
YES, NO = ("yes", "y", "x", "1", "true"), ("no", "n", "0", "false")
NO_ZIP = "00000"
ParseFact = Callable[[str, str], Any]  # fact, text -> value; raises ValueError with a sentence
Progress = Callable[[Iterable], Iterable]


class LocalListReader:
    """Reads cells as a map says.

    ``reading`` is JSON, stored with the release: "columns" maps ours to the file's heading, so
    that empty means that the file uses our names; "services" maps a slug to a heading of its own;
    "yes" and "no" are further words for both.
    """

    def __init__(self, reading: Mapping[str, Any], parse_fact: ParseFact) -> None:
        self.columns = reading.get("columns") or dict(zip(COLUMNS, COLUMNS, strict=True))
        self.services = reading.get("services", {})
        self.yes = {*YES, *(word.casefold() for word in reading.get("yes", ()))}
        self.no = {*NO, *(word.casefold() for word in reading.get("no", ()))}
        self.parse_fact = parse_fact

    def read_cells(self, cells: Mapping[str, Any], row_number: int) -> FacilityRow:
        values = {ours: cells.get(heading) or "" for ours, heading in self.columns.items()}
        warnings: list[str] = []
        more = self._more(values, warnings)
        offered, denied, unknown = self._services(values, cells)
        return FacilityRow(
            row_number=row_number,
            **_address(values, is_private=more.get("is_address_confidential", False)),
            **_contacts(values, warnings),
            position=_position(values, warnings),
            offered=offered,
            denied=denied - offered,
            more=more,
            fact_sources=_fact_sources(values),
            credentials=_credentials(values, warnings),
            identity=_identity(values.get("id", "")),
            unknown=unknown,
            warnings=tuple(warnings),
            raw=cells,
        )

    def _more(self, values: Mapping[str, Any], warnings: list[str]) -> dict[str, Any]:
        more = {}
        for fact in MORE:
            if written := str(values.get(fact, "")).strip():
                if fact == "is_address_confidential":
                    more[fact] = written.casefold() in self.yes
                    continue
                try:
                    more[fact] = self.parse_fact(fact, written)
                except ValueError as error:
                    warnings.append(f"{fact} not understood: {error}")
        return more

    def _services(
        self, values: Mapping[str, Any], cells: Mapping[str, Any]
    ) -> tuple[ServiceSet, ServiceSet, tuple[str, ...]]:
        unknown: dict[str, None] = {}
        found: dict[str, list[Service]] = {}
        for column in LISTS:
            found[column] = []
            for word in str(values.get(column, "")).replace("|", ";").split(";"):
                if word.strip():
                    service = find_service_by_word(word)
                    if service is None:
                        unknown[word.strip()] = None
                    else:
                        found[column].append(service)
        for slug, heading in self.services.items():
            answer = text_cell(cells.get(heading)).casefold()
            if answer in self.yes:
                found["services_yes"].append(VOCABULARY[slug])
            elif answer in self.no:
                found["services_no"].append(VOCABULARY[slug])
        offered, denied = (ServiceSet.of(*found[column]) for column in LISTS)
        return offered, denied, tuple(unknown)


def find_service_by_word(word: str) -> Service | None:
    """Return the service of a slug or label, or the only one that a word names."""
    word = word.strip()
    if word in VOCABULARY:
        return VOCABULARY[word]
    named = VOCABULARY.services_for_term(word)
    labels = [each for each in named if word.casefold() in _labels(each)]
    found = labels or named
    return found[0] if len(found) == 1 else None


def _labels(service: Service) -> tuple[str, str]:
    return service.label_en.casefold(), service.label_es.casefold()


def _address(values: Mapping[str, Any], *, is_private: bool) -> dict[str, Any]:
    """Read the address. One that is kept private needs no ZIP code, and no street is taken."""
    cells = {name: values.get(name, "") for name in PLAIN}
    if not is_private:
        return read_postal_address(cells)
    return read_postal_address(cells | {"street": "", "street2": "", "zip": NO_ZIP}) | {"zip": ""}


def _contacts(values: Mapping[str, Any], warnings: list[str]) -> dict[str, Any]:
    extension = text_cell(values.get("phone_extension"))
    main_text = text_cell(values.get("phone")) + (f" x{extension}" if extension else "")
    main = _clean(phone_cell, main_text, warnings) or {"number": "", "extension": ""}
    lines = str(values.get("intake_phones") or "").replace("\n", ";").split(";")
    intake = (_clean(phone_cell, line, warnings) for line in lines if line.strip())
    return {
        "phone": main["number"],
        "phone_extension": main["extension"],
        "intake_phones": tuple(number for number in intake if number),
        "website": _clean(website_cell, values.get("website"), warnings) or "",
    }


def _clean(cleaner: Callable[[Any], Any], cell: Any, warnings: list[str]) -> Any:
    try:
        return cleaner(cell)
    except ValueError as error:
        warnings.append(str(error))
        return None


def _position(values: Mapping[str, Any], warnings: list[str]) -> Position | None:
    latitude, longitude = text_cell(values.get("latitude")), text_cell(values.get("longitude"))
    origin = text_cell(values.get("position_origin"))
    if not (latitude and longitude) or origin == "city":
        return None
    try:
        point = Point(float(latitude), float(longitude))
    except ValueError:
        warnings.append(f"position not understood: {latitude}, {longitude}")
        return None
    return Position(point, STREET if origin in EXACT_ORIGINS else ZIP_CENTRE)


def _fact_sources(values: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Return who stated the row, if the file says so, and whatever has a source of its own."""
    stated = dict(values.get("fact_sources") or {})
    if source := text_cell(values.get("source")):
        stated[ALL_FACTS] = {
            "source": source,
            "edition": text_cell(values.get("edition")),
            "date": text_cell(values.get("published_on")),
        }
    return stated


def _credentials(values: Mapping[str, Any], warnings: list[str]) -> tuple[StatedCredential, ...]:
    found: dict[tuple[str, str, str], StatedCredential] = {}
    for cells in values.get("credentials") or ():
        try:
            credential = read_credential(cells)
        except ValueError as error:
            warnings.append(f"credential not understood: {error}")
        else:
            found.setdefault(credential.key, credential)
    return tuple(found.values())


def _identity(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def read_column_map(path: Path) -> dict[str, Any]:
    """Read the map of a .csv, a TOML file. Raises UnusableFile with all that is wrong.

    ``source`` and ``title`` name the list; ``[columns]`` has our column = "heading of the file";
    ``[services]`` has the slug of a service = "heading of a column with yes or no"; ``yes`` and
    ``no`` list further words for both.
    """
    try:
        content = tomllib.loads(file_reading.require_readable(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{path.name} is not a TOML file: {error}.") from error
    columns, services = content.get("columns", {}), content.get("services", {})
    faults = [f"{path.name} does not say {name}." for name in ("source",) if not content.get(name)]
    faults += [f"There is no column {name}." for name in columns if name not in MAPPED_COLUMNS]
    faults += [f"There is no service {slug}." for slug in services if slug not in VOCABULARY]
    faults += [f"[columns] lacks {name}." for name in REQUIRED if name not in columns]
    if faults:
        raise UnusableFile(*faults)
    return content


def parse_list_rows(
    cells: Iterable[tuple[int, Mapping[str, Any]]],
    reading: Mapping[str, Any],
    parse_fact: ParseFact,
    *,
    progress: Progress = iter,
) -> tuple[tuple[FacilityRow, ...], tuple[Rejection, ...]]:
    """Read (row number, cells)."""
    reader = LocalListReader(reading, parse_fact)
    rows, rejections = [], []
    for number, line in progress(cells):
        try:
            row = reader.read_cells(line, number)
            if row.zip:
                require_possible_zip(row)
        except UnusableRow as error:
            rejections.append(Rejection(number, str(error)))
        else:
            rows.append(row)
    return tuple(rows), tuple(rejections)


def read_csv_list(
    path: Path,
    reading: Mapping[str, Any],
    parse_fact: ParseFact,
    *,
    edition: str,
    progress: Progress = iter,
) -> ParsedFile:
    """Read a whole .csv by its map; ``edition`` is the day of the list."""
    day = read_day(edition)
    lines = file_reading.csv_lines(file_reading.require_readable(path))
    headings = [text_cell(heading) for heading in lines[0]] if lines else []
    wanted = {*reading["columns"].values(), *reading.get("services", {}).values()}
    if missing := sorted(wanted.difference(headings)):
        raise UnusableFile(*(f"The heading {heading} is missing." for heading in missing))
    cells = [
        (number, dict(zip(headings, map(_without_nul, line), strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(text_cell(cell) for cell in line)
    ]
    rows, rejections = parse_list_rows(cells, reading, parse_fact, progress=progress)
    if not rows:
        raise UnusableFile(f"{path.name} has no usable rows below its headings.", *(
            f"Row {rejection.row_number}: {rejection.reason}." for rejection in rejections[:3]
        ))  # fmt: skip
    return ParsedFile(
        source=reading["source"],
        source_title=str(reading.get("title", "")),
        edition=edition,
        published_on=day,
        file_name=path.name,
        sha256=file_reading.sha256_of(path),
        rows=rows,
        rejections=rejections,
        key_sheet=dict(reading),
    )


def read_day(edition: str) -> date:
    try:
        return date.fromisoformat(edition)
    except ValueError:
        raise UnusableFile(
            f"The edition is the day of the list, such as 2026-11-28, not {edition!r}."
        ) from None


def _without_nul(cell: str) -> str:
    return cell.replace("\0", "")
