"""A flat map around one point: miles east and north of it, true in distance and direction from it.

This is the azimuthal equidistant projection: circles around the center stay circles, north is up
there, and nothing special happens at the date line.
"""

from dataclasses import dataclass
from functools import cached_property
from math import hypot

import numpy as np
from numpy.typing import NDArray

from ..geo import EARTH_RADIUS_MILES, Point, unit_vector

Floats = NDArray[np.float64]
Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class TangentPlane:
    center: Point

    @cached_property
    def axes(self) -> Floats:
        """Unit vectors east, north and up, (3, 3)."""
        x, y, z = unit_vector(self.center)
        around = hypot(x, y)
        east = (-y / around, x / around, 0.0) if around else (0.0, 1.0, 0.0)
        north = (-z * east[1], z * east[0], x * east[1] - y * east[0])
        return np.array((east, north, (x, y, z)))

    def miles(self, vectors: Floats) -> Floats:
        """Return (2, n) miles east and north for unit vectors, (3, n)."""
        east, north, up = self.axes @ vectors
        angle = np.arccos(np.clip(up, -1, 1))
        stretch = EARTH_RADIUS_MILES * angle / np.maximum(np.hypot(east, north), 1e-12)
        return np.stack((east * stretch, north * stretch))


@dataclass(frozen=True)
class BoundingCaps:
    """n circles on the globe, each around one line, to find quickly what may lie near a point."""

    middles: Floats  # (3, n)
    angles: Floats  # (n,)

    @classmethod
    def around(cls, vectors: Floats, lengths: NDArray[np.int32]) -> "BoundingCaps":
        """Return a cap for each of the lines, one after another in ``vectors``, (3, points)."""
        starts = np.cumsum(lengths) - lengths
        # Around the mean of the points, which is quick. The smallest circle would have another
        # middle, but a cap that is too wide only lets through a line that is cut later.
        middles = np.add.reduceat(vectors, starts, axis=1)
        middles /= np.linalg.norm(middles, axis=0)
        cosines = np.einsum("ij,ij->j", np.repeat(middles, lengths, axis=1), vectors)
        least = np.minimum.reduceat(np.clip(cosines, -1, 1), starts)
        return cls(middles, np.arccos(least))

    def touching(self, point: Point, miles: float) -> NDArray[np.intp]:
        cosines = np.clip(np.array(unit_vector(point)) @ self.middles, -1, 1)
        return np.flatnonzero(np.arccos(cosines) <= self.angles + miles / EARTH_RADIUS_MILES)
