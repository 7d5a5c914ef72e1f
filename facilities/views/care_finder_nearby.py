"""What the searches of the care finder find near a place: how many, and the nearest."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from ..guidance.care_finder import PreparedSearch
from ..search import GROUPS, FacilityFilterSet
from ..search.area import WHOLE_STATE
from ..search.links import query_string_with
from ..search.query import SearchQuery
from ..search.run import MatchedFacilities, SearchHit, match_facilities, search
from ..search.suggestions import find_nearest_of_each
from .search_cards import ResultCard, build_cards
from .search_words import results_heading

SHOWN_OF_FIRST, SHOWN_OF_OTHERS = 3, 1


def read_place(typed: str) -> FacilityFilterSet:
    """Return a search at a place alone; its ``query`` is None if the place is unknown."""
    parameters = QueryDict(mutable=True)
    parameters["place"] = typed
    return FacilityFilterSet(parameters)


@dataclass(frozen=True)
class PreparedInWords:
    """A prepared search without a place: its filters in words, and the page that asks "Where?"."""

    search: PreparedSearch
    words: tuple[tuple[str, str], ...]
    query_string: str


@dataclass(frozen=True)
class NearbySearch:
    """A prepared search at a place.

    ``found`` are cards of the nearest facilities, ``total`` how many there are within the area of
    ``heading``, and ``query_string`` leads to them all. ``is_beyond``: nothing lies within 100
    miles, and the card is the nearest within 300; two if that one is mainly for veterans.
    """

    search: PreparedSearch
    words: tuple[tuple[str, str], ...]
    heading: str
    total: int
    query_string: str
    found: tuple[ResultCard, ...]
    is_beyond: bool = False


def prepared_in_words(search: PreparedSearch, language: str) -> PreparedInWords:
    query_string = "?" + urlencode([*search.parameters, ("ask", "where")])
    return PreparedInWords(search, tuple(filter_labels(search, language)), query_string)


def search_nearby(
    prepared: PreparedSearch, at_place: SearchQuery, language: str, *, is_first: bool
) -> NearbySearch:
    """Answer a prepared search at a place, or in the next wider area where something is found."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name, slug in prepared.parameters:
        chosen[name] = (*chosen.get(name, ()), slug)
    query, matched = least_wide(at_place.with_options(**chosen))
    results = search(query, matched, page_size=SHOWN_OF_FIRST if is_first else SHOWN_OF_OTHERS)
    nearby = NearbySearch(
        search=prepared,
        words=tuple(filter_labels(prepared, language)),
        heading=results_heading(query, results),
        total=results.total,
        query_string=query_string_with(query),
        found=tuple(build_cards(query, results.hits, language)),
    )
    if matched.total:
        return nearby
    hits = [
        SearchHit(nearest.facility, nearest.miles)
        for nearest in find_nearest_of_each(query)
        if nearest.is_near
    ]
    if not hits:
        return nearby
    return replace(nearby, found=tuple(build_cards(query, hits, language)), is_beyond=True)


def least_wide(query: SearchQuery) -> tuple[SearchQuery, MatchedFacilities]:
    """Return the query in the smallest area in which something is found, or unchanged."""
    matched = match_facilities(query)
    for wider in () if matched.total else wider_queries(query):
        found = match_facilities(wider)
        if found.total:
            return wider, found
    return query, matched


def wider_queries(query: SearchQuery) -> Iterator[SearchQuery]:
    if query.area.county_fips and query.area.miles is None:
        yield query.with_radius(WHOLE_STATE)
    yield from query.with_wider_radii()


def filter_labels(search: PreparedSearch, language: str) -> Iterator[tuple[str, str]]:
    """Yield (heading, options in words) of each filter group that a prepared search uses."""
    for group in GROUPS:
        labels = [
            group.options[slug].label(language)
            for name, slug in search.parameters
            if name == group.name
        ]
        if labels:
            yield str(group.heading), ", ".join(labels)
