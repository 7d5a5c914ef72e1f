"""SAMHSA's National Directory as a workbook (.xlsx) or as .csv of the same columns.

The file is dated by the day its workbook was made, if that lies in the edition's year, else by the
first day of that year: a fact may look older than it is, never fresher.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from . import file_reading
from .address import read_postal_address, require_possible_zip
from .cleaners import phone_cell, text_cell
from .codes import Key, ServiceCodeReader, find_columns, read_code_key
from .rows import FacilityRow, FaultCollector, ParsedFile, Rejection, UnusableFile, UnusableRow

SOURCE = "directory"
HEADINGS = {
    "name": ("name1", "name 1", "name", "facility name"),
    "program_name": ("name2", "name 2", "program name"),
    "street": ("street1", "street 1", "street", "address"),
    "street2": ("street2", "street 2", "address2"),
    "city": ("city",),
    "state": ("state",),
    "zip": ("zip", "zipcode", "zip code"),
    "phone": ("phone", "telephone"),
    "intake1": ("intake1", "intake 1"),
    "intake2": ("intake2", "intake 2"),
    "intake1a": ("intake1a", "intake 1a"),
    "intake2a": ("intake2a", "intake 2a"),
    "codes": ("service_code_info", "service code info", "service_codes"),
}
OPTIONAL = {"program_name", "street2", "intake1", "intake2", "intake1a", "intake2a"}
INTAKES = ("intake1", "intake2", "intake1a", "intake2a")
Progress = Callable[[Iterable], Iterable]


def read_directory(
    path: Path, *, edition: str = "", key: Key | None = None, progress: Progress = iter
) -> ParsedFile:
    """Read a whole file. A .csv has no key sheet and needs the ``key`` of its workbook."""
    file_reading.require_readable(path)
    is_csv = path.suffix.lower() in (".csv", ".txt")
    sheets = {} if is_csv else file_reading.workbook_sheets(path)
    faults = FaultCollector()
    if is_csv:
        lines: list[list] | None = file_reading.csv_lines(path)
        if not key:
            faults.add(f"{path.name} has no key sheet: name a workbook that has, with --key.")
    else:
        lines = faults.collect(_facility_lines, path, sheets)
        key = faults.collect(_key_sheet, path, sheets)
    title, made_on = ("", None) if is_csv else file_reading.workbook_properties(path)
    edition = edition or file_reading.find_year(title, path.stem)
    if not edition:
        faults.add(f"{path.name} does not say its year: give it with --edition.")
    elif edition != file_reading.find_year(edition):
        faults.add(f"The edition is a year such as 2023, not {edition!r}.")
    # Without a key the rows are read all the same: they may have faults of their own.
    read = (
        faults.collect(parse_directory_rows, lines, key or {}, progress=progress) if lines else None
    )
    rows, rejections = read or ((), ())
    if read and not rows:
        faults.add(f"{path.name} has no usable rows below its headings.")
    faults.raise_any()
    return ParsedFile(
        source=SOURCE,
        edition=edition,
        published_on=_published_on(edition, made_on),
        file_name=path.name,
        sha256=file_reading.sha256_of(path),
        rows=rows,
        rejections=rejections,
        key_sheet=key or {},
    )


def read_workbook_key(path: Path) -> Key:
    return _key_sheet(path, file_reading.workbook_sheets(file_reading.require_readable(path)))


def parse_directory_rows(
    lines: list[list], key: Key, *, progress: Progress = iter
) -> tuple[tuple[FacilityRow, ...], tuple[Rejection, ...]]:
    """Return rows and rejections from lines of cells, headings first; empty lines are skipped."""
    headings = [text_cell(heading) for heading in lines[0]] if lines else []
    present = OPTIONAL | find_columns(headings, HEADINGS).keys()
    missing = [names[0] for field, names in HEADINGS.items() if field not in present]
    if missing:
        raise UnusableFile(*(f"The heading {heading} is missing." for heading in missing))
    codes = ServiceCodeReader(key)
    rows, rejections = [], []
    for number, line in enumerate(progress(lines[1:]), start=2):
        cells = {heading: _verbatim(cell) for heading, cell in zip(headings, line, strict=False)}
        if not any(cell.strip() for cell in cells.values()):
            continue
        try:
            row = parse_directory_row(cells, number, codes)
            require_possible_zip(row)
        except UnusableRow as error:
            rejections.append(Rejection(number, str(error)))
        else:
            rows.append(row)
    return tuple(rows), tuple(rejections)


def parse_directory_row(
    cells: Mapping[str, str], row_number: int, codes: ServiceCodeReader
) -> FacilityRow:
    values = list(cells.values())
    fields = {field: values[at] for field, at in _columns(tuple(cells)).items()}
    offered, unknown = codes.read(fields["codes"])
    phones, warnings = _phones(fields)
    return FacilityRow(
        row_number=row_number,
        **read_postal_address(fields),
        **phones,
        offered=offered,
        unknown=unknown,
        warnings=warnings if offered else ("no services stated", *warnings),
        raw=cells,
    )


def _phones(fields: Mapping[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the numbers that can be dialed, and a line for each of the others."""
    numbers, warnings = {}, []
    for field in ("phone", *INTAKES):
        try:
            numbers[field] = phone_cell(fields.get(field, ""))
        except ValueError as error:
            warnings.append(str(error))
    main = numbers.pop("phone", None) or {"number": "", "extension": ""}
    found = {
        "phone": main["number"],
        "phone_extension": main["extension"],
        "intake_phones": tuple(number for number in numbers.values() if number),
    }
    return found, tuple(warnings)


def _facility_lines(path: Path, sheets: Mapping[str, list[list]]) -> list[list]:
    """Return the lines of the sheet whose headings are, almost, those of a facility list."""
    likeness = {
        name: len(find_columns(lines[0], HEADINGS)) for name, lines in sheets.items() if lines
    }
    best = max(likeness, key=likeness.__getitem__, default="")
    if not best or likeness[best] < len(HEADINGS) // 2:
        raise UnusableFile(f"{path.name} has no sheet with the headings of a facility list.")
    return sheets[best]


def _key_sheet(path: Path, sheets: Mapping[str, list[list]]) -> Key:
    for lines in sheets.values():
        if lines and len(find_columns(lines[0], {"code": ("service_code",)})) == 1:
            return read_code_key(lines)
    raise UnusableFile(f"{path.name} has no key sheet (Service Code Reference).")


@cache
def _columns(headings: tuple[str, ...]) -> dict[str, int]:
    return find_columns([*headings], HEADINGS)


def _verbatim(cell: object) -> str:
    """Return text without null bytes; numbers and dates as the text that Excel shows."""
    return cell.replace("\0", "") if isinstance(cell, str) else text_cell(cell)


def _published_on(edition: str, made_on: date | None) -> date:
    year = int(edition)
    return made_on if made_on and made_on.year == year else date(year, 1, 1)
