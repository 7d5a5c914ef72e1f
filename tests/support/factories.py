"""Records for tests, made of what a test names and plain defaults for the rest."""

import csv
import itertools
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import openpyxl

from facilities.demo_data.tables import FOLDER as INVENTED
from facilities.geo import Point, unit_vector
from facilities.models import Facility, Release, Report, SourceRow, Verification
from facilities.models.facility import primary_key_of, public_code_of
from facilities.places.tables import zip_code_table
from facilities.resolution.change_log import recording_changes
from facilities.resolution.recompute import recompute_facilities
from facilities.sources import coordinates
from facilities.sources.codes import read_code_key
from facilities.sources.rows import FacilityRow, ParsedFile, Position
from facilities.sources.samhsa_directory import read_directory
from facilities.taxonomy import ServiceSet, services_denied_by
from facilities.text_normalization import normalize_text

from . import real_data

# How a second person knows what somebody proposed, not by the number or website itself.
ON_PAPER = {"method": "document", "note": "Seen on its license."}
TODAY = date(2024, 3, 1)
HEADINGS = [
    "name1", "name2", "street1", "street2", "city", "state", "zip", "phone",
    "intake1", "intake2", "intake1a", "intake2a", "service_code_info",
]  # fmt: skip
FIRST_SHEET = "xl/worksheets/sheet1.xml"
SHEET_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
numbers = itertools.count()
zips = cache(zip_code_table)


def make_facility(
    *, name="Example House", program_name="", services="", latitude=None, longitude=None, **fields
) -> Facility:
    """A listed facility; ``services`` are slugs apart by spaces, a position sets its vector."""
    identity = uuid.uuid5(uuid.NAMESPACE_OID, str(next(numbers)))
    offered = ServiceSet.of(*services.split())
    if latitude is not None:
        x, y, z = unit_vector(Point(latitude, longitude))
        fields |= {"latitude": latitude, "longitude": longitude, "x": x, "y": y, "z": z}
        fields.setdefault("position_origin", "street")
    defaults = {
        "city": "Example City",
        "state": "NY",
        "zip": "10001",
        "denied_services": list(services_denied_by(offered).slugs()),
    }
    words = {f"service_bits_{number}": word for number, word in enumerate(offered.words())}
    return Facility.objects.create(
        id=primary_key_of(identity),
        uuid=identity,
        code=public_code_of(identity),
        name=name,
        program_name=program_name,
        name_key=normalize_text(f"{name} {program_name}"),
        **(defaults | words | fields),
    )


def log_changes() -> None:
    """Log a change of every facility, for tests that write rows past the product's own ways."""
    with recording_changes() as log:
        log.note(uuid.uuid4(), before="listed", after=None)
        for facility in Facility.objects.all():
            log.note_fields(facility, ["name"])


def make_release(
    *, source="directory", edition="2023", published_on=None, is_demonstration=False, **fields
) -> Release:
    return Release.objects.create(
        key_sheet=read_code_key(key_lines()),
        source=source,
        edition=edition,
        published_on=published_on or date(int(edition), 12, 31),
        file_name=f"{source}-{edition}.xlsx",
        sha256="0" * 64,
        is_demonstration=is_demonstration,
        **fields,
    )


def make_row(
    *, row_number=2, name="Example House", services="substance-use-treatment", position=None,
    **fields,
) -> FacilityRow:  # fmt: skip
    """A row as a file's reader yields it; a position is (latitude, longitude, origin)."""
    defaults = {"street": "1 Main Street", "city": "Albany", "state": "NY", "zip": "12207"}
    phones = {"phone": "518-555-0101"}
    return FacilityRow(
        row_number=row_number,
        name=name,
        offered=ServiceSet.of(*services.split()),
        position=Position.from_json(list(position)) if position else None,
        **(defaults | phones | fields),
    )


