"""Recognizes danger in what people type, by expressions kept as data in ``dangers.csv``.

A row says: one of the ``first`` expressions stands in the text, and one of the ``second`` too where
there are any. ``*`` stands for up to three words. Rows of ``harmless`` are taken out of the text
first: the past, grief, negation, training, names and figures of speech. The gravest alert wins.
"""

import csv
import re
from functools import cache

from ...guidance.alerts import ALERTS
from .expressions import FOLDER
from .tokens import LONGEST, key

ANY_WORDS = r"(?:\S+ ){0,3}?"


@cache
def _harmless() -> re.Pattern:
    return _pattern("|".join(row["first"] for row in _rows() if row["alert"] == "harmless"))


@cache
def _rules() -> tuple[tuple[str, re.Pattern, re.Pattern | None], ...]:
    """Return (alert, first, second), the gravest alert first."""
    rules = [
        (row["alert"], _pattern(row["first"]), _pattern(row["second"]) if row["second"] else None)
        for row in _rows()
        if row["alert"] != "harmless"
    ]
    gravity = [alert.meaning for alert in ALERTS]
    return tuple(sorted(rules, key=lambda rule: gravity.index(rule[0])))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (FOLDER / "dangers.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _pattern(expressions: str) -> re.Pattern:
    """Return a pattern for any of the expressions in words that are apart by one space."""
    parts = sorted({_as_regex(text) for text in expressions.split("|") if text}, key=len)
    return re.compile("(?<!\\S)(?:" + "|".join(reversed(parts)) + ")(?= )")


def _as_regex(expression: str) -> str:
    words = [
        ANY_WORDS if word == "*" else "".join(f"{re.escape(part)} " for part in key(word))
        for word in expression.split()
    ]
    return "".join(words).removesuffix(" ")


def find_alert(text: str) -> str:
    """Return the code of the gravest alert that a text calls for; "" for none.

    >>> find_alert("he won't wake up"), find_alert("overdose training")
    ('a1', '')
    """
    words = " ".join(key(text[:LONGEST])) + " "
    words = _harmless().sub("…", words)
    for meaning, first, second in _rules():
        if first.search(words) and (second is None or second.search(words)):
            return next(alert.code for alert in ALERTS if alert.meaning == meaning)
    return ""
