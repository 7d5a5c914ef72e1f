"""Finds the words of a text that name a place in the United States, a region or a foreign place."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from ...places.parsing import fold_place_name, state_codes
from ...places.spelling import gazetteer_names
from ...places.tables import aliases, states
from .expressions import FOLDER, LANGUAGES, Expression, expression_table, ordinary_words
from .tokens import Token, expression_key

LARGE = 100_000  # people of a place that is taken although its name is also a need
SMALL = 5_000  # people of a place that gives way to a large one, even behind "near"
LONGEST = 6  # words
# Codes of states that are also words: alone they count behind a comma or in capitals.
ORDINARY_WORDS = frozenset(
    "in or me hi ok la de pa ma al id oh ga mo co ar va mi so as md pr sc nd ne mt ct vi ms".split()  # noqa: SIM905
)
# Those that are words of a Spanish sentence where a need follows.
SPANISH_WORDS = frozenset(["de", "la", "al"])
# Those that count as the last word of a text: "detox ct". No sentence ends with them.
LAST_WORDS = frozenset("ga mo mt ct md ar sc nd ne pa".split())  # noqa: SIM905
# Those that often stand behind a city by chance: beside one they count in the same ways alone.
FREQUENT_WORDS = frozenset("in or me hi ok la de so as oh mi al".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """Tokens that may name a place. ``people`` of the largest bearer; ``has_state``: said too.

    ``state_start`` is the token at which the state begins, 0 without one. ``state_apart`` are the
    tokens of a state that stands elsewhere: "texas rehab in Paris".
    """

    start: int
    end: int
    people: int
    has_state: bool = False
    state_start: int = 0
    state_apart: tuple[int, int] | None = None
    is_state: bool = False
    is_region: bool = False
    country: str = ""

    def __len__(self) -> int:
        return self.end - self.start


@cache
def region_places() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a region people name -> the places of it that a search can stand for."""
    return {
        expression_key(row["region"]): tuple(row["places"].split("|"))
        for row in _rows("regions.csv")
    }


@cache
def foreign_places() -> dict[tuple[str, ...], str]:
    """Return the words for a country or a foreign city -> the country, in English."""
    return {
        expression_key(name): row["country"]
        for row in _rows("foreign_places.csv")
        for name in row["names"].split("|")
    }


@cache
def place_clashes() -> dict[str, str]:
    """Return the words that are a need and a place's whole name -> "need" or "place"."""
    return {row["words"]: row["reading"] for row in _rows("place_clashes.csv")}


def find_place_clashes() -> dict[str, int]:
    """Return the words that are a need and a place's whole name -> people of the largest bearer."""
    expressions = {
        fold_place_name(" ".join(words))
        for language in LANGUAGES
        for words, meanings in expression_table(language).items()
        if meanings != ("filler",)
    }
    known = known_place_names()
    return {words: known[words] for words in expressions & known.keys() - state_codes().keys()}


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def known_place_names() -> dict[str, int]:
    """Return the folded name of every city, county and common name -> people."""
    known = dict(gazetteer_names().population)
    for alias in aliases():
        known.setdefault(fold_place_name(alias.name), LARGE)
    for state in states():
        known.setdefault(fold_place_name(state.name_es), state.population)
        for name in state.also:
            known.setdefault(fold_place_name(name), state.population)
    return known


@cache
def _common_names() -> frozenset[tuple[str, str]]:
    return frozenset((fold_place_name(alias.name), alias.state) for alias in aliases())


@cache
def _short_names() -> frozenset[str]:
    """Return names of two letters that people call a city by: "SF"."""
    return frozenset(name for name, _state in _common_names() if len(name) == 2) - FREQUENT_WORDS


def is_place_name(text: str) -> bool:
    """Return whether a text is the name of a city, county or state."""
    return fold_place_name(text) in known_place_names()


