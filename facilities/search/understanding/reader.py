"""Reads everything that was typed into one box: place, needs, a name, and what is not understood.

The text is split into words. Numbers that mean something by themselves are taken out first. Then
the longest expressions are found, then the place, then names of facilities around words that are
left over, then spelling is corrected. What is left after that is told as ignored.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from .expressions import (
    Expression,
    find_expressions,
    guess_language,
    is_ordinary,
    known_words,
    ordinary_words,
    words_in_file,
)
from .facility_names import facility_names
from .inflections import is_english_word
from .landmarks import with_landmarks
from .needs import Needs, read_needs
from .numbers import Numbers, read_numbers
from .place_finder import LARGE, PlaceSpan, best_place, find_places, is_place_name, region_places
from .spelling import (
    SHORTEST,
    Correction,
    city_of_state,
    correct_spelling,
    county_named,
    state_behind,
)
from .tokens import LONGEST, Token, quoted_text, tokenize

_SHORT_ZIP = re.compile(r"\s*\d{3,4}\s*")  # spreadsheets drop leading zeros: the gazetteer asks
_PERSON = re.compile(
    r"\b(?:looking for|find|locate|searching for|where is|busco a|buscando a|d[oó]nde est[aá])\s+"
    r"(?:(?:my|mi)\s+\w+\s+)?(?P<first>[^\W\d_]+)\s+(?P<last>[^\W\d_]+)\b",
    re.IGNORECASE,
)
MOST_CORRECTIONS = 5
MOST_IGNORED = 8
SHORTEST_TITLE = 3  # words of a name that consists of ordinary words
SMALL = 5_000  # people of a place whose name, without its state, may be that of a facility


@dataclass(frozen=True)
class Understanding:
    """What a text says.

    ``place`` is text for the gazetteer; ``choices`` are places to choose from instead.
    ``filters``: group -> slugs. ``name``: a facility's name. ``ignored``: words that filter
    nothing, as typed. ``notices``: codes of sentences to show. ``other_place``: the same words
    read as a place, where the need won; ``country``: the foreign place that was named.
    ``is_place_certain`` is false for a village without its state: it may be a word of danger.
    """

    language: str
    place: str = ""
    choices: tuple[str, ...] = ()
    within: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    ignored: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    other_place: str = ""
    country: str = ""
    is_near_me: bool = False
    is_anywhere: bool = False
    is_place_certain: bool = True


def understand(text: str, language: str = "en") -> Understanding:
    """Return what a text says; its words may be of either language, whatever ``language`` is."""
    literal = quoted_text(text)
    if literal:
        return Understanding(language, name=literal[:100])
    if _SHORT_ZIP.fullmatch(text):
        return Understanding(language, place=text.strip())
    numbers = read_numbers(text[:LONGEST])
    tokens = tokenize(numbers.rest)
    if _is_persons_name(tokens):
        return Understanding(language, notices=("person",))
    reading = _read(tokens, numbers, language)
    if _names_person(text):
        place = reading.place if reading.place and reading.place.people >= SMALL else None
        where = reading.typed(place.start, place.end) if place else ""
        return Understanding(reading.language, place=where, notices=("person",))
    for _attempt in range(MOST_CORRECTIONS):
        corrected = _corrected(reading)
        if corrected is None:
            break
        reading = corrected
    understanding = reading.understanding()
    nothing = Understanding(reading.language, is_place_certain=False)
    if understanding == nothing and _is_titled(tokens):
        return replace(understanding, name=reading.typed(0, len(tokens)).lower())
    return understanding


def _is_titled(tokens: Sequence[Token]) -> bool:
    """Return whether words are written like a name: "Casa de la Familia"."""
    is_titled = all(token.typed.istitle() for token in (*tokens[:1], *tokens[-1:]))
    return len(tokens) >= SHORTEST_TITLE and is_titled


def _names_person(text: str) -> bool:
    """Return whether somebody looks for a person: two words behind "looking for", in capitals.

    Words that are a place, a facility's name or an expression are no person.
    """
    match = _PERSON.search(text)
    if match is None or not (match["first"].istitle() and match["last"].istitle()):
        return False
    words = tuple(token.word for token in tokenize(f"{match['first']} {match['last']}"))
    explained = any(word in known_words() for word in words) or facility_names().contain(words)
    return not explained and not is_place_name(" ".join(words))


@cache
def _given_names() -> frozenset[str]:
    return words_in_file("given_names.txt")


def _is_persons_name(tokens: Sequence[Token]) -> bool:
    """Return whether nothing but a person's name was typed: it belongs in no address.

    A given name begins it; a facility's name, a place and words of need are no person.
    """
    words = tuple(token.word for token in tokens)
    if len(words) not in (2, 3) or words[0] not in _given_names():
        return False
    if any(span.has_state for span in find_places(tokens, ())):  # "Anna TX"
        return False
    has_meaning = any(word in known_words() or is_ordinary(word) for word in words[1:])
    return not (has_meaning or is_place_name(" ".join(words)) or facility_names().contain(words))


@dataclass(frozen=True)
class ReadingState:
    """One state of reading a text, before it is told as an Understanding."""

    tokens: Sequence[Token]
    numbers: Numbers
    language: str
    expressions: tuple[Expression, ...]
    place: PlaceSpan | None
    name: tuple[int, int] | None
    spans: tuple[PlaceSpan, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def covered(self) -> set[int]:
        """Positions of tokens that something explains."""
        ranges = [(expression.start, expression.end) for expression in self.expressions]
        ranges += [(span.start, span.end) for span in (self.place,) if span]
        ranges += [self.place.state_apart] if self.place and self.place.state_apart else []
        ranges += [self.name] if self.name else []
        if self.place and self.place.is_region:  # "Outer Banks NC"
            ranges += [(span.start, span.end) for span in self.spans if span.is_state]
        if self.place and self.place.country:  # "Toronto, Canada"
            ranges += [(span.start, span.end) for span in self.spans if span.country]
        return {position for start, end in ranges for position in range(start, end)}

    @property
    def left_over(self) -> list[int]:
        covered = self.covered
        return [position for position in range(len(self.tokens)) if position not in covered]

    @property
    def needs(self) -> Needs:
        taken = {
            position for span in (self.place,) if span for position in range(span.start, span.end)
        }
        taken |= set(range(*self.name)) if self.name else set()
        standing = [
            expression
            for expression in self.expressions
            if not taken & set(range(expression.start, expression.end))
        ]
        return read_needs(self.tokens, standing, self.numbers, taken)

    def understanding(self) -> Understanding:
        needs, place = self.needs, self.place
        is_person = "person" in needs.notices
        notices = [*needs.notices]
        if self.numbers.phone:
            notices.append("look-up")
        if self.numbers.is_military_mail:
            notices.append("military-mail")
        if any(correction.choices for correction in self.corrections):
            notices.append("look-alike")
        if place and place.country:
            notices.append("outside-us")
        in_doubt = {correction.typed for correction in self.corrections if correction.choices}
        left_over = [
            position
            for position in self.left_over
            if not (
                self.tokens[position].word in in_doubt
                or self.tokens[position].word.isdigit()
                or is_ordinary(self.tokens[position].word)
            )
        ]
        unread = [] if is_person else [*needs.ignored, *self._runs(left_over)]
        useless = {one.read: one.typed for one in self.corrections if one.read in unread}
        unread = [useless.get(words, words) for words in unread]
        choices: tuple[str, ...] = ()
        typed_place = "" if self.numbers.is_military_mail else self.numbers.zip_code
        if is_person and place and not (place.has_state or self._is_behind_in(place)):
            place = None  # it may be a person's last name
        if place and not place.country and not typed_place:
            typed_place = self._place_text(place)
            if place.is_region:
                choices = region_places()[
                    tuple(t.word for t in self.tokens[place.start : place.end])
                ]
                typed_place = choices[0] if len(choices) == 1 else ""
                choices = choices if len(choices) > 1 else ()
        return Understanding(
            language=self.language,
            place=typed_place,
            choices=choices,
            within=self.numbers.within,
            filters=needs.filters,
            name=self.typed(*self.name).lower() if self.name and not is_person else "",
            phone=self.numbers.phone,
            ignored=tuple(dict.fromkeys(unread))[:MOST_IGNORED],
            notices=tuple(dict.fromkeys(notices)),
            corrections=tuple(one for one in self.corrections if one.read not in useless),
            other_place=self._other_place(),
            country=place.country if place else "",
            is_near_me="near-me" in needs.about_place,
            is_anywhere="anywhere" in needs.about_place,
            is_place_certain=bool(
                self.numbers.zip_code or (place and (place.has_state or place.people >= SMALL))
            ),
        )

    def _is_behind_in(self, place: PlaceSpan) -> bool:
        """Return whether a large place stands behind "in"."""
        ends = {expression.end for expression in self.expressions if "in" in expression.meanings}
        return place.people >= LARGE and place.start in ends

    def typed(self, start: int, end: int) -> str:
        """Return tokens as they were typed, with the comma before a state."""
        text = ""
        for token in self.tokens[start:end]:
            text += (
                ("," if token.after_comma and text else "") + (" " if text else "") + token.typed
            )
        return text

    def _place_text(self, place: PlaceSpan) -> str:
        """Return the place with a comma before its state: "Denver CO" could be a county."""
        if place.state_apart:
            return f"{self.typed(place.start, place.end)}, {self.typed(*place.state_apart)}"
        if not place.state_start:
            return self.typed(place.start, place.end)
        name = self.typed(place.start, place.state_start)
        return f"{name}, {self.typed(place.state_start, place.end)}"

    def _runs(self, positions: Iterable[int]) -> list[str]:
        """Return neighboring tokens together, as they were typed."""
        runs: list[list[int]] = []
        for position in positions:
            if runs and runs[-1][-1] == position - 1:
                runs[-1].append(position)
            else:
                runs.append([position])
        return [self.typed(run[0], run[-1] + 1) for run in runs]

    def _other_place(self) -> str:
        """Return the place that a need's words also name, if no other place was typed."""
        if self.place or self.numbers.zip_code:
            return ""
        if self.name:
            named = [span for span in self.spans if (span.start, span.end) == self.name]
            return self.typed(*self.name) if named and not named[0].country else ""
        for expression in self.expressions:
            for span in self.spans:
                same = (span.start, span.end) == (expression.start, expression.end)
                if same and expression.is_need and not span.is_state and not span.country:
                    return self.typed(span.start, span.end)
        return ""


