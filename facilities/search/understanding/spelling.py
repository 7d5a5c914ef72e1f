"""Corrects one or two typing errors in words that nothing else explains."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ...places.parsing import fold_place_name, state_codes
from ...places.spelling import gazetteer_names
from .expressions import FOLDER, LANGUAGES, expression_table, known_words, ordinary_words
from .facility_names import facility_names
from .inflections import spanish_sound
from .place_finder import known_place_names

SHORTEST = 5  # letters; nearly every shorter word resembles another
SHORTEST_HEARD = 3  # letters of a Spanish word that is spelled as it sounds
LONG, VERY_LONG = 8, 11  # letters from which two and three errors are understood
# A look-alike drug with no more errors than this beyond the nearest is offered too.
RIVAL_ERRORS = 2
LARGE = 50_000  # people of a place that a word without a preposition, or with two errors, may mean


@dataclass(frozen=True)
class Correction:
    """A word that was read as another; or, if look-alikes are near, the words to choose from."""

    typed: str
    read: str = ""
    choices: tuple[str, ...] = ()


@cache
def confusable_drug_pairs() -> frozenset[frozenset[str]]:
    """Return the pairs of drug names that no correction may cross."""
    with (FOLDER / "look_alikes.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(frozenset(row.values()) for row in csv.DictReader(lines))


@cache
def vocabulary_words() -> tuple[str, ...]:
    """Return the words of expressions that say something, in a fixed order."""
    return tuple(
        sorted(
            {
                word
                for language in LANGUAGES
                for words, meanings in expression_table(language).items()
                if meanings != ("filler",)
                for word in words
                if len(word) >= SHORTEST and word.isalpha()
            }
        )
    )


@cache
def _filler_words() -> frozenset[str]:
    return frozenset(
        word
        for language in LANGUAGES
        for words, meanings in expression_table(language).items()
        if meanings == ("filler",)
        for word in words
        if len(word) >= SHORTEST
    )


@cache
def _place_words() -> tuple[str, ...]:
    return tuple(name for name in known_place_names() if len(name) >= SHORTEST)


@cache
def _spanish_sounds() -> dict[str, str]:
    """Return how each Spanish word sounds -> the word."""
    spanish = {word for words in expression_table("es") for word in words}
    words = sorted((ordinary_words() | known_words()) - spanish) + sorted(spanish)
    return {spanish_sound(word): word for word in words if len(word) >= SHORTEST_HEARD}


def correct_spelling(
    word: str,
    *,
    is_behind_preposition: bool = False,
    is_spanish: bool = False,
    before: str = "",
    after: str = "",
) -> Correction | None:
    """Return what a word of normalized letters was meant to be; None if nothing is near.

    ``before`` and ``after`` are the words beside it, which a facility's name may hold too.
    """
    if is_spanish and len(word) >= SHORTEST_HEARD and spanish_sound(word) in _spanish_sounds():
        return Correction(word, _spanish_sounds()[spanish_sound(word)])
    if len(word) < SHORTEST or not word.isalpha():
        return None
    near = _near(word, vocabulary_words())
    if near:
        drug = near[0]
        others = {next(iter(pair - {drug})) for pair in confusable_drug_pairs() if drug in pair}
        rivals = [
            other
            for other in others
            if OSA.distance(word, other) <= OSA.distance(word, drug) + RIVAL_ERRORS
        ]
        if rivals:
            return Correction(word, choices=(drug, *sorted(rivals)))
    place = _near_place(word, is_behind_preposition=is_behind_preposition)
    if place and (
        not near
        or (is_behind_preposition and OSA.distance(word, place) <= OSA.distance(word, near[0]))
    ):
        return Correction(word, place)
    if near:
        return Correction(word, near[0])
    if _near(word, _filler_words()):
        return Correction(word, _near(word, _filler_words())[0])
    names = facility_names()
    in_names = [
        other
        for other in _near(word, names.words)
        if len(word) > SHORTEST
        and (
            names.is_distinctive(other)
            or (after and names.contain((other, after)))
            or (before and names.contain((before, other)))
        )
    ]
    return Correction(word, in_names[0]) if in_names else None


def _errors(word: str) -> int:
    return 1 if len(word) < LONG else 2 if len(word) < VERY_LONG else 3


def _near(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words within the allowed errors, nearest first; the first letter stands."""
    matches = process.extract(
        word, known if isinstance(known, tuple) else list(known), scorer=OSA.distance,
        score_cutoff=_errors(word), limit=8,
    )  # fmt: skip
    return [
        other
        for other, errors, _ in sorted(matches, key=lambda match: (match[1], match[0]))
        if other[0] == word[0] or errors == 1
    ]


def _near_place(word: str, *, is_behind_preposition: bool) -> str:
    """Return the largest place of a nearly equal name; "" if none is likely."""
    matches = process.extract(
        word, _place_words(), scorer=OSA.distance, score_cutoff=_errors(word), limit=20
    )
    people = known_place_names()
    likely = [
        (errors, -people[name], name)
        for name, errors, _ in matches
        if people[name] >= LARGE or (errors == 1 and is_behind_preposition)
    ]
    return min(likely)[2] if likely else ""


def state_behind(words: Sequence[str], position: int) -> str:
    """Return the code of the state that stands at a position; "" if none does."""
    for length in (2, 1):
        code = state_codes().get(fold_place_name(" ".join(words[position : position + length])))
        if code and len(words) >= position + length:
            return code
    return ""


def city_of_state(word: str, state: str) -> str:
    """Return the city or county of a state that is one error away; "" if the state has the word."""
    people = gazetteer_names().by_state.get(state, {})
    if word in people:
        return ""
    near = process.extract(word, list(people), scorer=OSA.distance, score_cutoff=1)
    return max((name for name, _, _ in near), key=lambda name: people[name], default="")


def county_named(word: str) -> str:
    """Return the large county that a word names without "county"; "" if it may be a city."""
    county = f"{word} county"
    is_county = word not in known_place_names() and known_place_names().get(county, 0) >= LARGE
    return county if is_county else ""
