"""The search index: every listed facility in arrays, and parts of it to search in.

An index is never changed: whoever searches goes on with the one at hand while the next is made.
What was built at once is its base; facilities that changed since are struck out of the base and
stand, as they are now, in a small segment beside it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..geo import EARTH_RADIUS_MILES, Point, cosine_of_miles, unit_vector
from ..models import VersionStamp
from ..rules.predicates import Predicate
from .area import SearchArea
from .bits import SLOTS, Bits, count_ones, pack_bits, unpack_bits
from .columns import COLUMNS, OPTION_COLUMNS, SCORES
from .compile import Slots
from .recent_records import RecentRecords
from .segment import SLACK, Segment, build_segment
from .sort_keys import SortKey

EVERY_BLOCK = slice(None)
CACHED_WORDS = 32_768  # 256 kB: what a processor keeps close while it counts


@dataclass(frozen=True, eq=False)
class IndexPart:
    """Some blocks of a segment, of which only the facilities of ``alive``, (w,) words, count.

    ``places`` of the segment's names are those in the order of the whole index, if not the same.
    """

    segment: Segment
    blocks: slice | NDArray[np.intp]
    alive: Bits
    places: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.filled)

    @cached_property
    def filled(self) -> Bits:
        return self.alive[self.blocks]

    def of_blocks(self, blocks: slice | NDArray[np.intp]) -> "IndexPart":
        return replace(self, blocks=blocks)

    def in_segment(self, slots: Slots) -> Slots:
        """Return the segment's numbers of the part's slots."""
        if isinstance(self.blocks, slice):
            return slots + SLOTS * (self.blocks.start or 0)
        return self.blocks[slots // SLOTS] * SLOTS + slots % SLOTS

    def name_places(self, slots: Slots) -> NDArray:
        names = self.segment.names[slots]
        return names if self.places is None else self.places[names]

    def vectors(self) -> NDArray[np.float64]:
        """The positions of all its slots, (3, slots)."""
        return self.segment.vectors.reshape(3, -1, SLOTS)[:, self.blocks].reshape(3, -1)

    def values(self, values: NDArray) -> NDArray:
        """The values of all its slots, of an array of the segment."""
        return values.reshape(-1, SLOTS)[self.blocks].ravel()

    def counts(self, first: int, stop: int, selected: Bits) -> NDArray[np.int64]:
        """Return how many selected facilities each column from ``first`` to ``stop`` is true of."""
        blocks, columns = self.blocks, self.segment.bits
        busy = np.flatnonzero(selected)
        if len(busy) < len(selected) / 2:
            selected = selected[busy]
            first_block = blocks.start or 0 if isinstance(blocks, slice) else None
            blocks = blocks[busy] if first_block is None else busy + first_block
        step = max(1, CACHED_WORDS // max(1, len(selected)))
        parts = [
            count_ones(columns[start : min(start + step, stop), blocks] & selected)
            for start in range(first, stop, step)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Candidates:
    """The facilities of an area, which a search filters, counts and sorts.

    They are the slots of its parts, one after the other; ``inside``, (blocks,) words, tells which
    of the slots hold one. Masks of facilities are words like these. ``records`` and ``version`` are
    those of the index.
    """

    parts: tuple[IndexPart, ...]
    inside: Bits
    records: RecentRecords = field(default_factory=RecentRecords)
    version: VersionStamp | None = None

    @cached_property
    def blocks(self) -> int:
        return len(self.inside)

    @cached_property
    def total(self) -> int:
        return int(count_ones(self.inside))

    # For predicates

    def column(self, predicate: Predicate) -> Bits | None:
        number = COLUMNS.get(predicate)
        if number is None:
            return None
        return _joined([part.segment.bits[number, part.blocks] for part in self.parts])

    def names_containing(self, text: str) -> Bits:
        return _joined(
            [
                pack_bits(part.segment.name_table.containing(text)[part.values(part.segment.names)])
                for part in self.parts
            ]
        )

    # For counts

    def option_counts(self, selected: Bits) -> NDArray[np.int64]:
        """Return how many of the selected facilities each option's column is true of."""
        if selected is self.inside:
            return self._all_option_counts
        return self.column_counts(selected, 0, OPTION_COLUMNS)

    @cached_property
    def _all_option_counts(self) -> NDArray[np.int64]:
        return self.column_counts(self.inside, 0, OPTION_COLUMNS)

    def column_counts(self, selected: Bits, first: int, stop: int) -> NDArray[np.int64]:
        """Return how many of them each column from ``first`` to ``stop`` is true of."""
        total, start = np.zeros(stop - first, np.int64), 0
        for part in self.parts:
            total += part.counts(first, stop, selected[start : start + len(part)])
            start += len(part)
        return total

    def count_by_state(self, selected: Bits) -> dict[str, int]:
        """Return state -> how many selected facilities it has, of those that have some."""
        ones, start, by_state = np.bitwise_count(selected), 0, Counter()
        for part in self.parts:
            states, numbers = np.unique(part.segment.states[part.blocks], return_inverse=True)
            counts = np.bincount(numbers, ones[start : start + len(part)], len(states))
            by_state.update(dict(zip(states.tolist(), counts.astype(int).tolist(), strict=True)))
            start += len(part)
        return {state: count for state, count in sorted(by_state.items()) if count}

    # For sorting: a number for each of the slots

    def scores(self, key: SortKey, slots: Slots) -> NDArray[np.uint8] | None:
        if key not in SCORES:
            return None
        number = SCORES.index(key)
        return self._take(slots, lambda part, own: part.segment.scores[number][own])

    def verified(self, slots: Slots) -> NDArray[np.int32]:
        return self._take(slots, lambda part, own: part.segment.verified[own])

    def vectors(self, slots: Slots) -> NDArray[np.float64]:
        """Unit vectors of positions, (3, n); NaN without a position."""
        return self._take(slots, lambda part, own: part.segment.vectors[:, own])

    def cosines(self, point: Point, slots: Slots) -> NDArray[np.float64]:
        return _cosines(self.vectors(slots), point)

    def around_nearest(self, selected: Bits, point: Point) -> Bits:
        """Return the selected facilities in the blocks that may hold the nearest to ``point``."""
        vector = np.array(unit_vector(point))
        centers = _joined([part.segment.centers[:, part.blocks] for part in self.parts])
        reaches = _joined([part.segment.reaches[part.blocks] for part in self.parts])
        angles = np.arccos(np.clip(vector @ centers, -1, 1))
        limit = np.fmin.reduce((angles + reaches)[selected != 0], initial=np.pi) + SLACK
        near = np.where(angles - reaches <= limit, selected, 0)
        # A block may hold none of them but such without a position: then all are looked at.
        cosines = self.cosines(point, self.slots(near))
        return near if np.any(cosines >= np.cos(min(limit, np.pi))) else selected

    def name_places(self, slots: Slots) -> NDArray:
        return self._take(slots, lambda part, own: part.name_places(own))

    def ids(self, slots: Slots) -> NDArray[np.int64]:
        return self._take(slots, lambda part, own: part.segment.ids[own])

    def slots(self, selected: Bits) -> Slots:
        """Return the slots of the selected facilities."""
        return np.flatnonzero(unpack_bits(selected))

    def _take(self, slots: Slots, take: Callable[[IndexPart, Slots], NDArray]) -> NDArray:
        first, *others = self.parts
        if not others:
            return take(first, first.in_segment(slots))
        (second,) = others
        is_second = slots >= SLOTS * len(first)
        of_first = take(first, first.in_segment(slots[~is_second]))
        of_second = take(second, second.in_segment(slots[is_second] - SLOTS * len(first)))
        values = np.empty((*of_first.shape[:-1], len(slots)), np.result_type(of_first, of_second))
        values[..., ~is_second], values[..., is_second] = of_first, of_second
        return values