def _read(
    tokens: Sequence[Token],
    numbers: Numbers,
    language: str,
    corrections: tuple[Correction, ...] = (),
) -> ReadingState:
    language = guess_language(tokens, language)
    expressions = tuple(with_landmarks(tokens, find_expressions(tokens, language)))
    spans = tuple(find_places(tokens, expressions))
    place = None if numbers.zip_code else best_place(spans, expressions, tokens)
    if numbers.zip_code:  # the town beside its ZIP code says nothing more
        beside = best_place(spans, expressions, tokens)
        place = beside if beside and not beside.country else None
    reading = ReadingState(tokens, numbers, language, expressions, place, None, spans, corrections)
    name = _find_name(reading)
    if name is None:
        return reading
    free = tuple(span for span in spans if span.end <= name[0] or span.start >= name[1])
    place = best_place(free, expressions, tokens)
    return replace(reading, name=name, place=place)


def _find_name(reading: ReadingState) -> tuple[int, int] | None:
    """Return the longest run of words in a facility's name that holds a word left over."""
    words = tuple(token.word for token in reading.tokens)
    if _is_whole_name(reading, words):
        return 0, len(words)
    candidates = [*reading.left_over, *_small_place(reading)]
    if not candidates:
        return None
    names, best = facility_names(), None
    for position in candidates:
        start, end = position, position + 1
        if not names.contain(words[start:end]):
            continue
        grown = True
        while grown:
            grown = False
            if end < len(words) and names.contain(words[start : end + 1]):
                end, grown = end + 1, True
            if start > 0 and names.contain(words[start - 1 : end]):
                start, grown = start - 1, True
        start, end = _trimmed(reading, start, end, position)
        is_whole = end - start == len(words)
        if not is_whole and all(word in ordinary_words() for word in words[start:end]):
            continue
        if end - start == 1 and not _names_alone(reading, position):
            continue
        if end - start > 1 and not (is_whole or _names_together(reading, start, end)):
            continue
        if best is None or end - start > best[1] - best[0]:
            best = (start, end)
    return best


