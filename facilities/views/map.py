"""The map page: the search's results as a list and on a map that can be moved, in step."""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..geo import Point, miles_between
from ..maps.static_map import states_around
from ..maps.towns import largest_towns
from ..models import Facility
from ..search import FacilityFilterSet
from ..search.links import query_string_with
from ..search.query import SearchQuery
from ..search.run import SearchResults, match_facilities, search
from .map_panel import IN_MAP, card_page_number, search_map_panel
from .search import alternative_searches, error_context, filter_chips, pager, removal_context
from .search_cards import build_cards
from .search_words import results_heading

TOWN_MARGIN_MILES = 5  # miles beyond the farthest result in which towns are named
MAX_TOWNS = 120
MAX_POINTS = 3_000  # dots; the largest state has some 1,900 listings


@require_safe
def results_map(request) -> HttpResponse:
    """Takes the same parameters as the search; only a place or a state has a map."""
    return csp_update(tile_policy(settings.MAP_TILES))(map_page)(request)


def map_page(request) -> HttpResponse:
    filterset = FacilityFilterSet(request.GET)
    query, status = filterset.query, 200
    if query is None:
        context = error_context(filterset)
        status = 200 if context["is_only_ambiguous"] else 400
    else:
        matched = match_facilities(query)
        results = search(query, matched)
        context = results_context(query, results) | alternative_searches(query, matched)
        context |= search_map_panel(query, matched, results, IN_MAP)
        context["map"] = interactive_map(query, context.get("locator"))
        status = 404 if query.page > results.pages else 200
    return render(request, "facilities/map/page.html", context, status=status)


def results_context(query: SearchQuery, results: SearchResults) -> dict:
    language = get_language()
    return {
        "query": query,
        "results": results,
        "heading": results_heading(query, results),
        "cards": [*build_cards(query, results.hits, language, first_rank=results.first_rank)],
        "chips": [*filter_chips(query, language)],
        "pager": pager(query, results),
        "search_query": query_string_with(query, page=card_page_number(query)),
        "first_page": query_string_with(query),
    } | removal_context(query)


def interactive_map(query: SearchQuery, locator) -> dict | None:
    if locator is None:
        return None
    names = [f"facilities/shapes/{fips:02}.json" for fips in states_around(locator.view)]
    return {
        "points": reverse("facilities:map_points") + query_string_with(query),
        "shapes": " ".join(static(name) for name in names),
        "origin": query.area.point if query.area.is_near else None,
        "rings": " ".join(str(ring.miles) for ring in locator.rings),
        "tiles": settings.MAP_TILES,
        "attribution": settings.MAP_TILE_ATTRIBUTION,
    }


def tile_policy(tiles: dict[str, str]) -> dict[str, list[str]]:
    """Return what the security policy of this page must allow beyond that of all others."""
    if not tiles:
        return {}
    origin = [tiles["origin"]] if tiles["origin"] else []
    if tiles["kind"] == "raster":
        return {"img-src": origin} if origin else {}
    # A picture out of an archive is handed to the page as a blob.
    return {"connect-src": origin, "img-src": ["blob:"]}


@require_safe
def map_points(request) -> HttpResponse:
    """All results in order, for the map: [latitude, longitude, is approximate, name, code].

    One without a position is null, so that it keeps its number. Towns go with them.
    """
    query = FacilityFilterSet(request.GET).query
    if query is None or query.area.is_everywhere:
        return JsonResponse({"points": [], "towns": []}, status=400)
    matched = match_facilities(query)
    ids = matched.first_ids(MAX_POINTS).tolist()
    facilities = Facility.objects.listed().filter(pk__in=ids).for_map()
    found = {key: rest for key, *rest in facilities}
    places = [_point(found.get(key)) for key in ids]
    content = {"points": places, "towns": _towns(query, places)}
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    answer = JsonResponse(content, json_dumps_params=compact)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _point(found: list | None) -> list | None:
    if found is None or found[0] is None:
        return None
    latitude, longitude, origin, name, code = found
    origins = Facility.PositionOrigin
    is_approximate = origin in (origins.ZIP, origins.CITY)
    return [round(latitude, 4), round(longitude, 4), int(is_approximate), name, code]


def _towns(query: SearchQuery, places: list[list | None]) -> list:
    center = query.area.point
    if center is None:
        return []
    miles = [miles_between(center, Point(*place[:2])) for place in places if place]
    return largest_towns(center, max(miles, default=0) + TOWN_MARGIN_MILES, MAX_TOWNS)
