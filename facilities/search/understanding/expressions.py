"""The expressions that the box knows: ``expressions.csv``, one meaning a row, in both languages.

A meaning is one of: filters as the address writes them (``payment=medicaid``, several apart by
spaces); ``substance:…`` and ``medication:…``, whose filter depends on what stands beside them;
``intent:start``, ``intent:keep`` and ``intent:stop``; ``detox``, ``overnight-detox``,
``rehab``, ``inpatient``, ``outpatient``, ``hospital``, ``pills`` and ``drinks``, which act
together; ``negation``; ``notice:…``, a sentence to show; ``near-me``, ``in`` and ``anywhere``,
about the place; ``unfilterable``, a need that no filter knows; ``filler``, which says nothing.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .tokens import Token, expression_key

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "english", "es": "spanish"}


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression that stands in a text: its meanings, and the tokens it covers."""

    meanings: tuple[str, ...]
    start: int
    end: int
    language: str = ""

    @property
    def is_need(self) -> bool:
        """Whether it asks for something that facilities differ in."""
        kinds = ("substance:", "medication:", "detox", "overnight-detox", "inpatient")
        return any("=" in meaning or meaning.startswith(kinds) for meaning in self.meanings)

    @property
    def is_filler(self) -> bool:
        return self.meanings == ("filler",)


@cache
def expression_table(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the normalized words of each expression -> its meanings."""
    with (FOLDER / "expressions.csv").open(encoding="utf-8", newline="") as lines:
        return {
            expression_key(expression): tuple(row["meaning"].split())
            for row in reversed(list(csv.DictReader(lines)))  # of two rows, the first one counts
            for expression in row[LANGUAGES[language]].split("|")
            if expression
        }


@cache
def _longest(language: str) -> dict[str, int]:
    """First word -> the number of words of the longest expression that begins with it."""
    longest: dict[str, int] = {}
    for words in expression_table(language):
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def ordinary_words() -> frozenset[str]:
    """Return words that say nothing of a need or a place; they are never told as unused."""
    lines = (FOLDER / "ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(
        word
        for line in lines
        if not line.startswith("#")
        for text in line.split()
        for word in expression_key(text)
    )


@cache
def known_words() -> frozenset[str]:
    """Return every word of every expression in both languages."""
    return frozenset(
        word for language in LANGUAGES for words in expression_table(language) for word in words
    )


def find_expressions(tokens: Sequence[Token], language: str) -> list[Expression]:
    """Return the expressions of a text from left to right, the longest first at each word.

    Both languages are looked at. Of two equally long ones that of ``language`` is taken.
    """
    words = tuple(token.word for token in tokens)
    found, start = [], 0
    while start < len(words):
        expression = _at(words, start, language)
        if expression:
            found.append(expression)
        start = expression.end if expression else start + 1
    return found


def _at(words: tuple[str, ...], start: int, preferred: str) -> Expression | None:
    best = None
    for language in (preferred, *(other for other in LANGUAGES if other != preferred)):
        table = expression_table(language)
        for length in range(
            min(_longest(language).get(words[start], 0), len(words) - start), 0, -1
        ):
            if best and length <= best.end - start:
                break
            meanings = table.get(words[start : start + length])
            if meanings:
                best = Expression(meanings, start, start + length, language)
                break
    return best


def guess_language(tokens: Sequence[Token], otherwise: str) -> str:
    """Return the language that more of the words belong to: "en" or "es"."""
    scores = {
        language: sum(
            1
            for token in tokens
            if (token.word,) in expression_table(language)
            and not any(
                (token.word,) in expression_table(other) for other in LANGUAGES if other != language
            )
        )
        for language in LANGUAGES
    }
    scores["es"] += sum(any(sign in token.typed.lower() for sign in "ñáéíóú¿") for token in tokens)
    best = max(scores, key=lambda language: scores[language])
    return otherwise if len(set(scores.values())) == 1 else best
