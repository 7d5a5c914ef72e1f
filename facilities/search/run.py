"""One search: match, count and sort in the search index, then fetch the page from SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from ..geo import Point, miles_between
from ..models import Facility, VersionStamp
from .bits import Bits, count_ones
from .candidates import candidates_of_query
from .columns import OPTIONS, RANGES
from .compile import predicate_as_bits, sort_slots
from .filter_groups import GROUPS
from .index import Candidates
from .query import SearchQuery

PAGE_SIZE = 20  # cards
TABLE_PAGE_SIZE = 50  # rows of the table view: what fits on one printed sheet


@dataclass(frozen=True)
class SearchHit:
    """One facility of the page, with its miles from the searched point, if any."""

    facility: Facility
    miles: float | None


@dataclass(frozen=True)
class SearchResults:
    """The answer to a query.

    ``counts``: group name -> option slug -> facilities that match with that option added.
    ``by_state``: state -> facilities that match there; only for a search of the whole country.
    ``data_version``: what it was answered from; None of an empty page that was answered by SQL.
    """

    query: SearchQuery
    total: int
    page_size: int
    hits: tuple[SearchHit, ...]
    counts: dict[str, dict[str, int]]
    by_state: dict[str, int]
    data_version: VersionStamp | None = field(default=None, compare=False)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.page_size))

    @property
    def first_rank(self) -> int:
        """The place of the page's first hit among all results, from 1."""
        return (self.query.page - 1) * self.page_size + 1


@dataclass(frozen=True, eq=False)
class MatchedFacilities:
    """The candidates of a query and which of them match, before anything is fetched to be shown.

    ``keyword_bits``, the ``group_bits`` of the groups with a choice, and ``selected``, which joins
    them, are masks of the candidates. The rest is worked out when it is asked for: a suggestion
    only counts.
    """

    query: SearchQuery
    candidates: Candidates
    keyword_bits: Bits
    group_bits: dict[str, Bits]
    selected: Bits

    @cached_property
    def total(self) -> int:
        return int(count_ones(self.selected))

    @property
    def ids(self) -> NDArray[np.int64]:
        """Primary keys in the order of results, (total,)."""
        return self.first_ids(self.total)

    def first_ids(self, most: int) -> NDArray[np.int64]:
        """Return the primary keys of the first ``most`` results, in order."""
        keys = self.query.sort_order.keys
        return self.candidates.ids(sort_slots(self.candidates, self.selected, keys, most))

    @cached_property
    def vectors(self) -> NDArray[np.float64]:
        """Unit vectors of the positions of all results that have one, (3, n), in no order."""
        vectors = self.candidates.vectors(self.candidates.slots(self.selected))
        return vectors[:, ~np.isnan(vectors[0])]


def search(
    query: SearchQuery, matched: MatchedFacilities | None = None, *, page_size: int = PAGE_SIZE
) -> SearchResults:
    """Answer ``query`` from the search index, and fetch the facilities of the page from SQL."""
    matched = match_facilities(query) if matched is None else matched
    first, last = (query.page - 1) * page_size, query.page * page_size
    ids = matched.first_ids(last)[first:] if first < matched.total else ()
    hits = _hits(matched.candidates, [int(key) for key in ids], query.area.point)
    # What SQL answers was read together with its version.
    read_with = hits[0].facility.data_version if hits else None
    return SearchResults(
        query=query,
        total=matched.total,
        page_size=page_size,
        hits=hits,
        counts=count_options(query, matched),
        by_state=matched.candidates.count_by_state(matched.selected)
        if query.area.is_everywhere
        else {},
        data_version=matched.candidates.version or read_with,
    )


def match_facilities(query: SearchQuery, candidates: Candidates | None = None) -> MatchedFacilities:
    """Return which facilities match ``query``; among ``candidates`` if given."""
    candidates = candidates_of_query(query) if candidates is None else candidates
    keyword_bits = candidates.inside
    if query.keywords.words:
        keyword_bits = keyword_bits & predicate_as_bits(query.keywords.predicate, candidates)
    group_bits = {
        group.name: predicate_as_bits(group.predicate(query.chosen[group.name]), candidates)
        for group in GROUPS
        if query.chosen[group.name]
    }
    selected = reduce(and_, group_bits.values(), keyword_bits)
    return MatchedFacilities(query, candidates, keyword_bits, group_bits, selected)


def _hits(candidates: Candidates, ids: Sequence[int], point: Point | None) -> tuple[SearchHit, ...]:
    """Fetch the facilities of a page; one that is no longer listed is left out."""
    facilities = candidates.records.find(ids)
    shown = (facilities[key] for key in ids if key in facilities)
    return tuple(
        SearchHit(
            facility, miles_between(point, place) if point and (place := facility.point) else None
        )
        for facility in shown
    )


def count_options(query: SearchQuery, matched: MatchedFacilities) -> dict[str, dict[str, int]]:
    """Return group name -> option slug -> how many match with that option added.

    Where all choices of a group must hold, adding an option can only narrow what matches now: it is
    counted among those. Where any choice may hold, adding one can only widen it: to what matches
    now come those that match everything *except* the group itself, have the option, and did not
    match before. Either way an option that is chosen already counts what matches now.
    """
    candidates, counts = matched.candidates, {}
    of_matching = candidates.option_counts(matched.selected).tolist()
    for group in GROUPS:
        base, added, start = 0, of_matching, 0
        if query.chosen[group.name] and not group.takes_all:
            others = (bits for name, bits in matched.group_bits.items() if name != group.name)
            rest = reduce(and_, others, matched.keyword_bits) & ~matched.group_bits[group.name]
            start, stop = RANGES[group.name]
            base, added = matched.total, candidates.column_counts(rest, start, stop).tolist()
        columns = OPTIONS[group.name]
        counts[group.name] = {
            slug: base + added[column - start] for slug, column in columns.items()
        }
    return counts
