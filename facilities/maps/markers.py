"""Numbered dots: each as near to its true place as the others leave room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin

from .drawing import MapView

RADIUS = 9.0
LEAST_DISTANCE = 2 * RADIUS + 0.5
LEAST_SQUARE = LEAST_DISTANCE**2
MARKER_EXTENT = RADIUS + 1  # a dot's middle to the frame
GOLDEN_ANGLE = radians(137.508)  # no two turns by it point the same way
# A sunflower spiral covers the plane evenly, so its first free point is about the nearest.
SPIRAL_OFFSETS = [(0.0, 0.0)] + [
    (4 * step**0.5 * cos(GOLDEN_ANGLE * step), 4 * step**0.5 * sin(GOLDEN_ANGLE * step))
    for step in range(2, 400)
]

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class NumberedDot:
    """A number at (x, y) for what truly lies at (at_x, at_y)."""

    number: int
    x: int
    y: int
    at_x: float
    at_y: float
    is_approximate: bool

    @property
    def is_aside(self) -> bool:
        """Whether the dot is so far from its place that a line must lead there."""
        return hypot(self.x - self.at_x, self.y - self.at_y) > 3

    @property
    def text_y(self) -> float:
        return self.y + 3.6

    @property
    def box(self) -> Box:
        return self.x - RADIUS, self.y - RADIUS, self.x + RADIUS, self.y + RADIUS


def declutter_markers(
    view: MapView,
    places: Sequence[tuple[int, float, float, bool]],
    taken: Sequence[tuple[float, float]] = (),
    names: Sequence[Box] = (),
) -> Iterator[NumberedDot]:
    """Yield dots for (number, x, y, is_approximate), so that none covers another.

    Earlier dots stand nearer to their places. ``taken`` are points and ``names`` boxes that no dot
    may cover.
    """
    # A dot covers a box if its middle is within a radius of it.
    names = [(a - RADIUS, b - RADIUS, c + RADIUS, d + RADIUS) for a, b, c, d in names]
    centers = [*taken]
    for number, at_x, at_y, is_approximate in places:
        x, y = _free_place(view, at_x, at_y, centers, names)
        centers.append((x, y))
        yield NumberedDot(number, round(x), round(y), at_x, at_y, is_approximate)


def _free_place(
    view: MapView, at_x: float, at_y: float, centers: Sequence, names: Sequence[Box]
) -> tuple[float, float]:
    """Return the first free place of a spiral around (at_x, at_y).

    One loop: a place is tried some hundred times on a crowded map. The next place of the spiral is
    mostly covered by the same dot as the last one, so that dot is tried first.
    """
    blocking_left = blocking_top = -LEAST_DISTANCE
    right, bottom = view.width - MARKER_EXTENT, view.height - MARKER_EXTENT
    for across, down in SPIRAL_OFFSETS:
        x, y = at_x + across, at_y + down
        if not (MARKER_EXTENT <= x <= right and MARKER_EXTENT <= y <= bottom):
            continue
        if (x - blocking_left) ** 2 + (y - blocking_top) ** 2 < LEAST_SQUARE:
            continue
        for left, top in centers:
            if (x - left) ** 2 + (y - top) ** 2 < LEAST_SQUARE:
                blocking_left, blocking_top = left, top
                break
        else:
            for a, b, c, d in names:
                if a < x < c and b < y < d:
                    break
            else:
                return x, y
    return at_x, at_y  # no room: better on another dot than far from its place