def _is_whole_name(reading: ReadingState, words: tuple[str, ...]) -> bool:
    """Return whether all that was typed is a facility's name: "Brooklyn Hospital Center".

    Names that only say what is done there, or a place and one need, are read as that.
    """
    if len(words) < 3:
        return False
    if not reading.place and all(expression.is_filler for expression in reading.expressions):
        return facility_names().are_exactly(words)
    if not reading.place or reading.place.has_state:
        return False
    beside = set(words[: reading.place.start] + words[reading.place.end :])
    return len(beside) > 1 and facility_names().are_exactly(words)


def _names_alone(reading: ReadingState, position: int) -> bool:
    """Return whether a single word is taken for a name.

    Common words and places are, only if nothing is needed: "gateway chicago", not "guest dosing".
    """
    word = reading.tokens[position].word
    if _says_only(reading, position):
        return True
    if not (is_english_word(word) or is_place_name(word)):
        return len(word) >= SHORTEST and facility_names().begin_with((word,))
    if any(e.is_need or "negation" in e.meanings for e in reading.expressions):
        return False
    return facility_names().is_distinctive(word)


def _names_together(reading: ReadingState, start: int, end: int) -> bool:
    """Return whether words side by side are taken for a name: common ones only as its beginning."""
    words = tuple(token.word for token in reading.tokens[start:end])
    if any(
        (span.start, span.end) == (start, end) and span.people >= SMALL for span in reading.spans
    ):
        return False
    is_common = all(
        is_english_word(word) or word in known_words() or is_ordinary(word) for word in words
    )
    return facility_names().begin_with(words) if is_common else True


