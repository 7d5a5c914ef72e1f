"""The expressions that the box knows: ``expressions.csv``, one meaning a row, in both languages.

A meaning is one of: filters as the address writes them (``payment=medicaid``, several apart by
spaces); ``substance:…`` and ``medication:…``, whose filter depends on what stands beside them;
``intent:start``, ``intent:keep`` and ``intent:stop`` (``taper``: little by little); ``detox``,
``overnight-detox``, ``rehab``, ``inpatient``, ``outpatient``, ``hospital``, ``pills`` and
``drinks``, which act together; ``insurance`` of any kind; ``intake``, how a substance is taken;
``negation``; ``notice:…``, a sentence to show; ``near-me``, ``in`` and ``anywhere``, about the
place; ``unfilterable``, a need that no filter knows; ``filler``, which says nothing. ``{car}`` in
an expression stands for each word of that row of ``families.csv``.

The labels, names and synonyms of a medication in ``taxonomy/services.csv`` belong to its row
``medication:…`` or ``medication=…``, and are not written there again. Where another row says
otherwise of one of them ("heroin", "MAT"), that counts.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from ...taxonomy import VOCABULARY
from .inflections import english_stems, singular, spanish_infinitives
from .tokens import Token, expression_key

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "english", "es": "spanish"}
# Words inside an expression that change nothing: "bring my two kids" is "bring kids".
LINKING_WORDS = frozenset(
    "a an the my our your his her their its any some both all own two three four little small"  # noqa: SIM905
    " un una el la los las mi mis su sus tu tus nuestro nuestra nuestros dos tres cuatro".split()
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|ro|do|to|mo)|1ra|2da|3ra")
_FAMILY = re.compile(r"\{([^}]+)\}")
_MEDICATION = re.compile(r"medication[:=](?P<slug>[a-z-]+)")
MOST_LINKING_WORDS = 2  # side by side


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
    def is_about_care(self) -> bool:
        """Whether it asks for care itself, and not for whom: "detox", "rehab", "Medicaid"."""
        kinds = ("substance:", "medication:", "payment=", "setting=", "therapy=", "support=")
        settings = {"detox", "overnight-detox", "rehab", "inpatient", "outpatient"}
        return bool(settings & set(self.meanings)) or self.meanings[0].startswith(kinds)

    @property
    def is_filler(self) -> bool:
        return self.meanings == ("filler",)


@cache
def _families(language: str) -> dict[str, tuple[str, ...]]:
    """Return the name of a family -> the words of a language that an expression may hold for it."""
    with (FOLDER / "families.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["family"]: tuple(row[LANGUAGES[language]].split("|"))
            for row in csv.DictReader(lines)
        }


def expand_families(expressions: str, language: str) -> Iterator[str]:
    """Yield the expressions of a cell, each family in braces replaced by each of its words."""
    for expression in filter(None, expressions.split("|")):
        parts = _FAMILY.split(expression)  # texts and names of families by turns
        choices = [
            _families(language)[part] if number % 2 else (part,)
            for number, part in enumerate(parts)
        ]
        yield from ("".join(words) for words in product(*choices))


@cache
def expression_rows() -> tuple[dict[str, str], ...]:
    with (FOLDER / "expressions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def expression_table(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the normalized words of each expression -> its meanings."""
    decided = {words for other in LANGUAGES for words in _written(other)}
    return _written(language) | {
        words: meanings
        for words, meanings in _medication_words(language).items()
        if words not in decided
    }


@cache
def _written(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the normalized words of each expression of the table -> its meanings."""
    return {
        expression_key(expression): tuple(row["meaning"].split())
        for row in reversed(expression_rows())  # of two rows, the first one counts
        for expression in expand_families(row[LANGUAGES[language]], language)
    }


def _medication_words(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the words that the taxonomy has for each medication -> the meaning of its row.

    Words of several medications mean all of them. Synonyms are of no language, but a label of one
    language is not an expression of another.
    """
    meanings: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in expression_rows():
        medication = _MEDICATION.fullmatch(row["meaning"])
        if medication is None:
            continue
        service = VOCABULARY[medication["slug"]]
        label = expression_key(service.label(language))
        others = {expression_key(service.label(other)) for other in LANGUAGES} - {label}
        texts = (*service.names, *service.synonyms)
        for words in {label, *map(expression_key, texts)} - others:
            meanings[words].append(row["meaning"])
    return {words: tuple(named) for words, named in meanings.items()}


@cache
def _loose_table(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the expressions in the singular and without linking words -> their meanings."""
    loose: dict[tuple[str, ...], tuple[str, ...]] = {}
    for words, meanings in expression_table(language).items():
        if {"in", "near-me"} & set(meanings):
            continue  # "en mi condado" is not "en condado"
        core = tuple(singular(word) for word in words if word not in LINKING_WORDS)
        if len(words) == 1:
            loose.setdefault(words, meanings)  # "blues" is not "blue"
        elif len(core) > 1 and words[0] not in LINKING_WORDS:
            loose.setdefault(core, meanings)
    return loose


@cache
def _longest(language: str) -> dict[str, int]:
    """First word -> the number of words of the longest expression that begins with it."""
    longest: dict[str, int] = {}
    for words in expression_table(language):
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def words_in_file(file_name: str) -> frozenset[str]:
    """Return the words of a file beside this one; lines that begin with # are comments."""
    lines = (FOLDER / file_name).read_text(encoding="utf-8").splitlines()
    return frozenset(
        word
        for line in lines
        if not line.startswith("#")
        for text in line.split()
        for word in expression_key(text)
    )


@cache
def ordinary_words() -> frozenset[str]:
    """Return words that say nothing of a need or a place; they are never told as unused."""
    return words_in_file("ordinary_words.txt")


@cache
def is_ordinary(word: str) -> bool:
    """Return whether a word says nothing by itself, in any regular form, or is an ordinal."""
    return (
        word in ordinary_words()
        or _ORDINAL.fullmatch(word) is not None
        or any(stem in ordinary_words() for stem in english_stems(word))
        or any(infinitive in ordinary_words() for infinitive in spanish_infinitives(word))
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
    return _loosely_at(words, start, preferred, best)


def _loosely_at(
    words: tuple[str, ...], start: int, preferred: str, best: Expression | None
) -> Expression | None:
    """Return a longer expression than ``best``, with other endings or linking words inside it."""
    if words[start] in LINKING_WORDS:
        return best
    cores = tuple(_cores(words, start))
    is_ordinary = words[start] in ordinary_words()
    for language in (preferred, *(other for other in LANGUAGES if other != preferred)):
        table, longest = _loose_table(language), _longest_loose(language)
        for core, end in cores[: longest.get(cores[0][0][0], 0)]:
            if len(core) == 1 and is_ordinary:
                continue
            if core in table and (best is None or end > best.end):
                best = Expression(table[core], start, end, language)
    return best


def _cores(words: tuple[str, ...], start: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the words from ``start`` on in the singular, ever more, and where they end."""
    core: tuple[str, ...] = ()
    linking = 0
    for position in range(start, len(words)):
        if words[position] in LINKING_WORDS:
            linking += 1
            if linking > MOST_LINKING_WORDS:
                return
            continue
        linking = 0
        core = (*core, singular(words[position]))
        yield core, position + 1


@cache
def _longest_loose(language: str) -> dict[str, int]:
    """First word -> the number of words of the longest loose expression that begins with it."""
    longest: dict[str, int] = {}
    for core in _loose_table(language):
        longest[core[0]] = max(longest.get(core[0], 0), len(core))
    return longest


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
