"""Composes what is mentioned to a danger: ``patterns.csv``, one meaning a row.

A pattern names classes of words: ``a > b`` for b close behind a, ``a >> b`` for right behind it,
``a ~ b`` for the two close together, ``a + b`` for both anywhere, and ``not a`` where a is denied.
``|`` stands between patterns that mean the same, and between the classes of ``unless``, any of
which cancels the row. A row whose meaning is no alert makes a new class for the rows below it.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from ....guidance.alerts import ALERTS
from ..tokens import LONGEST, tokenize
from .scopes import mentions_of_the_present
from .words import FOLDER, Mention, correct_word, find_mentions

NEAR, RIGHT_BEHIND = 5, 1  # words between two parts
_SENTENCE_END = re.compile(r"[.;!?\n]\s")
_RELATION = re.compile(r" (>>|>|~) ")
_OVERDOSED = re.compile(r"\bod['’`]?e?d\b", re.IGNORECASE)  # "od'd" is not "odd"
_NUMBER_WITH_UNIT = re.compile(
    r"\b(\d+)(yo|yrs?|y|mos?|hrs?|h|days?|d|x)\b", re.IGNORECASE
)  # "3yo"
_CODES = {alert.meaning: alert.code for alert in ALERTS}
Mentions = Mapping[str, Sequence[Mention]]


@dataclass(frozen=True, slots=True)
class PatternStep:
    """A class of words in a pattern, and how it stands to the class before it."""

    name: str
    is_denied: bool
    relation: str


@dataclass(frozen=True, slots=True)
class DangerPattern:
    """The ``parts`` may stand anywhere; the steps of each part stand close together."""

    meaning: str
    parts: tuple[tuple[PatternStep, ...], ...]
    unless: frozenset[str]
    classes: frozenset[str]


@cache
def pattern_rows() -> tuple[dict[str, str], ...]:
    with (FOLDER / "patterns.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def danger_patterns() -> tuple[DangerPattern, ...]:
    return tuple(
        _pattern(row["meaning"], text, row["unless"])
        for row in pattern_rows()
        for text in row["pattern"].split("|")
    )


def _pattern(meaning: str, text: str, unless: str) -> DangerPattern:
    parts = tuple(_steps(part) for part in text.split(" + "))
    classes = frozenset(step.name for part in parts for step in part)
    return DangerPattern(meaning, parts, frozenset(filter(None, unless.split("|"))), classes)


def _steps(part: str) -> tuple[PatternStep, ...]:
    names = _RELATION.split(part)  # classes and relations by turns
    return tuple(
        PatternStep(name.removeprefix("not "), name.startswith("not "), relation)
        for name, relation in zip(names[::2], ["", *names[1::2]], strict=True)
    )


def find_alert(text: str) -> str:
    """Return the code of the gravest alert that a text calls for; "" for none.

    >>> find_alert("he won't wake up"), find_alert("overdose training")
    ('a1', '')
    """
    meanings = find_meanings(text)
    return next((code for meaning, code in _CODES.items() if meaning in meanings), "")


def find_meanings(text: str) -> frozenset[str]:
    """Return the meanings of every pattern that stands in a text."""
    words, ends = _read_words(text)
    mentions = find_mentions(words)
    named: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions_of_the_present(mentions, words, ends):
        named[mention.name].append(mention)
    against = {mention.name for mention in mentions if mention.kind == "scope"}
    meanings = set()
    for pattern in danger_patterns():
        if not pattern.classes <= named.keys() or pattern.unless & (against | named.keys()):
            continue
        if pattern.meaning in _CODES:  # no row asks where it stands
            if pattern.meaning not in meanings and any(True for _span in _spans(pattern, named)):
                meanings.add(pattern.meaning)
        elif spans := set(_spans(pattern, named)):
            meanings.add(pattern.meaning)
            named[pattern.meaning] += [Mention(pattern.meaning, *span) for span in spans]
    return frozenset(meanings)


def _read_words(text: str) -> tuple[list[str], list[int]]:
    """Return the words of a text, with misspelled ones corrected, and where sentences end."""
    text = _NUMBER_WITH_UNIT.sub(r"\1 \2", _OVERDOSED.sub("overdosed", text[:LONGEST]))
    words: list[str] = []
    ends: list[int] = []
    for sentence in _SENTENCE_END.split(text):
        words += [correct_word(token.word) for token in tokenize(sentence)]
        ends.append(len(words))
    return words, ends[:-1]


def _spans(pattern: DangerPattern, named: Mentions) -> Iterator[tuple[int, int]]:
    """Yield where each way to read a pattern begins and ends."""
    for chains in product(*(tuple(_chains(part, named)) for part in pattern.parts)):
        yield min(start for start, _ in chains), max(end for _, end in chains)


def _chains(part: Sequence[PatternStep], named: Mentions) -> Iterator[tuple[int, int]]:
    """Yield where the steps of a part stand, close together."""
    chains = [(0, 0, 0)]  # start, end, and the end of the last step
    for number, step in enumerate(part):
        chains = [
            (min(start, found.start), max(end, found.end), found.end)
            if number
            else (found.start, found.end, found.end)
            for start, end, last in chains
            for found in named[step.name]
            if found.is_denied == step.is_denied
            and (not number or _is_close(step.relation, start, last, found))
        ]
    yield from {(start, end) for start, end, _ in chains}


def _is_close(relation: str, start: int, last: int, found: Mention) -> bool:
    reach = RIGHT_BEHIND if relation == ">>" else NEAR
    is_behind = 0 <= found.start - last <= reach
    return is_behind or (relation == "~" and 0 <= start - found.end <= NEAR)
