"""The packaged tables of places: how they are stored and read."""

import csv
import gzip
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..geo import Point

FOLDER = Path(__file__).parent / "data"


class ZipRow(NamedTuple):
    zip_code: str
    state: str
    city: str
    county_fips: str
    latitude: str
    longitude: str

    @property
    def point(self) -> Point | None:
        return Point(float(self.latitude), float(self.longitude)) if self.latitude else None


class CityRow(NamedTuple):
    name: str
    state: str
    county_fips: str
    latitude: float
    longitude: float
    population: int
    homonymous: bool  # another city of the state has the same folded name


class CountyRow(NamedTuple):
    county_fips: str
    name: str
    state: str
    latitude: float
    longitude: float
    population: int


class StateRow(NamedTuple):
    code: str
    name: str
    name_es: str
    also: tuple[str, ...]
    population: int
    latitude: float
    longitude: float


class AliasRow(NamedTuple):
    name: str
    city: str
    state: str


def zips() -> Iterator[ZipRow]:
    return map(ZipRow._make, _rows("zips.csv.gz"))


@cache
def cities() -> tuple[CityRow, ...]:
    """Return every city; several tables are made of the same rows."""
    return tuple(
        CityRow(
            name, state, fips, float(latitude), float(longitude), int(population), homonymous == "1"
        )
        for name, state, fips, latitude, longitude, population, homonymous in _rows("cities.csv.gz")
    )


def counties() -> Iterator[CountyRow]:
    for fips, name, state, latitude, longitude, population in _rows("counties.csv.gz"):
        yield CountyRow(fips, name, state, float(latitude), float(longitude), int(population))


@cache
def states() -> tuple[StateRow, ...]:
    return tuple(
        StateRow(
            code=code,
            name=name,
            name_es=name_es,
            also=tuple(filter(None, also.split("|"))),
            population=int(population),
            latitude=float(latitude),
            longitude=float(longitude),
        )
        for code, name, name_es, also, population, latitude, longitude in _rows("states.csv")
    )


def aliases() -> Iterator[AliasRow]:
    """Yield common names of cities; one name may stand for two ("kc")."""
    return map(AliasRow._make, _rows("aliases.csv"))


@cache
def zip_code_table() -> dict[str, tuple[Point | None, str, str, str]]:
    """Return ZIP code -> (center or None, county FIPS code, city, state), without a database."""
    return {row.zip_code: (row.point, row.county_fips, row.city, row.state) for row in zips()}


def _rows(name: str) -> Iterator[list[str]]:
    opened = gzip.open if name.endswith(".gz") else open
    with opened(FOLDER / name, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
