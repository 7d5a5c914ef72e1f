"""Turns what a person typed into a place, places to choose from, or the reason for neither."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models.keyed_query import KeyedQuery
from ..models.place import Place, PlaceKind
from .parsing import MAX_PLACE_LENGTH, ParsedPlace, ParsedPlaceText, fold_place_name, parse_place
from .spelling import far_larger_lookalikes, place_corrections

DOMINANT = 5  # the largest is taken when it has this many times the next one's people ...
LARGE = 50_000  # ... and the next one has fewer than this
RIVAL_OF_A_STATE = (
    100_000  # a city this large stands before the state of its name: New York, Washington
)
SUGGESTIONS = 6
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DIGITS = re.compile(r"[0-9][0-9\s-]*")

BY_CODE = KeyedQuery(str, lambda codes: Place.objects.filter(pk__in=codes))
BY_KEY = KeyedQuery(
    str, lambda keys: Place.objects.filter(key__in=keys).exclude(kind=PlaceKind.ZIP)
)


class PlaceProblem(models.TextChoices):
    """Why a text leads to no place, with the sentence to show."""

    EMPTY = "empty", _("Type a ZIP code, city, county or state.")
    TOO_LONG = "too_long", _("That is too long for a place. Type a ZIP code or a city and state.")
    UNREADABLE = "unreadable", _("We could not read that. Type a ZIP code or a city and state.")
    NOT_A_ZIP = "not_a_zip", _("A ZIP code has five digits.")
    ZIP_UNKNOWN = "zip_unknown", _("We do not know this ZIP code. Try the city and state.")
    ZIP_WITHOUT_POINT = (
        "zip_without_point",
        _("We do not know this ZIP code. Try the city and state."),
    )
    ZIP_DISAGREES = "zip_disagrees", _("This ZIP code lies in another state.")
    NOWHERE = "nowhere", _("We could not find this place in the United States.")


@dataclass(frozen=True, slots=True)
class PlaceResolution:
    """Exactly one of ``place``, ``choices`` and ``problem`` is set.

    ``place`` is certain; ``others`` bear the same name and are far smaller. ``choices`` are
    offered, the best first, when none may be taken for granted. ``did_you_mean`` comes with
    a problem, or beside a small place where a far larger one has nearly the same name.
    Labels are in ``language``, and each typed as a search leads to its place.
    """

    text: str
    language: str = "en"
    place: Place | None = None
    others: tuple[Place, ...] = ()
    choices: tuple[Place, ...] = ()
    did_you_mean: tuple[Place, ...] = ()
    problem: PlaceProblem | None = None

    @property
    def label(self) -> str:
        return self.place.label(self.language) if self.place else ""

    @property
    def offered(self) -> tuple[str, ...]:
        """Labels of the other places that the text may mean, the best first."""
        places = (*self.choices, *self.did_you_mean, *self.others)
        return tuple(place.label(self.language) for place in places)


def resolve_place(text: str, *, language: str = "en") -> PlaceResolution:
    """Find the place that a text means. Never raises; at most three queries, each by index."""
    answer = _answer(text)
    return PlaceResolution(text=text[:MAX_PLACE_LENGTH], language=language, **answer)


def _answer(text: str) -> dict:
    problem = _problem_with(text)
    if problem:
        return {"problem": problem}
    if _DIGITS.fullmatch(text.strip()) and not parse_place(text).zip_code:
        return _resolve_short_zip(text)
    parsed = parse_place(text)
    if parsed.zip_code:
        return _resolve_zip(parsed)
    found = _first_tier(parsed)
    if found:
        return _with_larger_place(_choose(found), parsed)
    return {"problem": PlaceProblem.NOWHERE, "did_you_mean": _suggestions(parsed)}


def _problem_with(text: str) -> PlaceProblem | None:
    if len(text) > MAX_PLACE_LENGTH:
        return PlaceProblem.TOO_LONG
    if _CONTROL.search(text):
        return PlaceProblem.UNREADABLE
    return None if text.strip() else PlaceProblem.EMPTY


def _resolve_short_zip(text: str) -> dict:
    """Spreadsheets drop the leading zeros: "2139" may be 02139."""
    digits = re.sub(r"[^0-9]", "", text)
    meant = _by_code(f"zip:{digits.zfill(5)}") if len(digits) in (3, 4) else None
    suggestion = (meant,) if meant and meant.point else ()
    return {"problem": PlaceProblem.NOT_A_ZIP, "did_you_mean": suggestion}


def _resolve_zip(parsed: ParsedPlaceText) -> dict:
    place = _by_code(f"zip:{parsed.zip_code}")
    if place is None or place.point is None:
        problem = PlaceProblem.ZIP_WITHOUT_POINT if place else PlaceProblem.ZIP_UNKNOWN
        return {"problem": problem, "did_you_mean": tuple(_first_tier(parsed)[:SUGGESTIONS])}
    stated = {reading.state for reading in parsed.readings if reading.state}
    keys = {reading.key for reading in parsed.readings}
    if not keys or place.state in stated or fold_place_name(place.detail) in keys:
        return {"place": place}
    found = _first_tier(parsed)
    if found:
        return {"choices": (place, *_rank(found))}
    if stated:
        return {"problem": PlaceProblem.ZIP_DISAGREES, "did_you_mean": (place,)}
    return {"place": place}


def _by_code(code: str) -> Place | None:
    return next(iter(BY_CODE.objects([code])), None)


def _first_tier(parsed: ParsedPlaceText) -> list[Place]:
    bearers = _bearers(parsed.readings)
    for tier in parsed.tiers:
        found = [place for place in bearers if any(_fits(place, each) for each in tier)]
        if found:
            return _without_equivalents(found)
    return []


def _bearers(readings: Iterable[ParsedPlace]) -> list[Place]:
    return BY_KEY.objects([*{reading.key for reading in readings}])


def _fits(place: Place, reading: ParsedPlace) -> bool:
    if place.key != reading.key or (reading.kind and place.kind != reading.kind):
        return False
    if reading.state and place.state != reading.state:
        return False
    if reading.state and not reading.kind and place.kind == PlaceKind.STATE:
        return False  # "New York, NY" is the city
    return not (reading.detail and place.detail) or fold_place_name(place.detail) == reading.detail


def _without_equivalents(found: list[Place]) -> list[Place]:
    """Leave out counties that are also a city or state found, such as Carson City and Guam."""
    taken = {(place.key, place.state) for place in found if place.kind != PlaceKind.COUNTY}
    return [
        place
        for place in found
        if place.kind != PlaceKind.COUNTY or (place.key, place.state) not in taken
    ]


def _choose(found: list[Place]) -> dict:
    first, *others = ordered = _rank(found)
    if not others or _dominates(first, others):
        return {"place": first, "others": tuple(others)}
    return {"choices": tuple(ordered)}


def _with_larger_place(answer: dict, parsed: ParsedPlaceText) -> dict:
    """Add the far larger place that a small one may stand for, unless its state was typed."""
    place = answer.get("place")
    if place is None or place.kind != PlaceKind.CITY or _names_a_state(place, parsed):
        return answer
    keys = far_larger_lookalikes(place.key, place.population)[:2]
    meant = [_rank(_bearers([ParsedPlace(key)]))[0] for key in keys]
    return answer | {"did_you_mean": tuple(meant)}


def _names_a_state(place: Place, parsed: ParsedPlaceText) -> bool:
    return any(each.state and _fits(place, each) for each in parsed.readings)


def _dominates(first: Place, others: list[Place]) -> bool:
    if first.kind == PlaceKind.STATE:
        return True  # else a large city would stand before it
    if any(place.kind == PlaceKind.STATE for place in others):
        return False
    # Below 500 people the counts decide nothing, so no hamlet is taken for certain.
    rival = others[0].population
    return first.population >= DOMINANT * max(rival, 500) and rival < LARGE


def _rank(found: list[Place]) -> list[Place]:
    """Rank by population, but a state stands first, or right behind a large city of its name."""
    ordered = sorted(found, key=lambda place: (-place.population, place.code))
    named_states = [place for place in ordered if place.kind == PlaceKind.STATE]
    rest = [place for place in ordered if place.kind != PlaceKind.STATE]
    if named_states and rest and rest[0].population >= RIVAL_OF_A_STATE:
        return [rest[0], *named_states, *rest[1:]]
    return [*named_states, *rest]


def _suggestions(parsed: ParsedPlaceText) -> tuple[Place, ...]:
    likely = place_corrections(parsed)
    bearers = sorted(_bearers(likely), key=lambda place: (-place.population, place.code))
    meant = [place for each in likely for place in bearers if _fits(place, each)]
    return tuple(dict.fromkeys(meant))[:SUGGESTIONS]
