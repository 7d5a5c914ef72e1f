"""Leaves numbers that reached somebody else out of what is shown. No I/O."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from .registry import FACTS, PHONE

EXTENSION, INTAKE_PHONES = "phone_extension", "intake_phones"
LEFT_OUT = "…"  # in place of a number within a text
NUMBERS = (PHONE, INTAKE_PHONES, "fax")


def remove_numbers_from_value(fact: str, value: Any, numbers: Collection[str]) -> Any:
    """Return the value of a fact without these numbers.

    >>> remove_numbers_from_value("phone", "518-555-0101", ["518-555-0101"])
    ''
    >>> remove_numbers_from_value("admission_hours", "Call (518) 555-0101 first", ["518-555-0101"])
    'Call … first'
    """
    if not numbers or not value:
        return value
    if fact == INTAKE_PHONES:
        return [line for line in value if line["number"] not in numbers]
    if not isinstance(value, str) or fact == "website":
        return value
    if value in numbers:
        return ""
    for number in numbers:
        value = _pattern(number).sub(LEFT_OUT, value)
    return value


@lru_cache(maxsize=1_000)
def _pattern(number: str) -> re.Pattern:
    """Match a number however its digits are set apart."""
    digits = r"\D{0,3}".join(filter(str.isdigit, number))
    return re.compile(rf"(?<!\d)(?:\+?1\D{{0,2}})?\(?{digits}(?!\d)")


def columns_without_numbers(values: Mapping[str, Any], numbers: Collection[str]) -> dict[str, Any]:
    """Return values of facts without these numbers; the extension goes with its number."""
    shown = {
        fact: remove_numbers_from_value(fact, value, numbers) if fact in FACTS else value
        for fact, value in values.items()
    }
    if shown[PHONE] != values[PHONE]:
        shown[EXTENSION] = ""
    return shown


def numbers_of(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield (fact, number) of each number in the values of facts, once."""
    found: dict[str, str] = {}
    for fact in NUMBERS:
        value = values[fact]
        lines = [line["number"] for line in value] if fact == INTAKE_PHONES else [value]
        for number in filter(None, lines):
            found.setdefault(number, fact)
    return ((fact, number) for number, fact in found.items())
