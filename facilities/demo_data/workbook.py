"""Writes the invented facilities as SAMHSA's workbook and the coordinates beside it.

The same seed gives the same bytes, so that a second loading is recognized as the same file.
"""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

from .listings import DemoListing
from .tables import KEY

EDITION = "2023"
TITLE = f"{EDITION} SU Facilities: invented, for demonstration"
HEADINGS = (
    "Name1", "Name2", "Street1", "Street2", "City", "State", "Zip", "Phone",
    "Intake1", "Intake2", "Intake1a", "Intake2a", "Service_code_info",
)  # fmt: skip
KEY_HEADINGS = (
    "category_code", "category_name", "service_code", "service_name", "service_description",
)  # fmt: skip
COORDINATE_HEADINGS = (
    "directory_year", "xlsx_row", "name1", "street1", "city", "state", "zip",
    "latitude", "longitude", "method",
)  # fmt: skip
METHOD = "street:invented"
WRITTEN_AT = datetime(2023, 1, 1)
PROPERTIES = "docProps/core.xml"


def service_code_info(codes: frozenset[str]) -> str:
    """Return codes in the key's order, separated by spaces; categories are separated by " * "."""
    categories: dict[str, list[str]] = {}
    for entry in KEY:
        if entry.service_code in codes:
            categories.setdefault(entry.category_code, []).append(entry.service_code)
    return " * ".join(" ".join(offered) for offered in categories.values())


def listing_cells(listing: DemoListing) -> list[str | None]:
    place = listing.place
    intake = (*listing.intake_phones, "", "")[:2]
    cells = (
        listing.name, listing.program_name, listing.street, listing.street2,
        place.city, place.state, place.zip, listing.phone, *intake, "", "",
        service_code_info(listing.codes),
    )  # fmt: skip
    return [cell or None for cell in cells]


def write_workbook(listings: Iterable[DemoListing], path: Path) -> None:
    workbook = Workbook()
    workbook.properties.title = TITLE
    facilities = workbook.active
    facilities.title = "Facilities List"
    facilities.append(HEADINGS)
    for listing in listings:
        facilities.append(listing_cells(listing))
    key = workbook.create_sheet("Service Code Reference")
    key.append(KEY_HEADINGS)
    for entry in KEY:
        key.append(
            (entry.category_code, entry.category_name, entry.service_code, entry.service_name)
        )
    _save_without_clock(workbook, path)


def _save_without_clock(workbook: Workbook, path: Path) -> None:
    """Save with fixed times: openpyxl writes the time of day into the file and its zip entries."""
    saved = BytesIO()
    workbook.save(saved)
    workbook.properties.created = workbook.properties.modified = WRITTEN_AT
    with ZipFile(saved) as clocked, ZipFile(path, "w", ZIP_DEFLATED) as fixed:
        for name in clocked.namelist():
            content = clocked.read(name)
            if name == PROPERTIES:
                content = tostring(workbook.properties.to_tree())
            fixed.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def write_coordinates(listings: Iterable[DemoListing], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COORDINATE_HEADINGS)
        for row_number, listing in enumerate(listings, start=2):
            if listing.point:
                place = listing.place
                writer.writerow(
                    [EDITION, row_number, listing.name, listing.street, place.city, place.state,
                     place.zip, *listing.point, METHOD]
                )  # fmt: skip


def write_demonstration(listings: list[DemoListing], folder: Path) -> tuple[Path, Path]:
    workbook = folder / f"demonstration-directory-{EDITION}.xlsx"
    coordinates = folder / "demonstration-coordinates.csv"
    write_workbook(listings, workbook)
    write_coordinates(listings, coordinates)
    return workbook, coordinates
