"""Writes the query strings that the filter set reads: links that change one thing of a search."""

from urllib.parse import urlencode

from .filter_groups import GROUPS
from .filterset import CARRIED_PARAMETERS, FacilityFilterSet
from .query import SearchQuery
from .withdrawal_safety import options_kept_for_safety

ASKING_FOR_PLACE = ("ask", "region", "other_place")  # done with once there is a place


def query_string_with(query: SearchQuery, **changes) -> str:
    """Return the query string with single parameters replaced; "" removes one.

    ``without=("substance", "opioid-detox")`` removes one option, or one carried text. Unless
    ``page`` is among the changes, the link leads to the first page.
    """
    without = changes.pop("without", None)
    single = query.raw_params | {"page": ""} | changes
    pairs = [(name, value) for name, value in single.items() if value not in ("", None)]
    for group in GROUPS:
        pairs += [
            (group.name, slug) for slug in query.chosen[group.name] if (group.name, slug) != without
        ]
    pairs += [pair for pair in query.carried if pair != without and pair[0] not in changes]
    return "?" + urlencode(pairs)


def query_string_at_place(filterset: FacilityFilterSet, place: str) -> str:
    pairs = [("place", place)]
    pairs += [(name, filterset.raw_params[name]) for name in ("within", "q", "sort", "view")]
    for group in GROUPS:
        pairs += [(group.name, slug) for slug in sorted(filterset.checked_options(group.name))]
    pairs += [
        (name, text)
        for name in CARRIED_PARAMETERS
        if name not in ASKING_FOR_PLACE
        for text in filterset.data.getlist(name)
    ]
    return "?" + urlencode([(name, value) for name, value in pairs if value])


def query_string_without_filters(query: SearchQuery) -> str:
    """Keep place, view and what ``withdrawal_safety.py`` protects."""
    kept = {name: query.raw_params[name] for name in ("place", "lat", "lon", "within", "view")}
    pairs = [(name, value) for name, value in kept.items() if value]
    pairs += [
        (group, slug) for group, slugs in options_kept_for_safety(query).items() for slug in slugs
    ]
    pairs += [(name, value) for name, value in query.carried if name in ("alert", "ask")]
    return "?" + urlencode(pairs)