def _says_only(reading: ReadingState, position: int) -> bool:
    """Return whether the text holds nothing but one word of three letters or more, and fillers."""
    others = [expression for expression in reading.expressions if not expression.is_filler]
    candidates = [*reading.left_over, *_small_place(reading)]
    return candidates == [position] and not others and len(reading.tokens[position].word) >= 3


def _small_place(reading: ReadingState) -> list[int]:
    """Return the position of a single word that names but a small place: a name may be meant."""
    place = reading.place
    if place and len(place) == 1 and place.people < SMALL and not reading.numbers.zip_code:
        return [] if place.has_state or place.country or place.is_region else [place.start]
    return []


def _trimmed(reading: ReadingState, start: int, end: int, position: int) -> tuple[int, int]:
    """Leave out words at the ends that say something by themselves: a place, a preposition."""
    place = reading.place
    if place and place.has_state and place.start > position:
        end = min(end, place.start)
    covering = {
        token: expression
        for expression in reading.expressions
        for token in range(expression.start, expression.end)
    }
    while end - 1 > position and "in" in getattr(covering.get(end - 1), "meanings", ()):
        end -= 1
    small = ("for", "the", "a", "of", "and", "in", "near", "de", "en", "la", "el", "with")
    while start < position and reading.tokens[start].word in small:
        start += 1
    while end - 1 > position and reading.tokens[end - 1].word in small:
        end -= 1
    return start, end


def _corrected(reading: ReadingState) -> ReadingState | None:
    """Return the reading with one more misspelled word corrected; None if there is none."""
    in_place = _place_correction(reading)
    if in_place:
        return _with_correction(reading, *in_place)
    tried = {correction.typed for correction in reading.corrections}
    prepositions = {
        expression.end for expression in reading.expressions if "in" in expression.meanings
    }
    for position in reading.left_over:
        token = reading.tokens[position]
        if token.word in tried | known_words() or is_ordinary(token.word):
            continue
        if facility_names().words.get(token.word) or is_english_word(token.word):
            continue
        beside = [
            reading.tokens[other].word if 0 <= other < len(reading.tokens) else ""
            for other in (position - 1, position + 1)
        ]
        correction = correct_spelling(
            token.word,
            is_behind_preposition=position in prepositions,
            is_spanish=reading.language == "es",
            before=beside[0],
            after=beside[1],
        )
        if correction is None:
            continue
        return _with_correction(reading, position, replace(correction, typed=token.word))
    return None


def _with_correction(reading: ReadingState, position: int, correction: Correction) -> ReadingState:
    corrections = (*reading.corrections, correction)
    if correction.choices:
        return replace(reading, corrections=corrections)
    words = [
        Token(word, word, reading.tokens[position].after_comma and not number)
        for number, word in enumerate(correction.read.split())
    ]
    tokens = [*reading.tokens[:position], *words, *reading.tokens[position + 1 :]]
    return _read(tokens, reading.numbers, reading.language, corrections)


def _place_correction(reading: ReadingState) -> tuple[int, Correction] | None:
    """Return the position and correction of a city that its state does not have, or of a county.

    "Pittsburg, PA" is Pittsburgh, and "in Gwinnett" is in Gwinnett County.
    """
    if reading.numbers.zip_code or (reading.place and reading.place.has_state):
        return None
    named = set(range(*reading.name)) if reading.name else set()
    in_place = range(reading.place.start, reading.place.end) if reading.place else range(0)
    behind_in = {e.end for e in reading.expressions if "in" in e.meanings}
    for position in sorted({*reading.left_over, *named, *in_place}):
        word = reading.tokens[position].word
        if len(word) < SHORTEST or not word.isalpha():
            continue
        state = state_behind([token.word for token in reading.tokens], position + 1)
        read = city_of_state(word, state) if state else ""
        if not read and position in behind_in and not reading.place:
            read = county_named(word)
        if read:
            return position, Correction(word, read)
    return None