@dataclass(frozen=True, eq=False)
class SearchIndex:
    """A base, and beside it the facilities that ``changed`` since: key -> their record, or None.

    None stands for one that is no longer listed. ``version`` is known of an index that a process
    keeps.
    """

    base: Segment
    changed: Mapping[int, tuple | None]
    parts: tuple[IndexPart, ...]
    records: RecentRecords = field(default_factory=RecentRecords)
    version: VersionStamp | None = None

    @classmethod
    def build(cls, records: Iterable[tuple]) -> "SearchIndex":
        """Build from records in the order of ``segment.FIELDS``, which are read once."""
        return cls.of_base(build_segment(records))

    @classmethod
    def of_base(cls, base: Segment) -> "SearchIndex":
        return cls(base, {}, (IndexPart(base, EVERY_BLOCK, base.filled),))

    def with_changes(self, changed: Mapping[int, tuple | None]) -> "SearchIndex":
        """Return the index after some facilities changed: key -> record, None if not listed."""
        base, kept, records = self.base, self.parts[0], self.records.without(changed)
        is_changed = np.isin(base.ids, np.fromiter(changed, np.int64, len(changed)))
        kept = IndexPart(base, EVERY_BLOCK, kept.alive & ~pack_bits(is_changed))
        changed = {**self.changed, **changed}
        added = build_segment(record for record in changed.values() if record is not None)
        if not added.blocks:
            return SearchIndex(base, changed, (kept,), records)
        places = base.name_table.places(added.name_table)
        added = IndexPart(added, EVERY_BLOCK, added.filled, places)
        return SearchIndex(base, changed, (kept, added), records)

    @cached_property
    def everywhere(self) -> Candidates:
        filled = _joined([part.filled for part in self.parts])
        return Candidates(self.parts, filled, self.records, self.version)

    def in_area(self, area: SearchArea) -> Candidates:
        """Return the facilities there: the same as ``area.filter_queryset`` in SQL."""
        if area.miles is not None:
            return self._near(area.point, area.miles)
        return self._in_state(area.state, area.county_fips) if area.state else self.everywhere

    def _near(self, point: Point, miles: float) -> Candidates:
        vector, angle = np.array(unit_vector(point)), miles / EARTH_RADIUS_MILES
        parts = tuple(
            part.of_blocks(part.segment.blocks_near(vector, angle)) for part in self.parts
        )
        limit = cosine_of_miles(miles)
        masks = [
            pack_bits(_cosines(part.vectors(), point) >= limit) & part.filled for part in parts
        ]
        return Candidates(parts, _joined(masks), self.records, self.version)

    def _in_state(self, state: str, county_fips: str) -> Candidates:
        nowhere = slice(0, 0)
        parts = tuple(
            part.of_blocks(part.segment.state_ranges.get(state, nowhere)) for part in self.parts
        )
        masks = [part.filled for part in parts]
        if county_fips:
            county = county_fips.encode()
            masks = [
                pack_bits(part.values(part.segment.counties) == county) & mask
                for part, mask in zip(parts, masks, strict=True)
            ]
        return Candidates(parts, _joined(masks), self.records, self.version)


def _joined(parts: list[NDArray]) -> NDArray:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)


def _cosines(vectors: NDArray[np.float64], point: Point) -> NDArray[np.float64]:
    """Dot products, added in the order SQL adds them."""
    x, y, z = unit_vector(point)
    return vectors[0] * x + vectors[1] * y + vectors[2] * z
