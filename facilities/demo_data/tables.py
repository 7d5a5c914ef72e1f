"""Reads the two tables beside it: SAMHSA's 2023 key sheet and the places to put facilities in."""

import csv
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class ServiceCodeEntry:
    """One line of the key sheet: what a service code stands for, in SAMHSA's words."""

    category_code: str
    category_name: str
    service_code: str
    service_name: str


@dataclass(frozen=True)
class DemoPlace:
    """A real ZIP code with its point (degrees), and how many facilities to invent there.

    ``kind`` is "metro", "rural" or "tribal" (rural, on or beside tribal land). ``languages`` are
    codes of languages that most facilities there speak.
    """

    area: str
    kind: str
    city: str
    state: str
    zip: str
    latitude: float
    longitude: float
    area_code: str
    facilities: int
    languages: frozenset[str]


def read_demo_table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: dict[str, str]) -> DemoPlace:
    return DemoPlace(
        row["area"],
        row["kind"],
        row["city"],
        row["state"],
        row["zip"],
        float(row["latitude"]),
        float(row["longitude"]),
        row["area_code"],
        int(row["facilities"]),
        frozenset(row["languages"].split()),
    )


KEY = tuple(ServiceCodeEntry(**row) for row in read_demo_table("key.csv"))
PLACES = tuple(_place(row) for row in read_demo_table("places.csv"))


def service_codes_in_category(category_code: str) -> tuple[str, ...]:
    return tuple(entry.service_code for entry in KEY if entry.category_code == category_code)
