"""The candidates of a search as arrays side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from ..models.facility import SERVICE_BITS
from ..taxonomy import BITS, WORDS, ServiceSet

COLUMNS = ("id", "state", "x", "y", "z", *SERVICE_BITS, "last_verified_on")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class FacilityArrays:
    """What a search computes with: one entry for each of n facilities in every array.

    ``ids``          (n,)    int64    primary keys
    ``states``       (n,)    text     postal codes
    ``vectors``      (3, n)  float64  unit vectors of the positions; NaN without a position
    ``words``        (6, n)  int64    the services offered, as the bits of ``ServiceSet.words()``
    ``verified``     (n,)    int64    days of the last verification as ordinals, 0 for never
    ``names``        (n,)    text     normalized names; None where the search needs no names
    ``name_ranks``   (n,)    int64    ranks of the names, A to Z; None unless worked out before
    """

    ids: NDArray[np.int64]
    states: NDArray[np.str_]
    vectors: NDArray[np.float64]
    words: NDArray[np.int64]
    verified: NDArray[np.int64]
    names: NDArray[np.object_] | None = None
    name_ranks: NDArray[np.int64] | None = None

    @classmethod
    def from_records(cls, records: Sequence[tuple]) -> "FacilityArrays":
        """Build from records in the order of COLUMNS, with the normalized name last if loaded."""
        if not records:
            none = np.empty(0, np.int64)
            no_states = np.empty(0, np.str_)
            no_words = np.empty((WORDS, 0), np.int64)
            no_names = np.empty(0, np.object_)
            return cls(none, no_states, np.empty((3, 0)), no_words, none, no_names)
        columns = list(zip(*records, strict=True))
        return cls(
            ids=np.array(columns[0], np.int64),
            states=np.array(columns[1], np.str_),
            vectors=np.array(columns[2:5], np.float64),
            words=np.array(columns[5:11], np.int64),
            verified=np.array([day.toordinal() if day else 0 for day in columns[11]], np.int64),
            names=np.array(columns[12], np.object_) if len(columns) > 12 else None,
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def all_true(self) -> Mask:
        return np.ones(len(self), bool)

    @cached_property
    def service_counts(self) -> NDArray[np.int64]:
        """How many facilities offer the service at each position, (378,).

        One pass unpacks all bits, so that most facet counts need no test of their own.
        """
        octets = np.ascontiguousarray(self.words.T).astype("<i8", copy=False).view(np.uint8)
        bits = np.unpackbits(octets.reshape(len(self), 8 * WORDS), axis=1, bitorder="little")
        return bits.sum(axis=0, dtype=np.int64).reshape(WORDS, 64)[:, :BITS].ravel()

    def offering_any(self, services: ServiceSet) -> Mask:
        """True where at least one of ``services`` is offered."""
        if not services:
            return np.zeros(len(self), bool)
        return reduce(
            or_, ((self.words[word] & bits) != 0 for word, bits in _words_with_bits(services))
        )

    def cosines(self, vector: tuple[float, float, float]) -> NDArray[np.float64]:
        """Dot products with a unit vector, (n,); added in the order SQL adds them."""
        x, y, z = self.vectors
        return x * vector[0] + y * vector[1] + z * vector[2]

    def with_name_ranks(self) -> "FacilityArrays":
        """Rank the names now: worth it for arrays that many searches filter and sort."""
        return replace(self, name_ranks=rank_names(self.names))

    def filter(self, mask: Mask) -> "FacilityArrays":
        """Return the facilities where ``mask`` is True."""
        return FacilityArrays(
            ids=self.ids[mask],
            states=self.states[mask],
            vectors=self.vectors[:, mask],
            words=self.words[:, mask],
            verified=self.verified[mask],
            names=None if self.names is None else self.names[mask],
            name_ranks=None if self.name_ranks is None else self.name_ranks[mask],
        )


def rank_names(names: NDArray[np.object_]) -> NDArray[np.int64]:
    """Rank names in the order of Unicode, which is collation "C" in SQL; equal names tie."""
    ranks = {name: rank for rank, name in enumerate(sorted(set(names.tolist())))}
    return np.array([ranks[name] for name in names.tolist()], np.int64)


@lru_cache(maxsize=1_000)
def _words_with_bits(services: ServiceSet) -> tuple[tuple[int, int], ...]:
    """(number, bits) of each word that holds any of the services; the filters ask for few sets."""
    return tuple((number, bits) for number, bits in enumerate(services.words()) if bits)
