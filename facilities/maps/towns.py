"""Which towns a map names: the largest, as far as their names find room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..geo import EARTH_RADIUS_MILES, Point, unit_vector
from ..places.tables import CityRow, cities
from .drawing import DRAWN_CACHE_SIZE, MapView

LEAST_PEOPLE = 500
MAX_CANDIDATES = 24  # of the largest in view
LETTER, LINE = 6.2, 12.0  # pixels, of a label's letters and lines, on average
LABEL_OFFSETS = (5, 12, 19)
SHARE_LEFT_OF_ANCHOR = {"start": 0, "middle": 0.5, "end": 1}
UNNAMED_TOWNS = {"Jber", "Jbphh"}  # bases that post offices abbreviate

Box = tuple[float, float, float, float]  # left, top, right, bottom


class TownLabel(NamedTuple):
    """Words at (x, y): ``anchor`` is SVG's start, middle or end."""

    words: str
    x: int
    y: int
    anchor: str = "start"

    @property
    def box(self) -> Box:
        width = len(self.words) * LETTER
        left = self.x - width * SHARE_LEFT_OF_ANCHOR[self.anchor]
        return left, self.y - LINE + 3, left + width, self.y + 3


@dataclass(frozen=True)
class Town:
    """A dot and its name."""

    x: float
    y: float
    label: TownLabel


def label_towns(
    view: MapView, taken: Sequence[Box], most: int, state: str = "", known: Sequence[Town] = ()
) -> Iterator[Town]:
    """Yield the towns to name, largest first and those of ``state`` before others.

    ``taken`` are boxes that names must not cover, ``known`` the towns already named.
    """
    boxes, count = [*taken], 0
    places = [(town.x, town.y) for town in known]
    for city, x, y in _in_view(view, state):
        if any(abs(x - left) < 8 and abs(y - top) < 8 for left, top in places):
            continue
        label = next((each for each in _around(city.name, x, y) if _fits(view, each, boxes)), None)
        if label is not None:
            boxes += ((x - 3, y - 3, x + 3, y + 3), label.box)
            places.append((x, y))
            count += 1
            yield Town(x, y, label)
        if count == most:
            return


def _around(name: str, x: float, y: float) -> Iterator[TownLabel]:
    """Yield where a name may stand: right, left, above, below, then a little farther away."""
    x, y = round(x), round(y)
    for gap in LABEL_OFFSETS:
        yield TownLabel(name, x + gap, y + 4)
        yield TownLabel(name, x - gap, y + 4, "end")
        yield TownLabel(name, x, y - gap - 1, "middle")
        yield TownLabel(name, x, y + gap + 9, "middle")


def _fits(view: MapView, label: TownLabel, boxes: list[Box]) -> bool:
    left, top, right, bottom = label.box
    if left < 3 or top < 3 or right > view.width - 3 or bottom > view.height - 3:
        return False
    # A loop: for each of a few hundred places on a map, any() would cost twice as much.
    for other_left, other_top, other_right, other_bottom in boxes:
        if left < other_right and other_left < right and top < other_bottom and other_top < bottom:
            return False
    return True


@lru_cache(maxsize=DRAWN_CACHE_SIZE)
def _in_view(view: MapView, state: str) -> tuple[tuple[CityRow, float, float], ...]:
    towns, vectors = towns_by_population()
    least = np.cos(min(view.reach / EARTH_RADIUS_MILES, np.pi))
    # Towns are in order of size, so the first ones near are the largest.
    near = np.flatnonzero(np.array(unit_vector(view.center)) @ vectors >= least)[
        : MAX_CANDIDATES * 8
    ]
    pixels = view.pixels(view.plane.miles(vectors[:, near]))
    x, y = pixels
    inside = (x >= 4) & (x <= view.width - 4) & (y >= 4) & (y <= view.height - 4)
    found = [
        (towns[near[n]], *pixels[:, n].tolist())
        for n in np.flatnonzero(inside)[: 3 * MAX_CANDIDATES]
    ]
    return tuple(sorted(found, key=lambda each: each[0].state != state)[:MAX_CANDIDATES])


@cache
def towns_by_population() -> tuple[list[CityRow], NDArray[np.float64]]:
    large = [
        city
        for city in cities()
        if city.population >= LEAST_PEOPLE and city.name not in UNNAMED_TOWNS
    ]
    large.sort(key=lambda city: (-city.population, city.name, city.state))
    vectors = [unit_vector(Point(city.latitude, city.longitude)) for city in large]
    return large, np.array(vectors).T


@lru_cache(maxsize=DRAWN_CACHE_SIZE)
def radius_of_nearest_towns(point: Point, count: int) -> float:
    """Return the miles to the farthest of the ``count`` nearest towns."""
    _, vectors = towns_by_population()
    cosines = np.array(unit_vector(point)) @ vectors
    return float(np.arccos(np.partition(cosines, -count)[-count])) * EARTH_RADIUS_MILES


def largest_towns(point: Point, miles: float, most: int) -> list[tuple[float, float, str]]:
    """Return (latitude, longitude, name) of the largest towns around, largest first."""
    towns, vectors = towns_by_population()
    least = np.cos(min(miles / EARTH_RADIUS_MILES, np.pi))
    near = np.flatnonzero(np.array(unit_vector(point)) @ vectors >= least)[:most]
    return [
        (round(town.latitude, 3), round(town.longitude, 3), town.name)
        for town in (towns[number] for number in near.tolist())
    ]
