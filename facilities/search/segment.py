"""Facilities as arrays, in blocks of 64: what a search computes with instead of rows.

The facilities of a state fill blocks of their own, and a block holds neighbors. So a search of a
state reads one range of blocks and a search around a point a few of them, whatever the total. Each
block has one word of 64 bits for each question of ``columns.py``, one bit for each of its slots: to
filter is to AND words, to count is to count their ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ..models.facility import SERVICE_BITS
from ..rules.predicates import HasVerifiedFact, Predicate
from ..taxonomy import BITS, VOCABULARY, WORDS
from .bits import SLOTS, Bits, pack_bits
from .columns import COLUMNS, SCORES, offers_service
from .compile import predicate_as_bits, sort_values
from .names import NameTable

# What is read of each facility
FIELDS = (
    "id", "state", "county_fips", "x", "y", "z", *SERVICE_BITS, "last_verified_on", "name_key",
)  # fmt: skip
SLACK = 1e-6  # radians, some 20 feet: for rounding
CHUNK = 4_096  # records, then blocks, that are turned into arrays at a time


@dataclass(frozen=True, eq=False)
class Segment:
    """n facilities in w blocks, which have s = 64 w slots. Empty slots hold zeros.

    ``bits``      (c, w) uint64   for each column of ``columns.py`` the slots of which it is true
    ``filled``    (w,) uint64     the slots that hold a facility
    ``states``    (w,) text       the state of each block
    ``centers``   (3, w) float64  unit vectors of the blocks' middles; NaN without any position
    ``reaches``   (w,) float64    the angle from the middle to the farthest facility, in radians
    ``ids``       (s,) int64      primary keys
    ``counties``  (s,) octets     FIPS codes
    ``vectors``   (3, s) float64  unit vectors of the positions; NaN without a position
    ``verified``  (s,) int32      days of the last verification as ordinals, 0 for never
    ``scores``    (3, s) uint8    the values of ``columns.SCORES``
    ``names``     (s,) int32      numbers of the names in ``name_table``
    """

    bits: Bits
    filled: Bits
    states: NDArray[np.str_]
    centers: NDArray[np.float64]
    reaches: NDArray[np.float64]
    ids: NDArray[np.int64]
    counties: NDArray[np.bytes_]
    vectors: NDArray[np.float64]
    verified: NDArray[np.int32]
    scores: NDArray[np.uint8]
    names: NDArray[np.int32]
    name_table: NameTable

    @property
    def blocks(self) -> int:
        return len(self.filled)

    @cached_property
    def state_ranges(self) -> dict[str, slice]:
        """The blocks of each state."""
        states, firsts, counts = np.unique(self.states, return_index=True, return_counts=True)
        return {
            state: slice(first, first + count)
            for state, first, count in zip(
                states.tolist(), firsts.tolist(), counts.tolist(), strict=True
            )
        }

    def blocks_near(self, vector: NDArray[np.float64], angle: float) -> NDArray[np.intp]:
        """Return the blocks that may hold a facility within ``angle`` of a unit vector."""
        cosines = vector @ self.centers
        return np.flatnonzero(np.arccos(np.clip(cosines, -1, 1)) <= self.reaches + angle + SLACK)


def build_segment(records: Iterable[tuple]) -> Segment:
    """Build from records in the order of FIELDS, which are read once and not kept."""
    ids, states, counties, vectors, words, verified, names, known = _read(records)
    rows = _rows_of_slots(states, vectors)
    is_filled = rows >= 0

    def place(values: NDArray, empty: float = 0) -> NDArray:
        placed = np.full((*values.shape[:-1], len(rows)), empty, values.dtype)
        placed[..., is_filled] = values[..., rows[is_filled]]
        return placed

    filled, verified, vectors = pack_bits(is_filled), place(verified), place(vectors, np.nan)
    columns = _Columns(_service_bits(place(words)), pack_bits(verified > 0))
    centers, reaches = _circles(vectors)
    order = sorted(known)  # of code points, as bytes of UTF-8 are
    ranks = np.empty(len(known), np.int32)
    ranks[[known[name] for name in order]] = np.arange(len(known))
    return Segment(
        bits=np.stack([predicate_as_bits(predicate, columns) & filled for predicate in COLUMNS]),
        filled=filled,
        states=states[rows[::SLOTS]],
        centers=centers,
        reaches=reaches,
        ids=place(ids),
        counties=place(counties, b""),
        vectors=vectors,
        verified=verified,
        scores=np.stack([sort_values(key, columns) for key in SCORES]),
        names=place(ranks[names]),
        name_table=NameTable.build([name.encode() for name in order]),
    )


def _read(records: Iterable[tuple]):
    """Return the fields of all records as arrays, and the number of each distinct name."""
    known: dict[str, int] = {}

    def as_arrays(batch: list[tuple]) -> tuple[NDArray, ...]:
        columns = list(zip(*batch, strict=True)) or [()] * len(FIELDS)
        return (
            np.array(columns[0], np.int64),
            np.array(columns[1], "U2"),
            np.array(columns[2], "S5"),
            np.array(columns[3:6], np.float64),
            np.array(columns[6 : 6 + WORDS], np.int64),
            np.array([day.toordinal() if day else 0 for day in columns[-2]], np.int32),
            np.array([known.setdefault(name, len(known)) for name in columns[-1]], np.int32),
        )

    rest = iter(records)
    batches = [as_arrays(batch) for batch in iter(lambda: list(islice(rest, CHUNK)), [])]
    arrays = zip(*batches or [as_arrays([])], strict=True)
    return *(np.concatenate(parts, axis=-1) for parts in arrays), known


def _rows_of_slots(states: NDArray[np.str_], vectors: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return which row each slot holds, -1 for none, so that blocks are of one state and compact.

    Strips from west to east, each from south to north: sort-tile-recursive packing, as for
    R-trees (Leutenegger, 1997).
    """
    x, y, z = vectors
    longitudes, latitudes = np.arctan2(y, x), np.arcsin(z)
    by_state = np.argsort(states, kind="stable")
    _states, firsts = np.unique(states[by_state], return_index=True)
    slots = []
    for rows in np.split(by_state, firsts[1:]):
        blocks = -(-len(rows) // SLOTS)
        strip = SLOTS * int(np.ceil(np.sqrt(blocks)))
        eastward = rows[np.argsort(longitudes[rows], kind="stable")]
        for start in range(0, len(rows), strip or 1):
            part = eastward[start : start + strip]
            slots.append(part[np.argsort(latitudes[part], kind="stable")])
        slots.append(np.full(SLOTS * blocks - len(rows), -1))
    return np.concatenate(slots)


def _service_bits(words: NDArray[np.int64]) -> Bits:
    """Turn the words of each slot, (6, s), into bits of each service of the vocabulary, (v, w)."""
    columns = [64 * (service.position // BITS) + service.position % BITS for service in VOCABULARY]
    parts = []
    for start in range(0, words.shape[1], SLOTS * CHUNK):
        part = np.ascontiguousarray(words[:, start : start + SLOTS * CHUNK].T)
        octets = part.astype("<i8", copy=False).view(np.uint8)
        parts.append(pack_bits(np.unpackbits(octets, axis=1, bitorder="little")[:, columns].T))
    return np.concatenate([np.empty((len(columns), 0), np.uint64), *parts], axis=1)


def _circles(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle and the reach of the positions in each block."""
    positions = vectors.reshape(3, -1, SLOTS)
    sums = np.nansum(positions, axis=2)
    with np.errstate(invalid="ignore"):  # a block without any position
        centers = sums / np.sqrt((sums * sums).sum(axis=0))
    cosines = (positions * centers[:, :, np.newaxis]).sum(axis=0)
    return centers, np.arccos(np.clip(np.fmin.reduce(cosines, axis=1), -1, 1))


class _Columns:
    """The columns of single services and of checks, which those of all predicates are made of."""

    def __init__(self, services: Bits, verified: Bits):
        self.columns = dict(zip(map(offers_service, VOCABULARY), services, strict=True))
        self.columns[HasVerifiedFact()] = verified
        self.blocks = len(verified)

    def column(self, predicate: Predicate) -> Bits | None:
        return self.columns.get(predicate)
