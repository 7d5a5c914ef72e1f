"""The search that a comparison, call sheet or handout comes from, as its own address carries it.

Such a page says how far each facility is from the place of the search, what was asked for, and
leads back to the results. It reads the parameters of a search that mean the same on every page,
and leaves out those that only the search page tells of.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from ..presenters.comparison.table import DistanceOrigin
from ..search import GROUPS, FacilityFilterSet
from ..search.filterset import SINGLE_PARAMETERS
from ..search.query import SearchQuery
from .search_words import distance_origin_name

CARRIED_PARAMETERS = frozenset([*SINGLE_PARAMETERS, "ignored", *(group.name for group in GROUPS)])


@dataclass(frozen=True)
class CarriedSearch:
    """``parameters`` are (name, value) pairs; both are empty where no valid search is carried."""

    query: SearchQuery | None
    parameters: tuple[tuple[str, str], ...]
    query_string: str

    def add_to(self, address: str, **others: str) -> str:
        extra = QueryDict(mutable=True)
        extra.update(others)
        query_string = "&".join(filter(None, (self.query_string, extra.urlencode())))
        return f"{address}?{query_string}" if query_string else address

    @property
    def results_address(self) -> str:
        return self.add_to(reverse("facilities:search"))

    @property
    def origin(self) -> DistanceOrigin | None:
        """Return what distances are counted from, if the search has a place that is a point."""
        if self.query is None or self.query.area.point is None or not self.query.area.is_near:
            return None
        return DistanceOrigin(self.query.area.point, distance_origin_name(self.query))


def carried_search_of_request(request) -> CarriedSearch:
    return read_carried_search(request.GET)


def read_carried_search(given: QueryDict) -> CarriedSearch:
    parameters = QueryDict(mutable=True)
    for name, values in given.lists():
        if name in CARRIED_PARAMETERS:
            parameters.setlist(name, [value for value in values if value])
    query = FacilityFilterSet(parameters).query if any(parameters.values()) else None
    if query is None:
        return CarriedSearch(None, (), "")
    pairs = tuple((name, value) for name, values in parameters.lists() for value in values)
    return CarriedSearch(query, pairs, parameters.urlencode())
