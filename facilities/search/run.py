"""One search: narrow in SQL, weigh in arrays, page."""

from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from ..geo import Point, miles_between
from ..models import Facility
from ..models.versioned_cache import versioned_cache
from . import GROUPS
from .candidates import load_candidates
from .facility_arrays import FacilityArrays, Mask
from .filterset import SearchQuery

PAGE_SIZE = 20


@dataclass(frozen=True)
class SearchHit:
    """One facility of the page: the record and its miles from the searched point, if any."""

    facility: Facility
    miles: float | None


@dataclass(frozen=True)
class SearchResults:
    """The answer to a query.

    ``counts``: group name -> option slug -> facilities found with that option added.
    ``by_state``: state -> facilities found there; only for a search of the whole country.
    """

    query: SearchQuery
    total: int
    hits: tuple[SearchHit, ...]
    counts: dict[str, dict[str, int]]
    by_state: dict[str, int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, eq=False)
class MatchedFacilities:
    """The narrow rows with what each group keeps of them, before anything is fetched to show.

    ``order`` (total,) are positions of the kept rows in the order of results.
    """

    candidates: FacilityArrays
    keyword_mask: Mask
    group_masks: dict[str, Mask]
    selected: Mask
    order: NDArray[np.intp]

    @property
    def ids(self) -> NDArray[np.int64]:
        """Keys of all results in order, (total,)."""
        return self.candidates.ids[self.order]


def search(query: SearchQuery, matched: MatchedFacilities | None = None) -> SearchResults:
    """Answer a query: two statements, one narrow and one for the facilities of the page."""
    matched = match(query) if matched is None else matched
    page = slice((query.page - 1) * PAGE_SIZE, query.page * PAGE_SIZE)
    everywhere = query.area.is_everywhere
    return SearchResults(
        query=query,
        total=len(matched.order),
        hits=_hits(matched.ids[page], query.area.point),
        counts=_counts(query, matched),
        by_state=_by_state(matched.candidates, matched.selected) if everywhere else {},
    )


def match(query: SearchQuery, rows: FacilityArrays | None = None) -> MatchedFacilities:
    """Which facilities answer the query, in order; among ``rows`` if given."""
    rows = query_candidates(query) if rows is None else rows
    asked = query.keywords.keep(rows)
    masks = {group.name: group.keep(rows, query.chosen[group.name]) for group in GROUPS}
    kept = reduce(and_, masks.values(), asked)
    return MatchedFacilities(rows, asked, masks, kept, query.sort_order.sort_positions(rows, kept))


def query_candidates(query: SearchQuery) -> FacilityArrays:
    """The listed facilities where the query looks: the single seam to the database."""
    if query.area.is_everywhere:
        return all_candidates()
    with_names = bool(query.keywords.words) or query.sort_order.needs_names
    facilities = query.area.filter_queryset(Facility.objects.listed())
    return load_candidates(facilities, with_names=with_names)


@versioned_cache(maxsize=1)
def all_candidates() -> FacilityArrays:
    """Every listed facility of the country."""
    return load_candidates(Facility.objects.listed(), with_names=True)


def _hits(ids: NDArray[np.int64], point: Point | None) -> tuple[SearchHit, ...]:
    facilities = Facility.objects.for_cards().in_bulk(ids.tolist())
    found = (facilities[key] for key in ids.tolist() if key in facilities)
    return tuple(
        SearchHit(each, miles_between(point, each.point) if point and each.point else None)
        for each in found
    )


def _counts(query: SearchQuery, matched: MatchedFacilities) -> dict[str, dict[str, int]]:
    """Per group and option: how many would be found with that option added."""
    kept, counts = matched.candidates.filter(matched.selected), {}
    for group in GROUPS:
        chosen, rows = query.chosen[group.name], kept
        if chosen:
            others = [mask for name, mask in matched.group_masks.items() if name != group.name]
            rows = matched.candidates.filter(reduce(and_, others, matched.keyword_mask))
        counts[group.name] = group.counts(rows, chosen)
    return counts


def _by_state(rows: FacilityArrays, kept: Mask) -> dict[str, int]:
    states, totals = np.unique(np.array(rows.states)[kept], return_counts=True)
    return dict(zip(states.tolist(), totals.tolist(), strict=True))
