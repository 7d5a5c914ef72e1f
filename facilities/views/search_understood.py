"""What the search page tells of the words that led to it: danger, corrections, what is not used."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language

from ..guidance.alerts import ALERTS_BY_CODE
from ..guidance.search_notices import SEARCH_NOTICES_BY_CODE, SearchNotice
from ..places.gazetteer import resolve_place
from ..search.links import query_string_with
from ..search.query import SearchQuery


@dataclass(frozen=True)
class UnusedWords:
    """Words that no filter knows, and the link that takes them out of the address."""

    text: str
    without: str


@dataclass(frozen=True)
class CorrectedWord:
    """A word read as another; ``literally`` leads to the search for what was typed.

    ``choices`` are (word, query string) where two look-alikes are near and none was taken.
    """

    typed: str
    read: str
    literally: str
    choices: tuple[tuple[str, str], ...] = ()


def reading_context(query: SearchQuery) -> dict:
    """Return what the template shows of the carried parameters."""
    alert = next(
        (ALERTS_BY_CODE[code] for code in query.carried_values("alert") if code in ALERTS_BY_CODE),
        None,
    )
    return {
        "alert": alert,
        "without_alert": query_string_with(query, alert="") if alert else "",
        "notices": [*search_notices(query)],
        "unused": [
            UnusedWords(text, query_string_with(query, without=("ignored", text)))
            for text in query.carried_values("ignored")
        ],
        "corrected": [*corrected_words(query)],
        "other_place": next(iter(query.carried_values("other_place")), ""),
        "other_place_query": other_place_query(query),
        "regions": [*place_choices_in_region(query)],
        "asks_where": query.asks_where,
        "whole_country": query_string_with(query, ask="", region="") if query.is_filtered else "",
    }


def search_notices(query: SearchQuery) -> Iterator[SearchNotice]:
    for code in query.carried_values("notice"):
        if code in SEARCH_NOTICES_BY_CODE:
            yield SEARCH_NOTICES_BY_CODE[code]


def corrected_words(query: SearchQuery) -> Iterator[CorrectedWord]:
    for text in query.carried_values("corrected"):
        typed, separator, read = text.partition("~")
        if not separator:
            continue
        rest = {"corrected": "", "ignored": ""}
        choices = tuple(
            (word, query_string_with(query, q=word, **rest))
            for word in read.split("|")
            if "|" in read
        )
        literally = query_string_with(query, q=f'"{typed}"', **rest)
        yield CorrectedWord(typed, "" if choices else read, literally, choices)


def other_place_query(query: SearchQuery) -> str:
    """Return the search at the place that the words of need also name."""
    names = QueryDict(mutable=True)
    for place in query.carried_values("other_place"):
        names["place"] = place
    return f"?{names.urlencode()}" if names else ""


def place_choices_in_region(query: SearchQuery) -> Iterator[tuple[str, str]]:
    """Return the places of a region that people name, as (label, query string)."""
    language = get_language() or "en"
    for text in query.carried_values("region"):
        place = resolve_place(text, language=language).place
        if place:
            label = place.label(language)
            yield label, query_string_with(query, place=label, ask="", region="")