def _key_of(words: Sequence[str]) -> str:
    """Return the folded name that words stand for: "condado de cook" is "cook county"."""
    if tuple(words[:2]) == ("condado", "de") and len(words) > 2:
        return f"{fold_place_name(' '.join(words[2:]))} county"
    return fold_place_name(" ".join(words))


def find_places(tokens: Sequence[Token], needs: Sequence[Expression]) -> Iterator[PlaceSpan]:
    """Yield every run of tokens that may name a place. "Gary in detox" is Gary, Indiana."""
    before_need = {expression.start for expression in needs if expression.is_about_care}
    for start, length in product(range(len(tokens)), range(LONGEST, 0, -1)):
        end = start + length
        if end <= len(tokens):
            span = _span(tokens, start, end, is_before_need=end in before_need)
            if span:
                yield span


def _span(
    tokens: Sequence[Token], start: int, end: int, *, is_before_need: bool
) -> PlaceSpan | None:
    words = tuple(token.word for token in tokens[start:end])
    if words in region_places():
        return PlaceSpan(start, end, LARGE, is_region=True)
    name = _key_of(words)
    people = known_place_names().get(name, 0)
    if words in foreign_places() and people < LARGE:
        return PlaceSpan(start, end, LARGE, country=foreign_places()[words])
    for state_length in range(min(4, len(words) - 1), 0, -1):
        split = end - state_length
        span = _with_state(tokens, start, end, split, is_before_need=is_before_need)
        if span:
            return span
    if name in state_codes():
        if len(words) == 1 and len(name) == 2 and not _is_meant_as_state(tokens, start):
            return None
        is_code = len(words) == 1 and len(name) == 2
        return PlaceSpan(start, end, max(people, LARGE), has_state=is_code, is_state=True)
    is_short = len(words) == 1 and len(name) < 3 and name not in _short_names()
    if name in known_place_names() and not is_short:
        return PlaceSpan(start, end, people)
    return None


def _with_state(
    tokens: Sequence[Token], start: int, end: int, split: int, *, is_before_need: bool
) -> PlaceSpan | None:
    """Return a city or county with its state behind it, if there is one."""
    state = state_codes().get(fold_place_name(" ".join(token.word for token in tokens[split:end])))
    if not state:
        return None
    name = _key_of([token.word for token in tokens[start:split]])
    common = LARGE if (name, state) in _common_names() else None
    people = gazetteer_names().by_state.get(state, {}).get(name, common)
    if people is None:
        return None
    code = tokens[split]
    if end - split == 1 and code.word in FREQUENT_WORDS:
        is_last = end == len(tokens)
        is_before_need &= code.word not in SPANISH_WORDS
        if not (code.after_comma or code.is_capitals or is_last or is_before_need):
            return None
    return PlaceSpan(start, end, people, has_state=True, state_start=split)


def _is_meant_as_state(tokens: Sequence[Token], position: int) -> bool:
    """Return whether a two-letter word stands for a state."""
    token = tokens[position]
    if token.word not in ORDINARY_WORDS:
        return True
    all_capitals = all(other.is_capitals or not other.word.isalpha() for other in tokens)
    if (token.is_capitals and not all_capitals) or token.after_comma:
        return True
    before = tokens[position - 1].word if position else ""
    if position == 0 or position < len(tokens) - 1 or token.word == "me":
        return False
    return before in ("in", "en") or token.word in LAST_WORDS


