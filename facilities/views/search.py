"""The search page: a question from the query string, and its answer in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ..models.place import Place, PlaceKind
from ..presenters.filter_checkboxes import boxes
from ..search import GROUPS, FacilityFilterSet
from ..search.filterset import MILES, Question
from ..search.links import bare, elsewhere, query
from ..search.run import PAGE_SIZE, Results, Weighed, weigh
from ..search.run import search as answer
from ..search.sort import SORTS
from ..search.suggestions import FEW, changes, medication_instead, nearest
from .map_panel import of_search
from .search_cards import cards
from .search_words import heading, short_name, states_named


@require_safe
@vary_on_headers("HX-Request")
def search(request) -> HttpResponse:
    """The page, or for htmx the part of it that changes. A bad value is a 400 that says why."""
    filterset = FacilityFilterSet(request.GET)
    context = {"filterset": filterset, "miles": MILES, "sorts": SORTS.items()}
    question, status = filterset.question, 200
    if question is None:
        context |= refused(filterset)
        status = 200 if context["is_only_ambiguous"] else 400
    else:
        weighed = weigh(question)
        results = answer(question, weighed)
        context |= answered(filterset, question, results) | helped(question, weighed)
        context |= of_search(question, weighed, results)
        status = 404 if question.page > results.pages else 200
    template = "facilities/search/_body.html" if request.htmx else "facilities/search/page.html"
    return render(request, template, context, status=status)


def refused(filterset: FacilityFilterSet) -> dict:
    """What the template shows where a value is bad, or the place may be several."""
    resolution, errors = filterset.resolution, filterset.messages()
    places = (*resolution.choices, *resolution.did_you_mean) if resolution else ()
    return {
        "errors": errors,
        "sentences": [sentence for _, sentence in errors],
        "place_problem": "place" in filterset.errors,
        "is_only_ambiguous": bool(resolution and resolution.choices) and len(errors) == 1,
        "offers": [*there(filterset, places)] if "place" in filterset.errors else [],
        "groups": [*groups(filterset, None)],
    }


def answered(filterset: FacilityFilterSet, question: Question, results: Results) -> dict:
    """What the template shows of a valid search."""
    language = get_language()
    return {
        "question": question,
        "results": results,
        "heading": heading(question, results),
        "cards": [*cards(question, results, language)],
        "chips": [*chips(question, language)],
        "groups": [*groups(filterset, results)],
        "states": [*states(question, results, language)],
        "pager": pager(question, results),
        "wider": wider(question),
        "without_filters": bare(question) if question.is_filtered else "",
        "meant": ", ".join(service.label(language) for service in question.text.services),
        "others": [*others(filterset)],
        "did_you_mean": [*did_you_mean(filterset)],
        "first_page": query(question),
    }


def helped(question: Question, weighed: Weighed) -> dict:
    """Other ways to go: medication instead of opioid detox, and changes where little is found."""
    ways = {"instead": medication_instead(question, weighed)}
    if len(weighed.order) < FEW and not question.where.is_everywhere:
        ways["changes"] = [*changes(question, weighed)]
        ways["nearest"] = nearest(question) if not len(weighed.order) else None
    return ways


@dataclass(frozen=True)
class Link:
    """Words and the query string they lead to."""

    label: str
    query: str


def there(filterset: FacilityFilterSet, places: Iterable[Place]) -> Iterator[Link]:
    """The same search at each of some places."""
    for place in places:
        label = place.label(get_language())
        yield Link(label, elsewhere(filterset, label))


def others(filterset: FacilityFilterSet) -> Iterator[Link]:
    """Smaller places of the same name, offered beside the results."""
    resolution = filterset.resolution
    if resolution and resolution.place.kind != PlaceKind.STATE:
        yield from there(filterset, resolution.others[:4])


def did_you_mean(filterset: FacilityFilterSet) -> Iterator[Link]:
    """A far larger place of nearly the same name: the one that was found may be a typing error."""
    if filterset.resolution:
        yield from there(filterset, filterset.resolution.did_you_mean)


def chips(question: Question, language: str) -> Iterator[Link]:
    """Each active filter with the link that takes it off."""
    if question.text.text:
        yield Link(f"“{question.text.text}”", query(question, q=""))
    for group in GROUPS:
        for slug in question.chosen[group.name]:
            option = group.options[slug]
            label = option.label(language)
            if option.named:  # "Buprenorphine" alone would not say whether it is started or kept
                label = f"{group.heading}: {label}"
            yield Link(label, query(question, without=(group.name, slug)))


@dataclass(frozen=True)
class Block:
    """One group of boxes as HTML; ``rare`` ones stand behind "more"."""

    name: str
    heading: str
    takes_all: bool
    chosen: int
    common: str
    rare: str
    shows_rare: bool


def groups(filterset: FacilityFilterSet, results: Results | None) -> Iterator[Block]:
    language = get_language()
    for group in GROUPS:
        ticked = filterset.ticked(group.name) & group.options.keys()
        counts = results.counts[group.name] if results else {}
        yield Block(
            name=group.name,
            heading=str(group.heading),
            takes_all=group.takes_all,
            chosen=len(ticked),
            common=boxes(group.name, group.common, counts, ticked, language),
            rare=boxes(group.name, group.rare, counts, ticked, language),
            shows_rare=any(option.slug in ticked for option in group.rare),
        )


@dataclass(frozen=True)
class StateCount:
    """One state of the whole country's answer."""

    name: str
    count: str
    query: str


def states(question: Question, results: Results, language: str) -> Iterator[StateCount]:
    for state, place in states_named(language).items() if results.by_state else ():
        if count := results.by_state.get(state):
            link = query(question, place=place.label(language))
            yield StateCount(short_name(place, language), f"{count:,}", link)


@dataclass(frozen=True)
class Pager:
    """Links to the pages before and after; "" where there is none."""

    page: int
    pages: int
    first: int
    last: int
    previous: str
    following: str


def pager(question: Question, results: Results) -> Pager:
    page, pages = question.page, results.pages
    first = (page - 1) * PAGE_SIZE
    return Pager(
        page=page,
        pages=pages,
        first=first + 1,
        last=first + len(results.page),
        previous=query(question, page=page - 1) if 1 < page <= pages else "",
        following=query(question, page=page + 1) if page < pages else "",
    )


def wider(question: Question) -> Link | None:
    """The next wider search: more miles, then the whole state, then the country."""
    where = question.where
    if where.miles is not None:
        more = next((miles for miles in MILES if miles > where.miles), None)
        if more:
            words = gettext("Look within %(miles)s miles") % {"miles": more}
            return Link(words, query(question, within=more))
        return Link(gettext("Look in the whole state"), query(question, within="state"))
    if where.county_fips:
        return Link(gettext("Look in the whole state"), query(question, within="state"))
    if where.state:
        nowhere = {"place": "", "lat": "", "lon": "", "within": ""}
        return Link(gettext("Look in the whole country"), query(question, **nowhere))
    return None
