"""From free words to the one address of the search they ask for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language

from ...places.gazetteer import resolve_place
from .danger import find_alert
from .reader import Understanding, understand
from .tokens import LONGEST, quoted_text

KEPT_AS_TYPED = ("within", "sort", "view")
PLACE_PARAMETERS = ("place", "lat", "lon")


@dataclass(frozen=True)
class CanonicalAddress:
    """The query string of a search, and the language of its page.

    With an alert that is the language of the words typed.
    """

    query_string: str
    language: str


def canonical_address(parameters: QueryDict) -> CanonicalAddress | None:
    """Return the address that free words of ``q`` and ``place`` lead to.

    Returns None where the address is already such: its place is a place, and its ``q`` a name.
    """
    typed, place = parameters.get("q", "").strip(), parameters.get("place", "").strip()
    if not (typed or place) or "\0" in typed + place or len(typed + place) > LONGEST:
        return None
    language = get_language() or "en"
    words = [text for text in (typed, "" if _is_place(place, language) else place) if text]
    if not words or (len(words) == 1 and typed and quoted_text(typed)):
        return None
    text = " ".join(words)
    understanding = understand(text, language)
    alert = find_alert(text)
    if not alert and _says_nothing_new(understanding, typed, place, language):
        return None
    pairs = _pairs(understanding, alert, parameters, place, words, language)
    return CanonicalAddress(
        "?" + urlencode([*pairs]), understanding.language if alert else language
    )


def _is_place(text: str, language: str) -> bool:
    """Return whether a text names a place and nothing else, so that it is left as it is."""
    if not text:
        return True
    understanding = understand(text, language)
    if not (_is_understood(understanding) or understanding.ignored):
        return True
    place = resolve_place(text, language=language).place
    return place is not None and text == place.label(language)


def _is_understood(understanding: Understanding) -> bool:
    """Return whether a reading says anything besides a place and what it ignores."""
    return bool(
        understanding.filters
        or understanding.name
        or understanding.phone
        or understanding.notices
        or understanding.corrections
        or understanding.choices
        or understanding.is_near_me
    )


def _says_nothing_new(understanding: Understanding, typed: str, place: str, language: str) -> bool:
    """Return whether ``q`` is a name alone, or ``place`` something that no reading explains."""
    if typed:
        is_name = understanding.name == typed.lower() and not understanding.filters
        return is_name and _is_place(place, language)
    return not (_is_understood(understanding) or understanding.place)


def _pairs(
    understanding: Understanding,
    alert: str,
    parameters: QueryDict,
    place: str,
    words: list[str],
    language: str,
) -> Iterable[tuple[str, str]]:
    """Return the parameters of the canonical address, in the order of the page."""
    if alert and not understanding.is_place_certain:
        understanding = replace(understanding, place="")
    where = _where(understanding, parameters, "" if place in words else place, language)
    pairs = [*where]
    pairs += [(name, parameters[name]) for name in KEPT_AS_TYPED if parameters.get(name)]
    if understanding.within:
        pairs = [pair for pair in pairs if pair[0] != "within"] + [("within", understanding.within)]
    if understanding.phone:
        pairs.append(("phone", understanding.phone))
    if understanding.name and not alert:  # an address never holds words of danger
        pairs.append(("q", understanding.name))
    chosen = {
        name: parameters.getlist(name)
        for name in parameters
        if name not in {*KEPT_AS_TYPED, *PLACE_PARAMETERS, "q", "page", "phone", "ask", "alert"}
    }
    for group, slugs in understanding.filters.items():
        chosen[group] = [*dict.fromkeys((*chosen.get(group, ()), *slugs))]
    pairs += [(name, value) for name, values in chosen.items() for value in values]
    if alert:
        pairs.append(("alert", alert))
    pairs += [("notice", code) for code in understanding.notices if not (alert and code == "hours")]
    if not alert:
        pairs += [("ignored", text[:80]) for text in understanding.ignored]
        pairs += [
            ("corrected", f"{correction.typed}~{correction.read or '|'.join(correction.choices)}")
            for correction in understanding.corrections
        ]
    if understanding.other_place:
        other = resolve_place(understanding.other_place, language=language).place
        if other:
            pairs.append(("other_place", other.label(language)))
    has_place = any(name in PLACE_PARAMETERS for name, _value in where)
    finds_by_name = bool(understanding.name or understanding.phone) and not alert
    if not (has_place or finds_by_name or understanding.is_anywhere):
        pairs.append(("ask", "where"))
    return pairs


def _where(
    understanding: Understanding, parameters: QueryDict, place: str, language: str
) -> list[tuple[str, str]]:
    """Return the place that the words name; else the one that the address had already."""
    if understanding.place:
        resolution = resolve_place(understanding.place, language=language)
        return [("place", resolution.label or understanding.place)]
    if understanding.choices:
        return [("region", choice) for choice in understanding.choices]
    if understanding.is_anywhere or "outside-us" in understanding.notices:
        return []
    if place:
        return [("place", place)]
    return [(name, parameters[name]) for name in ("lat", "lon") if parameters.get(name)]
