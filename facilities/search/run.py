"""One search: load the candidates, match and sort them in arrays, fetch the page from SQL."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

import numpy as np
from django.db.models import Subquery
from numpy.typing import NDArray

from ..geo import Point, miles_between
from ..models import DataVersion, Facility, Version
from .candidates import load_candidates
from .compile import as_mask, sort_positions
from .facility_arrays import FacilityArrays, Mask
from .filter_groups import GROUPS
from .query import SearchQuery

PAGE_SIZE = 20  # cards
TABLE_PAGE_SIZE = 50  # rows of the table view: what fits on one printed sheet


@dataclass(frozen=True)
class SearchHit:
    """One facility of the page, with its miles from the searched point, if any."""

    facility: Facility
    miles: float | None
    data_version: Version = Version(0, "")


@dataclass(frozen=True)
class SearchResults:
    """The answer to a query.

    ``counts``: group name -> option slug -> facilities that match with that option added.
    ``by_state``: state -> facilities that match there; only for a search of the whole country.
    """

    query: SearchQuery
    total: int
    page_size: int
    hits: tuple[SearchHit, ...]
    counts: dict[str, dict[str, int]]
    by_state: dict[str, int]

    @property
    def data_version(self) -> Version | None:
        """The version of the data, read with the page's facilities; None of an empty page."""
        return self.hits[0].data_version if self.hits else None

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

    ``keyword_mask``, the ``group_masks`` of the groups with a choice, and ``selected``, which joins
    them, are (n,) bool over the n candidates. The rest is worked out when it is asked for: a
    suggestion only counts.
    """

    query: SearchQuery
    candidates: FacilityArrays
    keyword_mask: Mask
    group_masks: dict[str, Mask]
    selected: Mask

    @cached_property
    def total(self) -> int:
        return int(np.count_nonzero(self.selected))

    @cached_property
    def matching(self) -> FacilityArrays:
        """The matching candidates, (total,)."""
        return self.candidates.filter(self.selected)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Positions of ``matching`` in the order of results, (total,)."""
        return sort_positions(self.matching, self.query.sort_order.keys)

    @property
    def ids(self) -> NDArray[np.int64]:
        """Primary keys in the order of results, (total,)."""
        return self.matching.ids[self.order]


def search(
    query: SearchQuery, matched: MatchedFacilities | None = None, *, page_size: int = PAGE_SIZE
) -> SearchResults:
    """Answer ``query`` with two statements: the candidates, and the facilities of the page."""
    matched = match_facilities(query) if matched is None else matched
    page = slice((query.page - 1) * page_size, query.page * page_size)
    return SearchResults(
        query=query,
        total=matched.total,
        page_size=page_size,
        hits=_hits(matched.ids[page], query.area.point),
        counts=_counts(query, matched),
        by_state=_by_state(matched) if query.area.is_everywhere else {},
    )


def match_facilities(
    query: SearchQuery, candidates: FacilityArrays | None = None
) -> MatchedFacilities:
    """Return which facilities match ``query``; among ``candidates`` if given."""
    candidates = load_candidates(query) if candidates is None else candidates
    keyword_mask = as_mask(query.keywords.predicate, candidates)
    group_masks = {
        group.name: as_mask(group.predicate(query.chosen[group.name]), candidates)
        for group in GROUPS
        if query.chosen[group.name]
    }
    selected = reduce(and_, group_masks.values(), keyword_mask)
    return MatchedFacilities(query, candidates, keyword_mask, group_masks, selected)


def _hits(ids: NDArray[np.int64], point: Point | None) -> tuple[SearchHit, ...]:
    """Fetch the facilities of a page; one that was removed in between is left out."""
    newest = DataVersion.objects.filter(pk=1)
    version = {part: Subquery(newest.values(part)) for part in Version._fields}
    facilities = Facility.objects.for_cards().annotate(**version).in_bulk(ids.tolist())
    shown = (facilities[key] for key in ids.tolist() if key in facilities)
    return tuple(
        SearchHit(
            facility,
            miles_between(point, facility.point) if point and facility.point else None,
            Version(facility.number or 0, facility.token or ""),
        )
        for facility in shown
    )


def _counts(query: SearchQuery, matched: MatchedFacilities) -> dict[str, dict[str, int]]:
    """Return group name -> option slug -> how many match with that option added.

    A group counts among the facilities that match everything *except* the group itself, or an
    option that widens a choice would count nothing new. For a group without a choice those are
    simply the matching ones, so most groups share one set of arrays and one pass over its bits.
    """
    counts = {}
    for group in GROUPS:
        chosen, facilities = query.chosen[group.name], matched.matching
        if chosen:
            others = (mask for name, mask in matched.group_masks.items() if name != group.name)
            facilities = matched.candidates.filter(reduce(and_, others, matched.keyword_mask))
        counts[group.name] = group.counts(facilities, chosen)
    return counts


def _by_state(matched: MatchedFacilities) -> dict[str, int]:
    states, totals = np.unique(matched.matching.states, return_counts=True)
    return dict(zip(states.tolist(), totals.tolist(), strict=True))
