"""Points on the Earth: miles, directions and boxes, on a sphere, in plain numbers."""

import math
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_MILES = 3958.7613  # mean radius, IUGG: 6371.0088 km
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
SLACK_DEGREES = 1e-6  # four inches: a box never loses a point on its rim to rounding


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees. Raises ValueError outside -90..90 and -180..180."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not -90 <= self.latitude <= 90:
            raise ValueError(f"Latitude must lie between -90 and 90, not {self.latitude}.")
        if not -180 <= self.longitude <= 180:
            raise ValueError(f"Longitude must lie between -180 and 180, not {self.longitude}.")


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Bounds in degrees. ``west`` greater than ``east`` means the box crosses the date line."""

    south: float
    north: float
    west: float
    east: float

    @property
    def longitude_ranges(self) -> tuple[tuple[float, float], ...]:
        """One (west, east) range, or two where the box crosses the date line."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return ((self.west, 180.0), (-180.0, self.east))


def unit_vector(point: Point) -> tuple[float, float, float]:
    """Return (x, y, z) on the unit sphere: the dot product of two is the cosine of their angle."""
    latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
    around = math.cos(latitude)
    return around * math.cos(longitude), around * math.sin(longitude), math.sin(latitude)


def miles_between(a: Point, b: Point) -> float:
    a_latitude, b_latitude = math.radians(a.latitude), math.radians(b.latitude)
    half_up = (b_latitude - a_latitude) / 2
    half_across = math.radians(b.longitude - a.longitude) / 2
    chord = (
        math.sin(half_up) ** 2
        + math.cos(a_latitude) * math.cos(b_latitude) * math.sin(half_across) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(min(1.0, chord)))


@overload
def miles_from_dot(dot: float) -> float: ...
@overload
def miles_from_dot(dot: NDArray[np.float64]) -> NDArray[np.float64]: ...
def miles_from_dot(dot: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return miles from the dot product of two unit vectors, as a number or an array.

    Rounding of the dot product makes it exact to about a foot, not better.
    """
    if isinstance(dot, np.ndarray):
        return np.arccos(np.clip(dot, -1.0, 1.0)) * EARTH_RADIUS_MILES
    return math.acos(max(-1.0, min(1.0, float(dot)))) * EARTH_RADIUS_MILES


def cosine_of_miles(miles: float) -> float:
    """Return the smallest dot product of two unit vectors at most ``miles`` apart."""
    return math.cos(min(max(miles, 0.0) / EARTH_RADIUS_MILES, math.pi))


def bounding_box(point: Point, miles: float) -> BoundingBox:
    """Return the smallest box that holds every point within ``miles``.

    Over a pole it is the whole circle of longitudes; across the date line ``west``
    exceeds ``east``, and ``longitude_ranges`` gives the two halves.
    """
    angle = max(miles, 0.0) / EARTH_RADIUS_MILES
    reach = math.degrees(angle) + SLACK_DEGREES
    south, north = point.latitude - reach, point.latitude + reach
    if south <= -90 or north >= 90:
        return BoundingBox(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    ratio = math.sin(angle) / math.cos(math.radians(point.latitude))
    aside = math.degrees(math.asin(min(1.0, ratio))) + SLACK_DEGREES
    if aside >= 180:
        return BoundingBox(south, north, -180.0, 180.0)
    return BoundingBox(
        south, north, _wrapped(point.longitude - aside), _wrapped(point.longitude + aside)
    )


def compass_direction(from_: Point, to: Point) -> str:
    """Return the compass point, of eight, in which ``to`` lies; "" if the two coincide."""
    if from_ == to:
        return ""
    start, end = math.radians(from_.latitude), math.radians(to.latitude)
    turn = math.radians(to.longitude - from_.longitude)
    east = math.sin(turn) * math.cos(end)
    north = math.cos(start) * math.sin(end) - math.sin(start) * math.cos(end) * math.cos(turn)
    return COMPASS[round(math.degrees(math.atan2(east, north)) / 45) % 8]


def _wrapped(longitude: float) -> float:
    if longitude > 180:
        return longitude - 360
    if longitude < -180:
        return longitude + 360
    return longitude
