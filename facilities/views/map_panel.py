"""The words of a locator, and which searches get one."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.utils.translation import gettext, ngettext

from ..geo import unit_vector
from ..maps.static_map import (
    MapMarker,
    StaticMap,
    draw_area_map,
    draw_facility_map,
    draw_map_around,
)
from ..models import Facility
from ..search.links import query_string_with
from ..search.query import ResultView, SearchQuery
from ..search.run import MatchedFacilities, SearchResults
from .search_words import area_words

IN_RAIL = (288, 248)
ON_PAGE = (288, 224)
IN_MAP = (432, 336)


def search_map_panel(
    query: SearchQuery,
    matched: MatchedFacilities,
    results: SearchResults,
    size: tuple[int, int] = IN_RAIL,
) -> dict:
    """Return the context of ``components/map_panel.html``; empty for the whole country."""
    where = query.area
    spots = [
        MapMarker(number, point, found.facility.is_approximate)
        for number, found in enumerate(results.hits, results.first_rank)
        if (point := found.facility.point) is not None
    ]
    if not spots or where.is_everywhere or where.point is None:
        return {}
    others = matched.vectors
    if where.is_near:
        drawn = draw_map_around(where.point, spots, others, *size)
    else:
        drawn = draw_area_map(where.point, where.state, where.county_fips, spots, others, *size)
    place = area_words(query)["place"]
    first = results.first_rank
    last = first + len(results.hits) - 1
    title = gettext("Map of results %(first)s to %(last)s") % {"first": first, "last": last}
    notes = [*search_map_notes(drawn, place, last + 1 - first)]
    list_too = gettext("The list has the same numbers, with addresses.")
    return {
        "locator": drawn,
        "locator_words": {
            "title": title,
            "caption": " ".join(notes),
            "description": f"{map_description(drawn)} {list_too}",
        },
        "map_query": query_string_with(query, page=card_page_number(query)),
    }


def card_page_number(query: SearchQuery) -> int | str:
    """Return the page for a link between list and map; a page of a table holds other results."""
    return query.page if query.page > 1 and query.view is ResultView.CARDS else ""


def search_map_notes(drawn: StaticMap, place: str, asked: int) -> Iterator[str]:
    if drawn.origin:
        yield gettext("The cross is %(place)s.") % {"place": place}
    if drawn.others:
        yield gettext("Small points are other results.")
    if any(dot.is_approximate for dot in drawn.dots):
        yield gettext("Hollow dots are approximate.")
    if missing := asked - len(drawn.dots):
        yield ngettext(
            "The position of %(count)s result is not known.",
            "The positions of %(count)s results are not known.",
            missing,
        ) % {"count": missing}


def facility_map_panel(found: Facility, others: Sequence[Facility]) -> dict:
    """Return nothing if the facility's position is unknown."""
    if found.point is None:
        return {}
    vectors = [unit_vector(other.point) for other in others if other.point]
    spot = MapMarker(0, found.point, found.is_approximate)
    drawn = draw_facility_map(spot, np.array(vectors).reshape(-1, 3).T, *ON_PAGE)
    title = gettext("Map of the surroundings of %(name)s") % {"name": found.name}
    notes = [*facility_map_notes(found, drawn)]
    return {
        "locator": drawn,
        "locator_words": {
            "title": title,
            "caption": " ".join(notes),
            "description": map_description(drawn),
        },
    }


def facility_map_notes(found: Facility, drawn: StaticMap) -> Iterator[str]:
    if found.is_address_confidential:
        yield gettext("The address is kept private: the dot is at the center of the city.")
    elif found.is_approximate:
        yield gettext("The dot is at the center of the ZIP code, not at the address.")
    if drawn.others:
        yield gettext("Small points are others nearby.")


def map_description(drawn: StaticMap) -> str:
    """Say what the picture shows besides its dots, for those who do not see it."""
    parts = []
    if drawn.rings:
        miles = ", ".join(str(ring.miles) for ring in drawn.rings)
        parts.append(gettext("Rings of distance in miles: %(miles)s.") % {"miles": miles})
    if drawn.towns:
        towns = ", ".join(town.label.words for town in drawn.towns)
        parts.append(gettext("Towns: %(names)s.") % {"names": towns})
    return " ".join(parts)
