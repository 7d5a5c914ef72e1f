"""Lays out one locator map of a search or a facility, in pixels, ready to be written as SVG.

Around a point it has rings of miles, in an area a scale. Results on the page are numbered dots,
all others small points.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from ..geo import Point, miles_between
from ..places.tables import counties
from .drawing import DRAWN_CACHE_SIZE, Basemap, MapView, draw_basemap, land_only_basemap, rings_path
from .markers import NumberedDot, declutter_markers
from .projection import Floats, TangentPlane
from .shapes import read_shapes
from .towns import Box, Town, TownLabel, label_towns, radius_of_nearest_towns

# Miles from the center to the frame. Closer than the first, the shapes are too coarse.
FRAME_RADII_MILES = (
    3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 320, 400,
    500, 650, 800, 1_000, 1_500, 2_500,
)  # fmt: skip
ROUND_MILES = (1, 2, 5, 10, 25, 50, 100, 250, 500)
FRAME_MARGIN = 14
NEAREST_SHAPES_MILES = 40  # from the center to the frame
MIN_RING_PIXELS = 30  # pixels
SAME_POINT_PIXELS = 4  # pixels: unnumbered results closer together than this are one point
MAX_TOWNS = 7
TOWNS_BEFORE_MARKERS = 3
TOWNS_NEAR, FAR = 3, 50  # a search's map reaches to some towns, unless they are far away
TOWNS_AROUND = 4  # a facility's map reaches far enough to name about so many


@dataclass(frozen=True)
class MapMarker:
    """A numbered result and where it is."""

    number: int
    point: Point
    is_approximate: bool


@dataclass(frozen=True)
class DistanceRing:
    """A circle of so many miles; its words stand where it is highest."""

    miles: int
    radius: int
    label: TownLabel


@dataclass(frozen=True)
class MapScale:
    """A bar of so many miles, from the lower left corner."""

    miles: int
    length: int


@dataclass(frozen=True)
class StaticMap:
    """Everything drawn. Paths are in halves of a pixel, all else in pixels."""

    view: MapView
    basemap: Basemap
    area: str
    origin: tuple[int, int] | None
    rings: tuple[DistanceRing, ...]
    scale: MapScale | None
    dots: tuple[NumberedDot, ...]
    others: str
    towns: tuple[Town, ...]

    @cached_property
    def exact(self) -> str:
        return _points((dot.x, dot.y) for dot in self.dots if not dot.is_approximate)

    @cached_property
    def approximate(self) -> str:
        return _points((dot.x, dot.y) for dot in self.dots if dot.is_approximate)

    @cached_property
    def true_places(self) -> str:
        return _points((dot.at_x, dot.at_y) for dot in self.dots if dot.is_aside)

    @cached_property
    def leader_lines(self) -> str:
        return "".join(
            f"M{dot.at_x * 2:.0f} {dot.at_y * 2:.0f}L{dot.x * 2:.0f} {dot.y * 2:.0f}"
            for dot in self.dots
            if dot.is_aside
        )

    @cached_property
    def town_places(self) -> str:
        return _points((town.x, town.y) for town in self.towns)


def _points(places: Iterable[tuple[float, float]]) -> str:
    """Return lines without length: round caps draw them as dots as wide as the stroke."""
    return "".join(f"M{x * 2:.0f} {y * 2:.0f}h0" for x, y in places)


def draw_map_around(
    origin: Point, spots: Sequence[MapMarker], others: Floats, width: int, height: int
) -> StaticMap:
    """Draw the results around a point, as close as all fit. ``others``: unit vectors, (3, n)."""
    farthest = max((miles_between(origin, spot.point) for spot in spots), default=0)
    farthest = max(farthest, min(radius_of_nearest_towns(origin, TOWNS_NEAR), FAR))
    view = _view_around(origin, farthest, width, height)
    return _draw(view, spots, others, is_around=True)


def draw_facility_map(spot: MapMarker, others: Floats, width: int, height: int) -> StaticMap:
    view = _view_around(
        spot.point, min(radius_of_nearest_towns(spot.point, TOWNS_AROUND), 2 * FAR), width, height
    )
    return _draw(view, [spot], others, is_around=True)


def draw_area_map(
    center: Point, state: str, county: str, spots: Sequence[MapMarker], others: Floats,
    width: int, height: int,
) -> StaticMap:  # fmt: skip
    """Draw the results of a state, or of a county of it (FIPS code), with its outline."""
    outline = _outline(center, county or state_fips(state))
    # Only its largest ring: with small islands far away all the rest would be tiny.
    extent = (
        (max(outline, key=_size), TangentPlane(center).miles(others))
        if outline
        else (TangentPlane(center).miles(others),)
    )
    view = _view_of(center, np.concatenate(extent, axis=1), width, height)
    area = _area(view, county or state_fips(state))
    return _draw(view, spots, others, is_around=False, area=area, state="" if county else state)


@lru_cache(maxsize=DRAWN_CACHE_SIZE)
def _outline(center: Point, fips: str) -> list[Floats]:
    return read_shapes().outline(fips, TangentPlane(center), 1.0)


@lru_cache(maxsize=DRAWN_CACHE_SIZE)
def _area(view: MapView, fips: str) -> str:
    return rings_path(view, read_shapes().outline(fips, view.plane, view.per_pixel))


def _view_around(center: Point, miles: float, width: int, height: int) -> MapView:
    reach = next((each for each in FRAME_RADII_MILES if each >= miles), FRAME_RADII_MILES[-1])
    return MapView(center, width, height, reach / (min(width, height) / 2 - FRAME_MARGIN))


def _view_of(center: Point, miles: Floats, width: int, height: int) -> MapView:
    """Return the smallest view of all these points, no closer than the shapes are exact."""
    low, high = miles.min(axis=1), miles.max(axis=1)
    across, up = (high - low).tolist()
    per_pixel = max(
        across / (width - 2 * FRAME_MARGIN),
        up / (height - 2 * FRAME_MARGIN),
        2 * FRAME_RADII_MILES[0] / width,
    )
    east, north = ((low + high) / 2).tolist()
    # Rounded, so that searches with nearly the same results share one cached drawing.
    return MapView(center, width, height, float(f"{per_pixel:.2g}") * 1.03, (east, north))


def _size(ring: Floats) -> float:
    across, up = np.ptp(ring, axis=1).tolist()
    return across * up


def _draw(view: MapView, spots, others: Floats, *, is_around: bool, area="", state="") -> StaticMap:
    at = view.of([spot.point for spot in spots])
    places = [
        (spot.number, *place, spot.is_approximate) for spot, place in zip(spots, at, strict=True)
    ]
    shown = [place for place in places if view.holds(place[1], place[2])]
    origin = (view.width / 2, view.height / 2) if is_around else None
    if len(spots) == 1 and spots[0].point == view.center:
        origin = None  # its dot stands there
    rings = tuple(_rings(view)) if is_around else ()
    scale = None if is_around else _scale(view)
    taken = [*_furniture(view, origin, rings, scale)]
    # In an area the largest towns tell people where they are, so dots make room. Around a point,
    # where towns only help, their names take the room that is left.
    towns = [] if is_around else [*label_towns(view, taken, TOWNS_BEFORE_MARKERS, state)]
    names = [town.label.box for town in towns]
    dots = tuple(declutter_markers(view, shown, [origin] if origin else [], names))
    taken += [*names, *(dot.box for dot in dots)]
    towns += label_towns(view, taken, MAX_TOWNS - len(towns), state, towns)
    return StaticMap(
        view=view,
        basemap=_basemap(view, state, is_around=is_around),
        area=area,
        origin=(round(origin[0]), round(origin[1])) if origin else None,
        rings=rings,
        scale=scale,
        dots=dots,
        others=_minor_points(view, others, [(x, y) for _, x, y, _ in shown]),
        towns=tuple(towns),
    )


def _basemap(view: MapView, state: str, *, is_around: bool) -> Basemap:
    if is_around and view.reach < NEAREST_SHAPES_MILES:
        return land_only_basemap(view)
    return draw_basemap(view, state_fips(state) if state else "")


def _furniture(
    view: MapView, origin, rings: Iterable[DistanceRing], scale: MapScale | None
) -> Iterator[Box]:
    """Yield the boxes that names must not cover, before any dot or town is placed."""
    yield from (ring.label.box for ring in rings)
    if origin:
        yield origin[0] - 9, origin[1] - 9, origin[0] + 9, origin[1] + 9
    if scale:
        yield 0, view.height - 26, scale.length + 16, view.height


def _rings(view: MapView) -> Iterator[DistanceRing]:
    """Yield at most three rings inside the frame, the largest that fit."""
    x, y = view.width / 2, view.height / 2
    most = min(x, y) - 4
    sizes = [(miles, miles / view.per_pixel) for miles in ROUND_MILES]
    for miles, radius in [each for each in sizes if MIN_RING_PIXELS <= each[1] <= most][-3:]:
        label = TownLabel(f"{miles} miles", round(x), round(max(11, y - radius + 4)), "middle")
        yield DistanceRing(miles, round(radius), label)


def _scale(view: MapView) -> MapScale:
    lengths = [(miles, round(miles / view.per_pixel)) for miles in ROUND_MILES]
    return MapScale(*max(each for each in lengths if each[1] <= view.width * 0.35 or each[0] == 1))


def _minor_points(view: MapView, others: Floats, shown: Iterable[tuple[float, float]]) -> str:
    """Draw results without a number, except where a numbered one truly is."""
    across, down = np.rint(view.pixels(view.plane.miles(others)) / SAME_POINT_PIXELS).astype(int)
    inside = (
        (across > 0)
        & (across * SAME_POINT_PIXELS < view.width)
        & (down > 0)
        & (down * SAME_POINT_PIXELS < view.height)
    )
    # One number for a column and row, so that results on one point are drawn once.
    seen = np.unique((across * 4096 + down)[inside]).tolist()
    numbered = {
        round(x / SAME_POINT_PIXELS) * 4096 + round(y / SAME_POINT_PIXELS) for x, y in shown
    }
    return "".join(
        f"M{(place >> 12) * 2 * SAME_POINT_PIXELS} {(place & 4095) * 2 * SAME_POINT_PIXELS}h0"
        for place in seen
        if place not in numbered
    )


@cache
def _states() -> dict[str, str]:
    return {county.state: county.county_fips[:2] for county in counties()}


def state_fips(state: str) -> str:
    """Return the FIPS code for a postal code; "00" for a state without counties."""
    return _states().get(state, "00")


def states_around(view: MapView) -> list[int]:
    rings = read_shapes().states
    return sorted({*rings.of[rings.caps.touching(view.center, 2 * view.reach)].tolist()})
