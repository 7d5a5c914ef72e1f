"""Positions beside a workbook: a coordinates table, or what the Census batch geocoder gave back.

Both say which row they mean by edition and row number, and both repeat the row's address, so that
positions of another file, or of the same file with rows shifted, are noticed and not applied.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..geo import Point
from ..text_normalization import normalize_text
from . import file_reading
from .cleaners import text_cell
from .codes import find_columns
from .rows import STREET, ZIP_CENTRE, FacilityRow, ParsedFile, Position, UnusableFile

HEADINGS = {
    "edition": ("directory_year",),
    "row_number": ("xlsx_row",),
    "name": ("name1",),
    "zip": ("zip",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "method": ("method",),
}
# If more than this share of rows describes something else, the table belongs to another file.
MAX_UNKNOWN_ROWS = 0.02
MAX_LINES_NAMED = 10


@dataclass(frozen=True, slots=True)
class GivenPosition:
    """A position for one row, and the words by which that row is recognized."""

    edition: str
    row_number: int
    position: Position | None
    zip: str = ""
    name: str = ""
    street: str = ""

    def fits(self, row: FacilityRow) -> bool:
        return (
            self.zip == row.zip
            and self.name in ("", normalize_text(row.name))
            and self.street in ("", normalize_text(row.street))
        )


def census_id(edition: str, row_number: int) -> str:
    return f"{edition}-{row_number}"


def read_coordinates(path: Path) -> list[GivenPosition]:
    """Read the positions of either format; the first line tells which one it is."""
    lines = [line for line in file_reading.csv_lines(file_reading.require_readable(path)) if line]
    if not lines:
        raise UnusableFile(f"{path.name} is empty.")
    at = find_columns(lines[0], HEADINGS)
    is_table = len(at) >= len(HEADINGS) // 2
    if missing := [names[0] for field, names in HEADINGS.items() if is_table and field not in at]:
        raise UnusableFile(*(f"{path.name} lacks the heading {heading}." for heading in missing))
    positions, unreadable = [], []
    for number, line in enumerate(lines[1:] if is_table else lines, start=2 if is_table else 1):
        try:
            if is_table:
                given = _from_table({field: line[place] for field, place in at.items()})
            else:
                given = _from_census(line)
        except (ValueError, IndexError):
            unreadable.append(number)
        else:
            positions.append(given)
    if unreadable:
        raise UnusableFile(_unreadable_lines(path, unreadable))
    return positions


def _unreadable_lines(path: Path, numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:MAX_LINES_NAMED]))
    more = len(numbers) - MAX_LINES_NAMED
    subject = f"Line {named}" if len(numbers) == 1 else f"Lines {named}"
    return (
        f"{subject}{f' and {more:,} more' if more > 0 else ''} of {path.name}: neither a row of "
        "coordinates nor a line of the Census geocoder's answer."
    )


def add_positions(
    positions: Iterable[GivenPosition], reading: ParsedFile
) -> tuple[ParsedFile, list[str]]:
    """Add positions to the rows of a file; also return a line for each one that was not taken."""
    given = {each.row_number: each for each in positions if each.edition == reading.edition}
    if not given:
        raise UnusableFile(f"The coordinates have no rows for the {reading.edition} edition.")
    strangers = [
        row.row_number
        for row in reading.rows
        if row.row_number in given and not given[row.row_number].fits(row)
    ]
    if len(strangers) > MAX_UNKNOWN_ROWS * len(given):
        raise UnusableFile(
            f"The coordinates belong to another file: {len(strangers):,} of {len(given):,} rows "
            f"have another name or ZIP code, the first of them row {strangers[0]}."
        )
    rows = tuple(_placed(row, given) for row in reading.rows)
    notes = [f"row {number}: the coordinates speak of another address" for number in strangers]
    return replace(reading, rows=rows), notes


def _placed(row: FacilityRow, given: Mapping[int, GivenPosition]) -> FacilityRow:
    found = given.get(row.row_number)
    if found is None or found.position is None or not found.fits(row):
        return row
    return replace(row, position=found.position)


def _from_table(fields: Mapping[str, str]) -> GivenPosition:
    origin = STREET if fields["method"].startswith("street") else ZIP_CENTRE
    return GivenPosition(
        edition=text_cell(fields["edition"]),
        row_number=int(fields["row_number"]),
        position=_position(fields["latitude"], fields["longitude"], origin),
        zip=text_cell(fields["zip"]).zfill(5),
        name=normalize_text(fields["name"]),
    )


def _from_census(line: list[str]) -> GivenPosition:
    """Read id, input address, Match or No_Match or Tie, kind, address, "lon,lat", id, side."""
    edition, row_number = text_cell(line[0]).split("-")
    parts = line[1].split(", ")
    longitude, latitude = line[5].split(",") if line[2] == "Match" else ("", "")
    return GivenPosition(
        edition=edition,
        row_number=int(row_number),
        position=_position(latitude, longitude, STREET),
        zip=parts[-1].strip(),
        street=normalize_text(", ".join(parts[:-3])),
    )


def _position(latitude: str, longitude: str, origin: str) -> Position | None:
    if not latitude and not longitude:
        return None
    return Position(Point(float(latitude), float(longitude)), origin)
