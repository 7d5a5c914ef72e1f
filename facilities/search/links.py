"""Writes the query strings that the filter set reads: links that change one thing of a search."""

from urllib.parse import urlencode

from .filter_groups import GROUPS
from .filterset import FacilityFilterSet
from .query import SearchQuery


def build_query(query: SearchQuery, **changes) -> str:
    """The query's query string with single parameters replaced; "" takes one out.

    ``without=("substance", "opioid-detox")`` takes one option off. Unless ``page`` is among the
    changes, the link leads to the first page.
    """
    without = changes.pop("without", None)
    single = query.raw_params | {"page": ""} | changes
    pairs = [(name, value) for name, value in single.items() if value not in ("", None)]
    for group in GROUPS:
        pairs += [
            (group.name, slug) for slug in query.chosen[group.name] if (group.name, slug) != without
        ]
    return "?" + urlencode(pairs)


def query_at_place(filterset: FacilityFilterSet, place: str) -> str:
    """The same search, valid or not, at another place."""
    pairs = [("place", place)]
    pairs += [(name, filterset.raw_params[name]) for name in ("within", "q", "sort")]
    for group in GROUPS:
        pairs += [(group.name, slug) for slug in sorted(filterset.checked_options(group.name))]
    return "?" + urlencode([(name, value) for name, value in pairs if value])


def query_without_filters(query: SearchQuery) -> str:
    """The same place with nothing else asked."""
    places = {name: query.raw_params[name] for name in ("place", "lat", "lon", "within")}
    return "?" + urlencode([(name, value) for name, value in places.items() if value])
