"""Which names of places a misspelled text may mean: typing errors, unfinished names and states."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .parsing import (
    AREA_WORDS,
    ParsedPlace,
    ParsedPlaceText,
    fold_place_name,
    state_codes,
    state_names_by_code,
)
from .tables import cities, counties, states

MIN_NAME_LENGTH = 4  # below this many letters nearly everything resembles everything
MIN_SIMILARITY = 0.7  # share of letters that must match
PREFIX_SIMILARITY = 0.8  # the likeness given to a name of which only the beginning was typed
WEIGHT_OF_TEN_TIMES_THE_PEOPLE = 0.03
MAX_CORRECTIONS = 12
LARGE = 100_000  # people of a place that a far smaller one may have been typed for by mistake
TIMES_THE_PEOPLE = 20


@dataclass(slots=True)
class GazetteerNames:
    """Every key of the gazetteer but ZIP codes, with the people of its largest bearer."""

    population: dict[str, int] = field(default_factory=dict)
    by_state: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, key: str, state: str, population: int) -> None:
        for known in (self.population, self.by_state[state]):
            known[key] = max(population, known.get(key, 0))


@cache
def large_place_names() -> dict[str, int]:
    """Return keys of large places alone: so few that looking through them costs nothing."""
    return {key: people for key, people in gazetteer_names().population.items() if people >= LARGE}


@cache
def gazetteer_names() -> GazetteerNames:
    known = GazetteerNames()
    for city in cities():
        known.add(fold_place_name(city.name), city.state, city.population)
    for county in counties():
        known.add(fold_place_name(county.name), county.state, county.population)
    for state in states():
        known.population[fold_place_name(state.name)] = state.population
    return known


def place_corrections(parsed: ParsedPlaceText) -> list[ParsedPlace]:
    scored: dict[ParsedPlace, float] = {}
    for reading in parsed.readings:
        # Certain: above every likeness, even with the weight of the people of a large place.
        scored.update(dict.fromkeys(_other_words_for_a_county(reading), 2.0))
    for reading in [*parsed.readings, *_with_misspelt_states(parsed)]:
        for likely, score in _alike(reading):
            scored[likely] = max(score, scored.get(likely, 0.0))
    ordered = sorted(scored, key=lambda reading: (-scored[reading], reading.key, reading.state))
    return ordered[:MAX_CORRECTIONS]


def far_larger_lookalikes(key: str, population: int) -> list[str]:
    """Return keys of far larger places one slip of the finger away (two in a long name).

    The nearest come first. "Brooklin" is a village in Maine; who types it mostly means Brooklyn.
    """
    if len(key) < MIN_NAME_LENGTH or population * TIMES_THE_PEOPLE > max(
        large_place_names().values()
    ):
        return []
    slips = 2 if len(key) >= 9 else 1
    near = process.extract(
        key,
        large_place_names().keys(),
        scorer=OSA.distance,
        score_cutoff=slips,
        limit=MAX_CORRECTIONS,
    )
    likely = [
        (distance, -large_place_names()[other], other)
        for other, distance, _ in near
        if other != key and large_place_names()[other] >= population * TIMES_THE_PEOPLE
    ]
    return [other for _, _, other in sorted(likely)]


def _alike(reading: ParsedPlace) -> Iterable[tuple[ParsedPlace, float]]:
    if len(reading.key) < MIN_NAME_LENGTH:
        return
    known = (
        gazetteer_names().by_state[reading.state] if reading.state else gazetteer_names().population
    )
    likeness = dict.fromkeys((k for k in known if k.startswith(reading.key)), PREFIX_SIMILARITY)
    for key, score, _ in process.extract(
        reading.key,
        known.keys(),
        scorer=OSA.normalized_similarity,
        score_cutoff=MIN_SIMILARITY,
        limit=MAX_CORRECTIONS,
    ):
        likeness[key] = max(score, likeness.get(key, 0.0))
    for key, score in likeness.items():
        # Of names that are alike, the larger place is more likely to be meant.
        people = WEIGHT_OF_TEN_TIMES_THE_PEOPLE * math.log10(known[key] + 10)
        yield ParsedPlace(key=key, state=reading.state), score + people
    if not reading.state:
        yield from _misspelt_state(reading.key)


def _misspelt_state(key: str) -> Iterable[tuple[ParsedPlace, float]]:
    for name, score, _ in _states_like(key):
        code = state_codes()[name]
        yield ParsedPlace(key=state_names_by_code()[code], state=code, kind="state"), score + 0.2


def _other_words_for_a_county(reading: ParsedPlace) -> list[ParsedPlace]:
    """Read "Orleans County, LA" as "orleans parish" in LA."""
    used = next((word for word in AREA_WORDS if reading.key.endswith(f" {word}")), "")
    if not used or not reading.state:
        return []
    name = reading.key.removesuffix(used)
    known = gazetteer_names().by_state[reading.state]
    return [ParsedPlace(name + word, reading.state) for word in AREA_WORDS if name + word in known]


def _with_misspelt_states(parsed: ParsedPlaceText) -> list[ParsedPlace]:
    """Read "austin texs" as "austin" in TX."""
    if not parsed.tiers:
        return []
    words = max((reading.key for reading in parsed.readings), key=len).split()
    return [
        ParsedPlace(key=" ".join(words[:-length]), state=state_codes()[name])
        for length in (1, 2)
        if len(words) > length
        for name, _, _ in _states_like(" ".join(words[-length:]))
    ]


def _states_like(text: str) -> list[tuple[str, float, int]]:
    if len(text) < MIN_NAME_LENGTH:
        return []
    long_names = [name for name in state_codes() if len(name) >= MIN_NAME_LENGTH]
    return process.extract(
        text, long_names, scorer=OSA.normalized_similarity, score_cutoff=0.75, limit=2
    )
