"""Whether people of any place find a way on, whatever they need.

Each search of a need at a ZIP code must end in one of three ways: a place within the area that it
searches, a wider search with its count and the nearest place with its miles, or, where no listed
facility of the whole country fits, the help lines that every thin page shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlencode

import numpy as np
from django.http import QueryDict
from numpy.typing import NDArray

from ..geo import Point, miles_from_dot, unit_vector
from ..search.area import SearchArea
from ..search.candidates import all_candidates, candidates_of_query
from ..search.filterset import FacilityFilterSet
from ..search.query import SearchQuery
from ..search.run import MatchedFacilities, match_facilities
from ..search.suggestions import find_nearest, suggest_wider_area
from ..search.understanding.address import canonical_address

# What people type most often, by the demands known of such directories.
COMMON_NEEDS = (
    "detox",
    "alcohol detox",
    "heroin detox",
    "xanax detox",
    "detox in a hospital",
    "fentanyl",
    "suboxone",
    "methadone clinic",
    "vivitrol",
    "keep my methadone",
    "start buprenorphine",
    "inpatient rehab",
    "outpatient rehab",
    "intensive outpatient",
    "sober living",
    "meth",
    "cocaine",
    "marijuana",
    "free rehab",
    "rehab that takes medicaid",
    "rehab that takes medicare",
    "rehab private insurance",
    "tricare rehab",
    "women only rehab",
    "pregnant and using heroin",
    "rehab with my kids",
    "my son is 16",
    "veteran rehab",
    "rehab in spanish",
    "depression and drinking",
    "court ordered treatment",
    "telehealth",
)


POINTS_AT_A_TIME = 2_048  # a product of them and all facilities stays under a quarter gigabyte


class EndingKind(Enum):
    """How a search ends for the person who made it."""

    WITHIN_REACH = "within the area searched"
    FARTHER = "farther, with miles and a wider search"
    NOWHERE = "nowhere in the country: help lines alone"
    DEAD_END = "a dead end"


@dataclass(frozen=True)
class SearchEnding:
    """``miles``: to the nearest facility that fits, None where there is none or no point."""

    ending: EndingKind
    miles: float | None = None


def read_need(words: str) -> SearchQuery:
    """Return the search, of no place yet, that free words of a need lead to.

    Raises ValueError if the words are not understood as a need.
    """
    address = canonical_address(QueryDict(mutable=True) | {"q": words})
    query = address and FacilityFilterSet(QueryDict(address.query_string.lstrip("?"))).query
    is_unread = query and any(name == "ignored" for name, _ in query.carried)
    if not query or is_unread or query.keywords.text or not [*query.options]:
        raise ValueError(f"“{words}” is not understood as a need.")
    return query


def need_of_parameters(parameters: Iterable[tuple[str, str]]) -> SearchQuery:
    """Return the search, of no place yet, of a prepared query string. Raises ValueError."""
    filterset = FacilityFilterSet(QueryDict(urlencode([*parameters])))
    if filterset.query is None:
        raise ValueError(filterset.error_messages())
    return filterset.query


def endings_at_zip_code(zip_code: str, needs: Iterable[SearchQuery]) -> Iterator[SearchEnding]:
    """Yield how each need ends at a ZIP code. The area's facilities are loaded once.

    Raises ValueError if the ZIP code has no position.
    """
    here = FacilityFilterSet(QueryDict(mutable=True) | {"place": zip_code}).query
    if here is None or here.area.point is None:
        raise ValueError(f"ZIP code {zip_code} has no position.")
    candidates = candidates_of_query(here)
    for need in needs:
        yield _ending(match_facilities(replace(need, area=here.area, sort=here.sort), candidates))


def nearest_miles(need: SearchQuery, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the miles from each point to the nearest facility that fits, inf where none does.

    ``points`` are unit vectors, (n, 3). Every facility is measured, which takes the index of
    areas, radii and blocks out of the answer: what it says holds whatever area is searched.
    """
    vectors = match_facilities(need, all_candidates()).vectors
    if not vectors.size:
        return np.full(len(points), np.inf)
    parts = range(0, len(points), POINTS_AT_A_TIME)
    nearest = [(points[start : start + POINTS_AT_A_TIME] @ vectors).max(axis=1) for start in parts]
    return miles_from_dot(np.concatenate(nearest))


def unit_vectors(points: Iterable[Point]) -> NDArray[np.float64]:
    """Return the points as unit vectors, (n, 3)."""
    return np.array([unit_vector(point) for point in points])


def _ending(matched: MatchedFacilities) -> SearchEnding:
    query = matched.query
    if matched.total:
        miles = _least_miles(matched, query.area)
        is_inside = query.area.miles is None or (miles is not None and miles <= query.area.miles)
        return SearchEnding(EndingKind.WITHIN_REACH if is_inside else EndingKind.DEAD_END, miles)
    nearest, wider = find_nearest(query), suggest_wider_area(query)
    if nearest is None and wider is None:
        return SearchEnding(EndingKind.NOWHERE)
    is_way_on = nearest is not None and wider is not None and wider.count > 0
    return SearchEnding(
        EndingKind.FARTHER if is_way_on else EndingKind.DEAD_END, nearest.miles if nearest else None
    )


def _least_miles(matched: MatchedFacilities, area: SearchArea) -> float | None:
    cosines = unit_vector(area.point) @ matched.vectors
    return float(miles_from_dot(cosines.max())) if len(cosines) else None
