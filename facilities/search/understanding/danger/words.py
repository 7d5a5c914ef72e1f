"""Finds the words of danger: ``words.csv``, one class of words a row, in both languages.

``*`` at the end of a word stands for any ending, ``#`` for a number, ``#12`` for one up to 12,
``#8+`` for one from 8 on and ``####`` for a year. ``like`` names meanings of ``expressions.csv``
whose expressions belong to the class too. Between the words of an expression may stand small words
("wake him up"), and a misspelled word that no city is called by is read as the nearest word of
danger.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ....places.tables import cities
from ..expressions import LANGUAGES, expression_table, is_ordinary, known_words
from ..inflections import is_english_word
from ..tokens import expression_key

FOLDER = Path(__file__).parent
SMALL_WORDS = frozenset(
    "a an the my our your his her its their him them me us it this that of to is are was so just"  # noqa: SIM905
    " really very all even fucking freaking damn un una el la los las lo le les mi mis su sus me se"
    " te de que muy ya esta es".split()
)
MOST_SMALL_WORDS = 2
SHORTEST = 5  # letters of a word that may be misspelled
LONG = 8  # letters from which two errors are understood
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "one a un una uno", "two couple dos par", "three tres", "four cuatro", "five cinco",
            "six seis", "seven siete", "eight ocho", "nine nueve", "ten diez", "eleven once",
            "twelve doce",
        ),
        start=1,
    )
    for word in words.split()
} | {
    "few": 3, "several": 3, "some": 3, "varios": 3, "unos": 3, "many": 8, "twenty": 20,
    "veinte": 20, "thirty": 30, "treinta": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_NUMBER = re.compile(r"(\d{1,3})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class WordClass:
    """One row: ``kind`` says how its words act.

    A "topic" is danger only where nothing cancels it, a "scope" says how other words are
    meant, a "helper" cannot be negated, and a "figure" of speech means nothing else.
    """

    name: str
    kind: str
    expressions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a class that stand in a text; ``is_denied`` where a "not" belongs to them."""

    name: str
    start: int
    end: int
    kind: str = ""
    is_denied: bool = False


@cache
def word_classes() -> tuple[WordClass, ...]:
    with (FOLDER / "words.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            WordClass(row["class"], row["kind"], tuple(_expressions(row)))
            for row in csv.DictReader(lines)
        )


def _expressions(row: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for language in LANGUAGES.values():
        for text in filter(None, row[language].split("|")):
            yield tuple(
                word if "#" in word or "*" in word else "".join(expression_key(word))
                for word in text.split()
            )
    meanings = set(row["like"].split())
    for language in LANGUAGES:
        for words, others in expression_table(language).items():
            if meanings & set(others):
                yield words


@cache
def _by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], WordClass], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], WordClass]]] = defaultdict(list)
    for word_class in word_classes():
        for words in word_class.expressions:
            table[words[0]].append((words, word_class))
    return {word: tuple(rows) for word, rows in table.items()}


@cache
def _number_forms() -> tuple[str, ...]:
    return tuple(word for word in _by_first_word() if word.startswith("#"))


@lru_cache(maxsize=4096)
def _starts(word: str) -> tuple[tuple[tuple[str, ...], WordClass], ...]:
    """Return the expressions that may begin with a word."""
    table = _by_first_word()
    found = [*table.get(word, ())]
    for length in range(2, len(word) + 1):
        found += table.get(f"{word[:length]}*", ())
    for form in _number_forms():
        if matches_word_pattern(form, word):
            found += table[form]
    return tuple(found)


@lru_cache(maxsize=4096)
def matches_word_pattern(pattern: str, word: str) -> bool:
    """Return whether a word is meant by a word of the table.

    >>> matches_word_pattern("overdos*", "overdosed")
    True
    >>> matches_word_pattern("#12", "3"), matches_word_pattern("#12", "40")
    (True, False)
    """
    if pattern.startswith("#"):
        if pattern == "####":
            return _YEAR.fullmatch(word) is not None
        digits = _NUMBER.fullmatch(word)
        number = int(digits[1]) if digits else NUMBER_WORDS.get(word)
        if number is None:
            return False
        limit = pattern.lstrip("#")
        if limit.endswith("+"):
            return number >= int(limit[:-1])
        return not limit or number <= int(limit)
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word == pattern


@cache
def _correctable() -> dict[str, tuple[str, ...]]:
    """Return first letter -> the words of danger that are recognized with an error in them."""
    words = {
        word
        for word_class in word_classes()
        if word_class.kind in ("", "topic")
        for expression in word_class.expressions
        for word in expression
        if len(word) >= SHORTEST and word.isalpha()
    }
    return {
        letter: tuple(sorted(word for word in words if word[0] == letter))
        for letter in {word[0] for word in words}
    }


@cache
def _read_as_they_are() -> frozenset[str]:
    return frozenset(
        word for word_class in word_classes() for words in word_class.expressions for word in words
    )


@cache
def _words_of_places() -> frozenset[str]:
    return frozenset(word for city in cities() for word in expression_key(city.name))


@lru_cache(maxsize=4096)
def correct_word(word: str) -> str:
    """Return the word of danger that a word is a misspelling of, or the word itself.

    >>> [correct_word(word) for word in ("breatihng", "combulsiones", "breakfast")]
    ['breathing', 'convulsiones', 'breakfast']
    """
    is_known = (
        len(word) < SHORTEST
        or not word.isalpha()
        or word in _read_as_they_are()
        or is_english_word(word)
        or word in known_words()
        or is_ordinary(word)
        or len(_starts(word)) > 0
        or word in _words_of_places()
    )
    if is_known:
        return word
    errors = 1 if len(word) < LONG else 2
    near = process.extractOne(
        word, _correctable().get(word[0], ()), scorer=OSA.distance, score_cutoff=errors
    )
    return near[0] if near else word


def find_mentions(words: Sequence[str]) -> list[Mention]:
    """Return what is mentioned, from left to right.

    A scope within a longer expression does not count. Words of a figure of speech say nothing else.
    """
    found = [
        Mention(word_class.name, start, end, word_class.kind)
        for start, word in enumerate(words)
        for expression, word_class in _starts(word)
        if (end := _end(expression, words, start))
    ]
    taken = {
        position
        for mention in found
        if mention.kind == "figure"
        for position in range(mention.start, mention.end)
    }
    spans = {(mention.start, mention.end) for mention in found}
    return sorted(
        (
            mention
            for mention in set(found)
            if mention.kind != "figure"
            and not taken & set(range(mention.start, mention.end))
            and not (
                mention.kind == "scope"
                and any(
                    start <= mention.start
                    and end >= mention.end
                    and end - start > mention.end - mention.start
                    for start, end in spans
                )
            )
        ),
        key=lambda mention: (mention.start, mention.end, mention.name),
    )


def _end(expression: tuple[str, ...], words: Sequence[str], start: int) -> int:
    """Return where an expression that starts here ends; 0 if it does not stand here."""
    position = start + 1
    for expected in expression[1:]:
        small = 0
        while position < len(words) and not matches_word_pattern(expected, words[position]):
            if words[position] not in SMALL_WORDS or small == MOST_SMALL_WORDS:
                return 0
            position, small = position + 1, small + 1
        if position == len(words):
            return 0
        position += 1
    return position
