"""How similar two addresses and two names are, to tell whether two records are one facility."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from rapidfuzz import fuzz

from ..taxonomy import ServiceSet
from ..text_normalization import normalize

# Scores of 100. The pairs in tests/imports/test_matching.py, looked at by hand, hold them in place.
# Streets must have the same numbers too, so that 88 only lets spellings differ: "146 Communication
# Drive" and "146 Communications Drive".
SAME_STREET_SCORE = 88
# For the names of organizations. From 75 to 95 the editions of 2022 and 2023 match almost alike.
SIMILAR_NAME_SCORE = 85
# For names with programs. It keeps an "adult" and a "youth" program of one organization apart; at
# 70, 37 more pairs match between those editions.
SIMILAR_FULL_NAME_SCORE = 80
_WORDS = {
    "avenue": "ave", "av": "ave", "boulevard": "blvd", "building": "bldg", "center": "ctr",
    "centre": "ctr", "circle": "cir", "court": "ct", "drive": "dr", "east": "e",
    "expressway": "expy", "freeway": "fwy", "highway": "hwy", "lane": "ln", "north": "n",
    "northeast": "ne", "northwest": "nw", "parkway": "pkwy", "place": "pl", "plaza": "plz",
    "road": "rd", "route": "rte", "south": "s", "southeast": "se", "southwest": "sw",
    "square": "sq", "street": "st", "terrace": "ter", "trail": "trl", "turnpike": "tpke",
    "west": "w", "saint": "st", "mount": "mt", "fort": "ft",
}  # fmt: skip
_LEGAL = {"inc", "llc", "corp", "corporation", "ltd", "co", "pc", "pllc", "the", "incorporated"}
_UNIT = re.compile(
    r"\b(?:suite|suites|ste|unit|room|rm|floor|fl|apt|bldg|building|number|no)\b\s*#?\s*[\w-]*"
    r"|#\s*[\w-]+|\b\d+(?:st|nd|rd|th) floor\b"
)
_SIGNS = re.compile(r"[^\w\s]")


@dataclass(frozen=True)
class MatchFeatures:
    """The fields of a row or facility that matching compares. ``key``: row number or id."""

    key: int
    name: str
    program_name: str
    street: str
    zip: str
    phone: str
    offered: ServiceSet

    @classmethod
    def of(cls, key: int, row) -> "MatchFeatures":
        """Read a FacilityRow, a Facility or anything else with these attributes."""
        return cls(
            key,
            normalize(row.name),
            normalize(row.program_name),
            normalize(row.street),
            row.zip,
            row.phone,
            row.offered,
        )

    @cached_property
    def identity(self) -> tuple[str, str, str, str]:
        """Name, program, street and ZIP code, normalized: equal in the first tier of matching."""
        return self.name, self.program_name, self.street, self.zip

    @cached_property
    def plain_street(self) -> str:
        return normalize_street(self.street)

    @cached_property
    def plain_names(self) -> tuple[str, str]:
        return normalize_name(self.name), normalize_name(f"{self.name} {self.program_name}")


@cache
def normalize_street(street: str) -> str:
    """Return the street without suite or floor, in the usual abbreviations.

    >>> normalize_street("1 Main Street, Suite 200")
    '1 main st'
    """
    street = normalize(street)
    # "Suite 12" alone would leave nothing, and nothing is the same street as nothing.
    if not street.startswith(("suite", "unit")):
        street = _UNIT.sub(" ", street)
    words = _SIGNS.sub(" ", street).split()
    return " ".join(_WORDS.get(word, word) for word in words)


@cache
def normalize_name(name: str) -> str:
    """Abbreviate the words of a name that `normalize` returned, without its legal form."""
    words = _SIGNS.sub(" ", name).split()
    return " ".join(_WORDS.get(word, word) for word in words if word not in _LEGAL)


def is_same_street(a: MatchFeatures, b: MatchFeatures) -> bool:
    if not a.plain_street or not b.plain_street:
        return False
    if a.plain_street == b.plain_street:
        return True
    return (
        _numbers(a.plain_street) == _numbers(b.plain_street)
        and fuzz.ratio(a.plain_street, b.plain_street) >= SAME_STREET_SCORE
    )


def has_similar_name(a: MatchFeatures, b: MatchFeatures) -> bool:
    """Whether the names are similar with their programs, or without where one has no program.

    Two different programs of one organization must not match by the organization alone.
    """
    if full_name_similarity(a, b) >= SIMILAR_FULL_NAME_SCORE:
        return True
    is_one_organization = fuzz.ratio(a.plain_names[0], b.plain_names[0]) >= SIMILAR_NAME_SCORE
    return is_one_organization and not (a.program_name and b.program_name)


def full_name_similarity(a: MatchFeatures, b: MatchFeatures) -> float:
    """Return 0 to 100 for names with programs, in any order of words."""
    return fuzz.token_sort_ratio(a.plain_names[1], b.plain_names[1])


def service_similarity(a: MatchFeatures, b: MatchFeatures) -> float:
    """Return the share of services that both have, 0 to 100; 50 if one states none."""
    if not a.offered or not b.offered:
        return 50.0
    return 100 * len(a.offered & b.offered) / len(a.offered | b.offered)


def similarity(a: MatchFeatures, b: MatchFeatures) -> float:
    """Return 0 to 100: the mean of name, street and services, to rank candidates that are alike."""
    street = 100.0 if is_same_street(a, b) else 0.0
    return (full_name_similarity(a, b) + street + service_similarity(a, b)) / 3


def _numbers(street: str) -> list[str]:
    return sorted(re.findall(r"\d+", street))


def normalize_address(street: str, zip_code: str) -> tuple[str, str]:
    """Return a value that is equal for two addresses in one building."""
    return normalize_street(street), zip_code


def are_related(one: str, other: str) -> bool:
    return (
        fuzz.token_set_ratio(normalize_name(normalize(one)), normalize_name(normalize(other)))
        >= SIMILAR_NAME_SCORE
    )
