"""The nearest town of a point, from the packaged table, for people to orient themselves."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..geo import Point, unit_vector
from ..text_normalization import normalize_text
from .tables import CityRow, cities

LEAST_PEOPLE = 1_000


def nearest_city(point: Point) -> CityRow:
    towns, vectors = large_towns()
    return towns[int(np.argmax(vectors @ np.array(unit_vector(point))))]


def city_named(name: str, state: str) -> CityRow | None:
    """Return the city that an address names; None if the state has none or two of that name."""
    return cities_by_name().get((normalize_text(name), state))


@cache
def cities_by_name() -> dict[tuple[str, str], CityRow]:
    return {
        (normalize_text(city.name), city.state): city for city in cities() if not city.homonymous
    }


@cache
def large_towns() -> tuple[list[CityRow], NDArray[np.float64]]:
    large = [city for city in cities() if city.population >= LEAST_PEOPLE]
    vectors = [unit_vector(Point(city.latitude, city.longitude)) for city in large]
    return large, np.array(vectors)