def make_listing(*, release=None, codes="SA DT * OP * ODTX", **cells) -> Facility:
    """A facility with the row of a release behind it, as a load would leave both.

    Cells are named as in the directory: name1, phone, www ... Another release states it anew.
    """
    release = release or Release.objects.order_by("pk").last() or make_release()
    facility = make_facility()
    restate(facility, release, codes=codes, **cells)
    return facility


def restate(facility, release, *, codes="SA DT * OP * ODTX", **cells) -> None:
    """Let a release say this of a facility, and work out anew what is shown."""
    SourceRow.objects.create(
        release=release, facility=facility, raw=make_cells(codes=codes, **cells),
        row_number=release.rows.count() + 2,
    )  # fmt: skip
    recompute_facilities(zips(), today=TODAY, only=[facility.pk])
    facility.refresh_from_db()


def make_verification(
    *, fact, value_after=None, source_value=None, outcome="corrected", days_ago=10, **fields
) -> Verification:
    """Unsaved unless a facility is given; ``days_ago`` counts back from TODAY."""
    checked_at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    verification = Verification(
        fact=fact,
        outcome=outcome,
        value_after=value_after,
        source_value=source_value,
        method="phone",
        checked_at=checked_at - timedelta(days=days_ago),
        **fields,
    )
    if "facility" in fields or "facility_id" in fields:
        verification.save()
    return verification


def make_report(*, facility, topic="phone", **fields) -> Report:
    """An open report of TODAY."""
    receipt = f"RECEIPT{next(numbers):05}"
    return Report.objects.create(
        **{"facility": facility, "topic": topic, "receipt": receipt, "reported_on": TODAY} | fields
    )


def make_cells(*, codes="SA DT * OP * ODTX", **cells) -> dict[str, str]:
    """A line of the directory: heading -> text."""
    defaults = dict.fromkeys(HEADINGS, "") | {
        "name1": "Example House",
        "street1": "1 Main Street",
        "city": "Albany",
        "state": "NY",
        "zip": "12207",
        "phone": "518-555-0101",
        "service_code_info": codes,
    }
    return defaults | cells


def key_lines() -> list[list[str]]:
    """SAMHSA's key sheet, headings first."""
    with (INVENTED / "key.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_directory(path: Path, lines, *, headings=HEADINGS, key=None, title="") -> Path:
    """Write a workbook in SAMHSA's form; ``key`` False leaves the key sheet out."""
    if key is not False:
        key = tuple(map(tuple, key_lines() if key is None else key))
    rows = ([cells.get(heading.lower(), "") for heading in headings] for cells in lines)
    sheet = _sheet([headings, *rows])
    with ZipFile(BytesIO(_workbook(key, title))) as empty, ZipFile(path, "w") as written:
        for name in empty.namelist():
            written.writestr(name, sheet if name == FIRST_SHEET else empty.read(name))
    return path


@cache
def _workbook(key, title: str) -> bytes:
    """Return a workbook whose first sheet is empty; openpyxl takes long to write one."""
    workbook = openpyxl.Workbook()
    workbook.properties.title = title
    workbook.properties.created = datetime(2023, 6, 20)
    workbook.active.title = "Facilities List"
    if key is not False:
        key_sheet = workbook.create_sheet("Service Code Reference")
        for line in key:
            key_sheet.append(line)
    workbook.save(content := BytesIO())
    return content.getvalue()


def _sheet(table: Iterable[Iterable]) -> str:
    rows = ("<row>" + "".join(map(_cell, line)) + "</row>" for line in table)
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    return f'<worksheet xmlns="{SHEET_NAMESPACE}">{data}</worksheet>'


def _cell(value) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = escape(value)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>"


def read_real(folder: Path, workbook: str, *, with_coordinates=False) -> ParsedFile:
    """One of SAMHSA's real workbooks."""
    reading = read_directory(folder / workbook)
    if not with_coordinates:
        return reading
    positions = coordinates.read_coordinates(folder / real_data.COORDINATES)
    return coordinates.add_positions(positions, reading)[0]
