"""The 2023 workbook read by another road: openpyxl and plain Python, no code of the site.

Searches are answered here row by row from the federal codes, to hold the site's answers against.
"""

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from . import real_data

MILES = 3958.7613  # mean radius of the Earth


@dataclass(frozen=True)
class PlainRow:
    number: int
    cells: dict[str, str]
    codes: frozenset[str]
    latitude: float
    longitude: float

    def miles_from(self, latitude: float, longitude: float) -> float:
        """Haversine."""
        here, there = math.radians(latitude), math.radians(self.latitude)
        across = math.radians(self.longitude - longitude)
        chord = (
            math.sin((there - here) / 2) ** 2
            + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
        )
        return 2 * MILES * math.asin(math.sqrt(chord))


def read(folder: Path) -> list[PlainRow]:
    workbook = openpyxl.load_workbook(folder / real_data.WORKBOOK_2023, read_only=True)
    lines = workbook["Facilities List"].iter_rows(values_only=True)
    headings = [heading.lower() for heading in next(lines)]
    with (folder / real_data.COORDINATES).open() as file:
        positions = {
            int(line["xlsx_row"]): (float(line["latitude"]), float(line["longitude"]))
            for line in csv.DictReader(file)
            if line["directory_year"] == "2023"
        }
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = {key: (cell or "").strip() for key, cell in zip(headings, line, strict=True)}
        codes = frozenset(cells["service_code_info"].replace("*", " ").split())
        rows.append(PlainRow(number, cells, codes, *positions[number]))
    return rows


def has(*codes: str) -> Callable[[frozenset[str]], bool]:
    return lambda row: not row.isdisjoint(codes)


def detox(code: str, admitting: str = "") -> Callable[[frozenset[str]], bool]:
    """Detox from a substance, unless the row serves only people with another one."""

    def fits(row: frozenset[str]) -> bool:
        only = row & {"AUDO", "OUDO"}
        return code in row and (not only or admitting in only)

    return fits


# Group -> (how its choices go together, option -> does a row's set of codes fit), by hand.
RULES = {
    "substance": (
        all,
        {
            "opioid-detox": detox("ODTX", "OUDO"),
            "alcohol-detox": detox("ADTX", "AUDO"),
            "benzodiazepine-detox": detox("BDTX"),
            "cocaine-detox": detox("CDTX"),
            "methamphetamine-detox": detox("MDTX"),
        },
    ),
    "setting": (
        any,
        {
            "overnight-detox": has("RD", "HID"),
            "outpatient-detox": has("OD"),
            "hospital-inpatient": has("HI"),
            "short-term-residential": has("RS"),
            "long-term-residential": has("RL"),
            "day-treatment": has("ODT"),
            "intensive-outpatient": has("OIT"),
            "regular-outpatient": has("ORT"),
            "recovery-housing": has("HH"),
        },
    ),
    "medication": (
        any,
        {
            "buprenorphine": has("BU"),
            "methadone": has("MU"),
            "naltrexone": has("NU"),
            "lofexidine": has("LFXD"),
            "clonidine": has("CLND"),
            "acamprosate": has("ACM"),
        },
    ),
    "payment": (
        any,
        {
            "medicaid": has("MD"),
            "medicare": has("MC"),
            "private-insurance": has("PI"),
            "self-payment": has("SF"),
            "sliding-scale": has("SS"),
            "tricare": has("MI"),
        },
    ),
    "people": (
        all,
        {
            "women": has("FEM"),
            "men": has("MALE"),
            "young-adults": has("YAD"),
            "children": has("CHLD"),
            "pregnant-program": has("PW"),
            "veteran-program": has("VET"),
            "lgbtq-program": has("GL"),
            "co-occurring-program": has("CO"),
        },
    ),
    "accreditation": (any, {"joint-commission": has("JC"), "carf": has("CARF")}),
    "support": (
        all,
        {
            "aftercare": has("ACC"),
            "transport": has("TA"),
            "peer-support": has("PEER"),
            "child-care": has("CCC"),
            "telehealth": has("TELE"),
        },
    ),
    "language": (any, {"spanish": has("SP"), "sign-language": has("AH")}),
}


def fitting(rows: list[PlainRow], chosen: dict[str, set[str]]) -> list[PlainRow]:
    """The rows that fit every group's choices."""
    return [row for row in rows if all(fits(row, group, slugs) for group, slugs in chosen.items())]


def fits(row: PlainRow, group: str, slugs: set[str]) -> bool:
    join, options = RULES[group]
    return not slugs or join(options[slug](row.codes) for slug in slugs)
