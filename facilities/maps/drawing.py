"""Turns miles into pixels: a view of the map, with its land and county lines as SVG paths.

Paths are written in halves of a pixel, as whole numbers; the template halves them again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import hypot

import numpy as np
from numpy.typing import NDArray

from ..geo import Point, unit_vector
from .projection import Floats, TangentPlane
from .shapes import read_shapes

OVERDRAW_PIXELS = 4  # pixels: outlines that are cut run along the frame out of sight
DRAWN_CACHE_SIZE = 100  # views whose land is cached, about 5 kB each


@dataclass(frozen=True)
class MapView:
    """What a frame of so many pixels shows: ``middle`` is in miles east and north of ``center``."""

    center: Point
    width: int
    height: int
    per_pixel: float  # miles
    middle: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def plane(self) -> TangentPlane:
        return TangentPlane(self.center)

    @cached_property
    def reach(self) -> float:
        """Miles from the center to the farthest corner."""
        return hypot(*self.middle) + self.per_pixel * hypot(self.width, self.height) / 2

    def pixels(self, miles: Floats) -> Floats:
        """Return (2, n) pixels from the upper left corner."""
        east, north = (miles - np.array(self.middle)[:, None]) / self.per_pixel
        return np.stack((self.width / 2 + east, self.height / 2 - north))

    def of(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        if not points:
            return []
        vectors = np.array([unit_vector(point) for point in points]).T
        return [tuple(place) for place in self.pixels(self.plane.miles(vectors)).T.tolist()]

    def holds(self, x: float, y: float, margin: float = 0) -> bool:
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin


@dataclass(frozen=True)
class Basemap:
    """Paths: land with its outline, the lines between counties."""

    land: str
    borders: str


def land_only_basemap(view: MapView) -> Basemap:
    """Return land from edge to edge: this close, the coarse shapes would misplace shores."""
    left = -2 * OVERDRAW_PIXELS
    width, height = (2 * side + 4 * OVERDRAW_PIXELS for side in (view.width, view.height))
    return Basemap(land=f"M{left} {left}h{width}v{height}h-{width}z", borders="")


@lru_cache(maxsize=DRAWN_CACHE_SIZE)
def draw_basemap(view: MapView, state: str = "") -> Basemap:
    """Draw the land of a view. The result is cached: searches with other filters share it.

    With a state's FIPS code, only lines between its counties are drawn: all others would be too
    many.
    """
    outlines = read_shapes().land(view.plane, view.reach, view.per_pixel)
    points, lengths = read_shapes().borders(view.plane, view.reach, view.per_pixel, state)
    return Basemap(
        land=rings_path(view, outlines),
        borders=_lines_path(view, points, lengths),
    )


def rings_path(view: MapView, rings: Iterable[Floats]) -> str:
    return "".join(f"{_path(ring)}z" for ring in _clipped(view, rings) if ring.shape[1] > 2)


def _clipped(view: MapView, rings: Iterable[Floats]) -> Iterator[NDArray[np.int64]]:
    for ring in rings:
        yield _halves(_cut(view.pixels(ring), view.width, view.height))


def _cut(ring: Floats, width: int, height: int) -> Floats:
    """Cut a closed ring at the frame and its bleed, side by side (Sutherland and Hodgman, 1974)."""
    sides = (
        (0, -OVERDRAW_PIXELS, 1),
        (0, width + OVERDRAW_PIXELS, -1),
        (1, -OVERDRAW_PIXELS, 1),
        (1, height + OVERDRAW_PIXELS, -1),
    )
    for axis, limit, sign in sides:
        inside = (ring[axis] - limit) * sign >= 0
        if inside.all():
            continue
        if not inside.any():
            return np.empty((2, 0))
        ring = _cut_at(ring, axis, limit, inside)
    return ring


def _cut_at(ring: Floats, axis: int, limit: float, inside: NDArray[np.bool_]) -> Floats:
    following = np.roll(ring, -1, axis=1)
    crosses = inside != np.roll(inside, -1)
    run = following[axis] - ring[axis]
    share = np.where(crosses, (limit - ring[axis]) / np.where(run == 0, 1, run), 0)
    crossings = ring + (following - ring) * share
    # Each point inside is kept, and after it the crossing where its edge meets the limit.
    both = np.stack((ring, crossings), axis=2).reshape(2, -1)
    return both[:, np.stack((inside, crosses), axis=1).ravel()]


def _lines_path(view: MapView, miles: Floats, lengths: NDArray[np.int32]) -> str:
    if not len(lengths):
        return ""
    points = view.pixels(miles)
    low, high = np.minimum(points[:, :-1], points[:, 1:]), np.maximum(points[:, :-1], points[:, 1:])
    size = np.array((view.width, view.height))[:, None]
    # A step is kept whole if its box touches the frame: to cut thousands of short steps exactly
    # would cost more than the few pixels that they run outside.
    seen = ((high >= -OVERDRAW_PIXELS) & (low <= size + OVERDRAW_PIXELS)).all(axis=0)
    seen[np.cumsum(lengths)[:-1] - 1] = False  # from the end of a line to the next one's start
    # Points are rounded before steps are taken, so that rounding does not add up along a line.
    whole = np.rint(points * 2).astype(np.int64)
    steps = np.diff(whole, axis=1)
    edges = np.flatnonzero(np.diff(seen.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    across, down = steps.tolist()
    # From the end of each run to the start of the next; most start where the one before ended.
    leaps = whole[:, edges[:, 0]]
    leaps[:, 1:] -= whole[:, edges[:-1, 1]]
    path = "".join(
        (f"m{east} {south} " if east or south else " ") + _steps(across[start:end], down[start:end])
        for (start, end), (east, south) in zip(edges.tolist(), leaps.T.tolist(), strict=True)
    )
    return ("m0 0" * path.startswith(" ") + path).replace(" -", "-")


def _steps(across: list[int], down: list[int]) -> str:
    steps = " ".join([f"{dx} {dy}" for dx, dy in zip(across, down, strict=True) if dx or dy])
    return (steps or "0 0").replace(" -", "-")


def _halves(points: Floats) -> NDArray[np.int64]:
    """Round to half pixels and drop points that then equal the one before."""
    whole = np.rint(points * 2).astype(np.int64)
    if whole.shape[1]:
        moves = np.diff(whole, axis=1, prepend=whole[:, :1] - 1).any(axis=0)
        whole = whole[:, moves]
    return whole


def _path(whole: NDArray[np.int64]) -> str:
    """Return a path such as "M10 20l3 4-5 6": the first point, then steps."""
    if whole.shape[1] < 2:
        return ""
    x, y = whole[:, 0].tolist()
    return f"M{x} {y}l{_steps(*np.diff(whole, axis=1).tolist())}"
