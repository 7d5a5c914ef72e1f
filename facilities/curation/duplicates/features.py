"""What of a record counts for telling whether it is another one's double. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property

from ...geo import Point
from ...matching.similarity import normalize_name, normalize_street
from ...text_normalization import normalize

# Words that tell two programs of one house apart, and what they stand for.
_KINDS = {
    "men": "men mens man male boys",
    "women": "women womens female girls mother mothers",
    "young": "youth adolescent adolescents teen teens juvenile child children kids",
    "adult": "adult adults",
    "veterans": "veterans",
    "inpatient": "inpatient inpt",
    "residential": "residential res residence",
    "outpatient": "outpatient outpt op iop",
    "day": "day",
    "detox": "detox detoxification withdrawal",
    "medication": "otp methadone mat",
    "court": "dui court courts",
    "halfway": "halfway sober",
    "north": "north",
    "south": "south",
    "east": "east",
    "west": "west",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_MARK = re.compile(r"\b(?:[ivx]+|\d+|[a-z])\b")
_UNIT = re.compile(
    r"\b(?:suites?|ste|units?|rooms?|rm|floors?|fl|apt|bldg|buildings?|number|no)\b\.?"
    r"\s*#?\s*([\w-]+)|#\s*([\w-]+)|\b(\d+)(?:st|nd|rd|th) floor\b"
)


@dataclass(frozen=True)
class DuplicateFeatures:
    """One record. ``point`` is that of its street, None where that is not known."""

    key: int
    name: str
    program_name: str
    street: str
    street2: str
    zip: str
    state: str
    phone: str
    point: Point | None = None
    is_listed: bool = True

    @cached_property
    def full_name(self) -> str:
        return normalize_name(normalize(f"{self.name} {self.program_name}"))

    @cached_property
    def organization(self) -> str:
        return normalize_name(normalize(self.name))

    @cached_property
    def program(self) -> str:
        return normalize_name(normalize(self.program_name))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.full_name.split())

    @cached_property
    def plain_street(self) -> str:
        return normalize_street(self.street)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        return tuple(sorted(re.findall(r"\d+", self.plain_street)))

    @cached_property
    def house(self) -> str:
        found = re.match(r"\d+", self.plain_street)
        return found.group() if found else ""

    @cached_property
    def units(self) -> frozenset[str]:
        found = _UNIT.findall(normalize(f"{self.street}, {self.street2}"))
        return frozenset(part for each in found for part in each if part)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Whom or what kind of care the names single out, and their numbers and letters."""
        marks = set(_MARK.findall(self.full_name)) - {"a", "s"}
        return frozenset({_KIND_OF[word] for word in self.words if word in _KIND_OF} | marks)