def best_place(
    spans: Sequence[PlaceSpan], expressions: Sequence[Expression], tokens: Sequence[Token]
) -> PlaceSpan | None:
    """Return the span that is taken for the place; None where words of need win.

    The need wins unless a state is given, the place has LARGE people or more, its name is longer
    than the need's, or ``place_clashes.csv`` decides for the place.
    """
    covering = {
        position: expression
        for expression in expressions
        for position in range(expression.start, expression.end)
    }
    prepositions = {expression.end for expression in expressions if "in" in expression.meanings}
    words = [token.word for token in tokens]
    is_move = any(word in words for word in ("from", "desde", "leaving"))
    destinations = {i + 1 for i, word in enumerate(words) if is_move and word in ("to", "a")}
    landmarks = [expression for expression in expressions if "landmark" in expression.meanings]
    outside = [
        span
        for span in _with_states_apart(spans, covering, tokens)
        if span.has_state or not any(e.start <= span.start < e.end for e in landmarks)
    ]
    winning = [span for span in outside or spans if _is_place(span, covering, tokens)]
    whole = [span for span in winning if not any(_is_within(span, other) for other in winning)]
    has_large = any(span.people >= LARGE and not span.is_state for span in whole)
    if landmarks and not whole:  # "near Fort Lauderdale airport": the town is all that is known
        rest = [expression for expression in expressions if expression not in landmarks]
        return best_place(spans, rest, tokens)
    return max(
        whole,
        key=lambda span: (
            span.start in destinations,
            (span.has_state and not span.is_state) or _is_county(span, tokens),
            (span.has_state and not span.is_state) or span.is_region,
            span.start in prepositions and (span.people >= SMALL or not has_large),
            not span.is_state,
            len(span),
            span.people,
            span.start,
        ),
        default=None,
    )


def _with_states_apart(
    spans: Sequence[PlaceSpan], covering: dict[int, Expression], tokens: Sequence[Token]
) -> Iterator[PlaceSpan]:
    """Yield the spans, each city without its state with the only state that stands elsewhere."""
    apart = [
        span
        for span in spans
        if span.is_state and not any(_is_within(span, other) for other in spans)
    ]
    for span in spans:
        words = [token.word for token in tokens[span.start : span.end]]
        is_city = not (span.is_state or span.is_region or span.has_state)
        if len(apart) != 1 or not is_city or any(word in ordinary_words() for word in words):
            yield span
            continue
        state_span = apart[0]
        name = fold_place_name(" ".join(t.word for t in tokens[state_span.start : state_span.end]))
        people = gazetteer_names().by_state.get(state_codes()[name], {}).get(_key_of(words), 0)
        is_need = any(position in covering for position in range(span.start, span.end))
        overlaps = span.start < state_span.end and state_span.start < span.end
        if people and not is_need and not overlaps:
            yield PlaceSpan(
                span.start,
                span.end,
                people,
                has_state=True,
                state_apart=(state_span.start, state_span.end),
            )
        else:
            yield span


def _is_county(span: PlaceSpan, tokens: Sequence[Token]) -> bool:
    return len(span) > 1 and "county" in _key_of([t.word for t in tokens[span.start : span.end]])


def _is_within(span: PlaceSpan, other: PlaceSpan) -> bool:
    return other.start <= span.start and span.end <= other.end and len(span) < len(other)


def _is_place(span: PlaceSpan, covering: dict[int, Expression], tokens: Sequence[Token]) -> bool:
    is_ordinary = len(span) == 1 and tokens[span.start].word in ordinary_words()
    if is_ordinary and not span.has_state and span.people < LARGE:
        return False  # "House", "Hope"
    needs = {
        covering[position]
        for position in range(span.start, span.end)
        if position in covering and "in" not in covering[position].meanings
    }
    if any(need.end - need.start > len(span) and not need.is_filler for need in needs):
        return False  # "NJ FamilyCare", "Blue Cross": part of a longer expression
    if span.has_state and len(span) == 2 and span.start in covering:
        return not covering[span.start].is_filler  # "help OH", "home in": no town is meant
    return span.has_state or span.is_region or _wins(span, needs, tokens)


def _wins(span: PlaceSpan, needs: set[Expression], tokens: Sequence[Token]) -> bool:
    """Return whether a place without its state wins over the expressions that it overlaps."""
    for need in needs:
        covers = span.start <= need.start and need.end <= span.end
        if not covers:
            return False
        if len(span) > need.end - need.start:
            continue  # "Crystal River", "El Paso"
        words = fold_place_name(" ".join(token.word for token in tokens[span.start : span.end]))
        if place_clashes().get(words) == "place":
            continue
        if need.is_filler or span.people < LARGE:
            return False
    return True
