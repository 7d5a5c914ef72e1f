"""The search page: a query from the query string, and its answer in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ..models.place import Place, PlaceKind
from ..places.area_slugs import area_slug
from ..presenters.caller_needs import need_label
from ..presenters.filter_panel import FilterPanelGroup, build_filter_group
from ..search import GROUPS, FacilityFilterSet
from ..search.area import RADIUS_CHOICES
from ..search.empty_options import empty_options
from ..search.filter_groups import VERIFIED
from ..search.links import query_string_at_place, query_string_with, query_string_without_filters
from ..search.query import ResultView, SearchQuery
from ..search.run import (
    PAGE_SIZE,
    TABLE_PAGE_SIZE,
    MatchedFacilities,
    SearchResults,
    match_facilities,
)
from ..search.run import search as answer
from ..search.sort_orders import SORT_LABELS
from ..search.suggestions import (
    FEW_RESULTS,
    SuggestedSearch,
    find_nearest_of_each,
    suggest_changes,
    suggest_medication,
    suggest_search,
    suggest_wider_area,
)
from ..search.understanding.address import canonical_address
from ..search.withdrawal_safety import detox_advice, options_kept_for_safety
from .map_panel import search_map_panel
from .search_cards import build_cards, common_source, group_cards
from .search_table import tab_separated, table_context
from .search_understood import reading_context
from .search_words import results_heading, state_name, states_by_code


@require_safe
@vary_on_headers("HX-Request")
def search(request) -> HttpResponse:
    """The page, or for htmx the part of it that changes. A bad value is a 400 that says why.

    Free words lead to the address in which each understood part is a parameter.
    """
    address = canonical_address(request.GET)
    if address is not None:
        with override(address.language):
            return redirect(reverse("facilities:search") + address.query_string)
    filterset = FacilityFilterSet(request.GET)
    context = {"filterset": filterset, "miles": RADIUS_CHOICES}
    query, status = filterset.query, 200
    if query is None:
        context |= error_context(filterset)
        status = 200 if context["is_only_ambiguous"] else 400
    elif query.asks_where:
        context |= where_context(filterset, query)
    else:
        matched = match_facilities(query)
        is_table = query.view is not ResultView.CARDS
        results = answer(query, matched, page_size=TABLE_PAGE_SIZE if is_table else PAGE_SIZE)
        if query.view is ResultView.TEXT and results.hits and not query.carried_values("alert"):
            origin = f"{request.scheme}://{request.get_host()}"
            return tab_separated(query, results, get_language(), origin)
        context |= results_context(filterset, query, results) | alternative_searches(query, matched)
        context |= search_map_panel(query, matched, results)
        status = 404 if query.page > results.pages else 200
    template = "facilities/search/_body.html" if request.htmx else "facilities/search/page.html"
    return render(request, template, context, status=status)


def error_context(filterset: FacilityFilterSet) -> dict:
    """What the template shows where a value is bad, or the place may be several."""
    resolution, errors = filterset.resolution, filterset.error_messages()
    places = (*resolution.choices, *resolution.did_you_mean) if resolution else ()
    return {
        "errors": errors,
        "typed": filterset.raw_params["q"] or filterset.raw_params["place"],
        "sentences": [sentence for _, sentence in errors],
        "place_problem": "place" in filterset.errors,
        "is_only_ambiguous": bool(resolution and resolution.choices) and len(errors) == 1,
        "offers": [*links_to_places(filterset, places)] if "place" in filterset.errors else [],
        "groups": [*filter_groups(filterset, None)],
    }


def where_context(filterset: FacilityFilterSet, query: SearchQuery) -> dict:
    """What the template shows of a need without a place: nothing is listed yet."""
    return (
        {
            "query": query,
            "heading": gettext("Where?"),
            "is_start_page": query.view is ResultView.TABLE and not query.carried_values("alert"),
            "chips": [*filter_chips(query, get_language())],
            "filter_count": filter_count(query),
            "groups": [*filter_groups(filterset, None)],
        }
        | removal_context(query, fewest=2)
        | reading_context(query)
    )


def results_context(
    filterset: FacilityFilterSet, query: SearchQuery, results: SearchResults
) -> dict:
    """What the template shows of a valid search."""
    language = get_language()
    return (
        {
            "query": query,
            "results": results,
            "heading": results_heading(query, results),
            "chips": [*filter_chips(query, language)],
            "filter_count": filter_count(query),
            "groups": [*filter_groups(filterset, results)],
            "sorts": sort_choices(query, results) if results.hits else [],
            "states": [*state_counts(query, results, language)],
            "pager": pager(query, results),
            "meant": ", ".join(service.label(language) for service in query.keywords.services),
            "others": [*namesake_links(filterset)],
            "did_you_mean": [*did_you_mean_links(filterset)],
            "first_page": query_string_with(query),
            "area_list": area_list_address(query),
        }
        | removal_context(query)
        | results_view_context(query, results)
        | reading_context(query)
    )


def area_list_address(query: SearchQuery) -> str:
    """Return the address of the list to print of the place searched; "" where it has none."""
    place = query.area.place
    if place is None or place.kind == PlaceKind.ZIP:
        return ""
    return reverse("facilities:area", args=[area_slug(place)])


def results_view_context(query: SearchQuery, results: SearchResults) -> dict:
    """The results as cards or as the rows of a table, with the way to the other view."""
    language = get_language()
    source = common_source(results.hits, language)
    if query.view is ResultView.CARDS:
        cards = build_cards(
            query,
            results.hits,
            language,
            first_rank=results.first_rank,
            said_source=source,
        )
        return {
            "common_source": source,
            "card_groups": group_cards([*cards], results.hits),
            "table_query": query_string_with(query, view=ResultView.TABLE.value),
        }
    page = query.page if query.page > 1 else ""
    return {
        "common_source": source,
        "cards_query": query_string_with(query, view=""),
        "text_query": query_string_with(query, view=ResultView.TEXT.value, alert="", page=page),
    } | table_context(query, results, language)


@dataclass(frozen=True)
class DetoxAdviceLink:
    """A sentence above the list, and the search that it leads to, if that is another and finds."""

    text: str
    way: SuggestedSearch | None


def link_detox_advice(query: SearchQuery, matched: MatchedFacilities) -> Iterator[DetoxAdviceLink]:
    for line in detox_advice(query):
        changed = query.with_options(**line.changes)
        way = None
        if changed.chosen != query.chosen:
            way = suggest_search(line.link_text, query, matched, changed)
        yield DetoxAdviceLink(line.text, way)


def alternative_searches(query: SearchQuery, matched: MatchedFacilities) -> dict:
    """Other ways to go: medication instead of opioid detox, and changes where little is found."""
    is_little_found = matched.total < FEW_RESULTS
    ways = {
        "detox_advice": [*link_detox_advice(query, matched)],
        "instead": suggest_medication(query, matched),
        "is_little_found": is_little_found,
    }
    if is_little_found and not query.area.is_everywhere:
        ways["changes"] = [*suggest_changes(query, matched)]
        ways["nearest"] = [] if matched.total else [*find_nearest_of_each(query)]
        ways["wider"] = suggest_wider_area(query) if not matched.total else None
    return ways


@dataclass(frozen=True)
class SearchLink:
    """Words and the query string they lead to."""

    label: str
    query: str


def links_to_places(filterset: FacilityFilterSet, places: Iterable[Place]) -> Iterator[SearchLink]:
    """The same search at each of some places."""
    for place in places:
        label = place.label(get_language())
        yield SearchLink(label, query_string_at_place(filterset, label))


def namesake_links(filterset: FacilityFilterSet) -> Iterator[SearchLink]:
    """Smaller places of the same name, offered beside the results."""
    resolution = filterset.resolution
    if resolution and resolution.place.kind != PlaceKind.STATE:
        yield from links_to_places(filterset, resolution.others[:4])


def did_you_mean_links(filterset: FacilityFilterSet) -> Iterator[SearchLink]:
    """A far larger place of nearly the same name: the one that was found may be a typing error."""
    if filterset.resolution:
        yield from links_to_places(filterset, filterset.resolution.did_you_mean)


def filter_count(query: SearchQuery) -> int:
    """Return how many filters are active: boxes, a name and a number, but not the place."""
    return len([*query.options]) + bool(query.keywords.text) + bool(query.phone)


def removal_context(query: SearchQuery, *, fewest: int = 1) -> dict:
    """What "Remove all" takes off, offered from ``fewest`` filters on, and whether some stay."""
    protected = sum(map(len, options_kept_for_safety(query).values()))
    removable = filter_count(query) - protected
    return {
        "without_filters": query_string_without_filters(query) if removable >= fewest else "",
        "removable": removable,
        "are_some_protected": protected > 0,
    }


def filter_chips(query: SearchQuery, language: str) -> Iterator[SearchLink]:
    """Each active filter with the link that takes it off."""
    if query.area.place is not None:
        yield SearchLink(
            query.area.place.label(language),
            query_string_with(query, place="", within="", ask="where"),
        )
    if query.phone:
        number = f"{query.phone[:3]}-{query.phone[3:6]}-{query.phone[6:]}"
        yield SearchLink(number, query_string_with(query, phone="", notice=""))
    if query.keywords.text:
        yield SearchLink(f"“{query.keywords.text}”", query_string_with(query, q=""))
    for group, option in query.options:
        label = need_label(group, option, language)
        yield SearchLink(label, query_string_with(query, without=(group.name, option.slug)))


def filter_groups(
    filterset: FacilityFilterSet, results: SearchResults | None
) -> Iterator[FilterPanelGroup]:
    """Yield each listed group, and each other one that has a choice.

    A box that finds nothing anywhere in the country is shown only while it is ticked.
    """
    language = get_language()
    empty = empty_options_of(results)
    for group in GROUPS:
        ticked = filterset.checked_options(group.name) & group.options.keys()
        if ticked or group.is_listed:
            counts = results.counts[group.name] if results else {}
            hidden = empty[group.name] - ticked
            if panel := build_filter_group(group, counts, ticked, language, hidden=hidden):
                yield panel


def empty_options_of(results: SearchResults | None) -> dict[str, frozenset[str]]:
    """Return the options that find nothing at all, without a query where the version is known."""
    version = results.data_version if results else None
    return empty_options() if version is None else empty_options.at(version)


def sort_choices(query: SearchQuery, results: SearchResults) -> list[tuple[str, str]]:
    """Return the orders to choose from.

    Without a place none is by distance; while nothing was ever checked, none is by checks.
    """
    is_possible = {
        "distance": query.area.point is not None,
        "verified": "checked" not in empty_options_of(results)[VERIFIED.name],
    }
    return [
        (sort, label)
        for sort, label in SORT_LABELS.items()
        if is_possible.get(sort, True) or query.sort == sort
    ]


@dataclass(frozen=True)
class StateCount:
    """One state of the whole country's answer."""

    name: str
    count: str
    query: str


def state_counts(query: SearchQuery, results: SearchResults, language: str) -> Iterator[StateCount]:
    for state, place in states_by_code(language).items() if results.by_state else ():
        if count := results.by_state.get(state):
            link = query_string_with(query, place=place.label(language))
            yield StateCount(state_name(place, language), f"{count:,}", link)


@dataclass(frozen=True)
class Pager:
    """Links to the pages before and after; "" where there is none."""

    page: int
    pages: int
    first: int
    last: int
    previous: str
    following: str


def pager(query: SearchQuery, results: SearchResults) -> Pager:
    page, pages = query.page, results.pages
    return Pager(
        page=page,
        pages=pages,
        first=results.first_rank,
        last=results.first_rank + len(results.hits) - 1,
        previous=query_string_with(query, page=page - 1) if 1 < page <= pages else "",
        following=query_string_with(query, page=page + 1) if page < pages else "",
    )
