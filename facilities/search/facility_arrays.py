"""The narrow rows of a search as arrays side by side: one entry per facility in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from ..taxonomy import BITS, WORDS, ServiceSet

COLUMNS = ("id", "state", "x", "y", "z", "w0", "w1", "w2", "w3", "w4", "w5", "last_verified_on")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class FacilityArrays:
    """n facilities: ids (n,) int64; states (n,) text; vectors (3, n) float64; words (6, n) int64.

    ``verified`` (n,) int64 are the days of the last checks as ordinals, 0 for never.
    ``name_keys`` (n texts) is filled only where a query needs names.
    """

    ids: NDArray[np.int64]
    states: tuple[str, ...]
    vectors: NDArray[np.float64]
    words: NDArray[np.int64]
    verified: NDArray[np.int64]
    name_keys: tuple[str, ...] = ()

    @classmethod
    def from_records(cls, records: Sequence[tuple]) -> "FacilityArrays":
        """Build from records in the order of COLUMNS, a name key at the end where fetched."""
        if not records:
            none = np.empty(0, np.int64)
            return cls(none, (), np.empty((3, 0)), np.empty((WORDS, 0), np.int64), none)
        columns = list(zip(*records, strict=True))
        return cls(
            ids=np.array(columns[0], np.int64),
            states=columns[1],
            vectors=np.array(columns[2:5], np.float64),
            words=np.array(columns[5:11], np.int64),
            verified=np.array([day.toordinal() if day else 0 for day in columns[11]], np.int64),
            name_keys=columns[12] if len(columns) > 12 else (),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def all_true(self) -> Mask:
        return np.ones(len(self), bool)

    @cached_property
    def service_counts(self) -> NDArray[np.int64]:
        """How many rows offer the service at each position, (378,), in one pass over the bits."""
        octets = np.ascontiguousarray(self.words.T).astype("<i8", copy=False).view(np.uint8)
        bits = np.unpackbits(octets.reshape(len(self), 8 * WORDS), axis=1, bitorder="little")
        return bits.sum(axis=0, dtype=np.int64).reshape(WORDS, 64)[:, :BITS].ravel()

    def offering_any(self, services: ServiceSet) -> Mask:
        """True where at least one of ``services`` is offered."""
        if not services:
            return np.zeros(len(self), bool)
        return reduce(or_, ((self.words[word] & bits) != 0 for word, bits in _filled(services)))

    def cosines(self, vector: tuple[float, float, float]) -> NDArray[np.float64]:
        """Dot products with a unit vector, (n,); added in the order SQL adds them."""
        x, y, z = self.vectors
        return x * vector[0] + y * vector[1] + z * vector[2]

    def filter(self, mask: Mask) -> "FacilityArrays":
        """The rows where ``mask`` holds. Names and states are left out: nothing needs them."""
        return FacilityArrays(
            self.ids[mask], (), self.vectors[:, mask], self.words[:, mask], self.verified[mask]
        )


@lru_cache(maxsize=1_000)
def _filled(services: ServiceSet) -> tuple[tuple[int, int], ...]:
    """(number, bits) of each word that holds any of the services; the filters ask for few sets."""
    return tuple((number, bits) for number, bits in enumerate(services.words()) if bits)
