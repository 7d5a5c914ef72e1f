"""The packaged shapes of states and counties: how they are stored, and which lie in a view.

They come from us-atlas 3.0.1 and the Census Bureau's shapes of 2017, in which Connecticut still has
eight counties.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .build_shapes import LEAST_AREA, WEIGHT_STEPS
from .projection import BoundingCaps, Floats, TangentPlane

PACKAGED = Path(__file__).parent / "data" / "shapes.npz"
LEAST_TRIANGLE = 5.0  # square pixels: what a point must change to be drawn

Integers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Rings:
    """Closed outlines: the numbers of their points, one after another, and whose they are."""

    points: Integers
    lengths: Integers
    of: Integers  # FIPS codes, one for each ring
    caps: BoundingCaps

    @cached_property
    def ends(self) -> Integers:
        return np.cumsum(self.lengths)

    def points_of(self, ring: int) -> Integers:
        end = self.ends[ring]
        return self.points[end - self.lengths[ring] : end]


@dataclass(frozen=True, eq=False)
class Shapes:
    """All lines, point after point; ``between`` are those between two counties of a state."""

    vectors: Floats  # (3, n)
    weights: NDArray[np.uint8]
    states: Rings
    counties: Rings
    between: Integers  # numbers of points, line after line
    between_lengths: Integers
    between_caps: BoundingCaps
    between_of: Integers  # FIPS codes of states

    def land(self, plane: TangentPlane, miles: float, per_pixel: float) -> list[Floats]:
        """Return outlines of the states within ``miles`` of the center, in miles east and north."""
        near = self.states.caps.touching(plane.center, miles)
        return [*self._projected(self.states, near, plane, per_pixel)]

    def outline(self, fips: str, plane: TangentPlane, per_pixel: float) -> list[Floats]:
        """Return the rings of a county (five digits) or state (two); none for an unknown code."""
        rings = self.counties if len(fips) == 5 else self.states
        return [*self._projected(rings, np.flatnonzero(rings.of == int(fips)), plane, per_pixel)]

    def _projected(self, rings: Rings, wanted, plane: TangentPlane, per_pixel: float):
        least = _least_weight(per_pixel)
        for ring in wanted.tolist():
            points = rings.points_of(ring)
            points = points[self.weights[points] >= least]
            if len(points) > 2:
                yield plane.miles(self.vectors[:, points])

    def borders(
        self, plane: TangentPlane, miles: float, per_pixel: float, state: str = ""
    ) -> tuple[Floats, Integers]:
        """Return lines between counties near the center: points in miles, each line's length."""
        near = self.between_caps.touching(plane.center, miles)
        if state:
            near = near[self.between_of[near] == int(state)]
        if not len(near):
            return np.empty((2, 0)), np.empty(0, np.int32)
        ends = np.cumsum(self.between_lengths)
        points = np.concatenate(
            [self.between[ends[n] - self.between_lengths[n] : ends[n]] for n in near.tolist()]
        )
        line = np.repeat(np.arange(len(near)), self.between_lengths[near])
        kept = self.weights[points] >= _least_weight(per_pixel)
        lengths = np.bincount(line[kept], minlength=len(near)).astype(np.int32)
        return plane.miles(self.vectors[:, points[kept]]), lengths


def _least_weight(per_pixel: float) -> int:
    """Return the smallest weight of a point that shows at this many miles per pixel."""
    area = LEAST_TRIANGLE * per_pixel * per_pixel
    return int(np.clip(1 + WEIGHT_STEPS * np.log2(area / LEAST_AREA), 1, 254))


@cache
def read_shapes() -> Shapes:
    with np.load(PACKAGED) as packed:
        lengths = packed["lengths"]
        ends = np.cumsum(lengths)
        grid = _absolute(packed["starts"], packed["steps"], lengths)
        vectors = _vectors(grid * packed["scale"] + packed["shift"])
        lines = [
            np.arange(end - n, end, dtype=np.int32) for n, end in zip(lengths, ends, strict=True)
        ]
        between = packed["between"]
        between_points = np.concatenate([lines[n] for n in between.tolist()])
        return Shapes(
            vectors=vectors,
            weights=packed["weights"],
            states=_rings(packed, "state", lines, vectors),
            counties=_rings(packed, "county", lines, vectors),
            between=between_points,
            between_lengths=lengths[between],
            between_of=packed["between_of"],
            between_caps=BoundingCaps.around(vectors[:, between_points], lengths[between]),
        )


def _absolute(starts: Integers, steps: Integers, lengths: Integers) -> Integers:
    """Return points of the grid from steps, which are 0 at the first point of each line."""
    summed = np.cumsum(steps, axis=0)
    first = np.cumsum(lengths) - lengths
    return summed + np.repeat(starts - summed[first], lengths, axis=0)


def _vectors(degrees: Floats) -> Floats:
    longitude, latitude = np.radians(degrees).T
    around = np.cos(latitude)
    return np.stack((around * np.cos(longitude), around * np.sin(longitude), np.sin(latitude)))


def _rings(packed, name: str, lines: list[Integers], vectors: Floats) -> Rings:
    numbers, counts = packed[f"{name}_lines"].tolist(), packed[f"{name}_lengths"]
    # The last point of a line is the first of the next one in its ring; ~n is line n backwards.
    pieces = [lines[n][:-1] if n >= 0 else lines[~n][:0:-1] for n in numbers]
    sizes = np.array([len(piece) for piece in pieces], np.int32)
    points = np.concatenate(pieces)
    lengths = np.add.reduceat(sizes, np.cumsum(counts) - counts).astype(np.int32)
    return Rings(
        points, lengths, packed[f"{name}_of"], BoundingCaps.around(vectors[:, points], lengths)
    )
