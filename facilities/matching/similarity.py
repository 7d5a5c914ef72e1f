"""How similar two addresses and two names are, to tell whether two records are one facility."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from math import floor

from rapidfuzz import fuzz

from ..geo import Point, miles_between
from ..taxonomy import ServiceSet
from ..text_normalization import normalize_text
from .programs import program_kinds

# Scores of 100. The pairs in tests/imports/judged_pairs.csv, judged by hand, hold them in place.
# Streets must have the same numbers too, so that 88 only lets spellings differ: "146 Communication
# Drive" and "146 Communications Drive".
SAME_STREET_SCORE = 88
# For the names of organizations. From 75 to 95 the editions of 2022 and 2023 match almost alike.
SIMILAR_NAME_SCORE = 85
# For names with programs. It keeps an "adult" and a "youth" program of one organization apart; at
# 70, 46 more pairs match between those editions.
SIMILAR_FULL_NAME_SCORE = 80
# For names that must be one but for spelling: "Be The Change LLC" and "Be the Change".
SAME_NAME_SCORE = 90
# 50 m. Geocoders place one address on either side of its street, and a large building at any of
# its doors; farther off stands a neighbor.
SAME_SITE_MILES = 0.031
# A facility moves within its town; one organization has houses on "Main Street" in several towns.
SAME_TOWN_MILES = 25
_CELL_DEGREES = 0.002  # wider than SAME_SITE_MILES up to 76 degrees north; Alaska ends at 71
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
    """The fields of a row or facility that matching compares. ``key``: row number or id.

    ``point``: where it is, to the building if ``is_exact``, else the center of its ZIP code.
    """

    key: int
    name: str
    program_name: str
    street: str
    zip: str
    state: str
    phone: str
    offered: ServiceSet
    point: Point | None = None
    is_exact: bool = False

    @classmethod
    def of(
        cls, key: int, row, point: Point | None = None, *, is_exact: bool = False
    ) -> "MatchFeatures":
        """Read a FacilityRow, a Facility or anything else with these attributes."""
        return cls(
            key,
            normalize_text(row.name),
            normalize_text(row.program_name),
            normalize_text(row.street),
            row.zip,
            row.state,
            row.phone,
            row.offered,
            point,
            is_exact,
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

    @cached_property
    def kinds(self) -> frozenset[str]:
        return program_kinds(f"{self.name} {self.program_name}")

    @cached_property
    def house_number(self) -> str:
        """The number that the street begins with, if it begins with one."""
        number = re.match(r"\d+", self.plain_street)
        return number.group() if number else ""


@cache
def normalize_street(street: str) -> str:
    """Return the street without suite or floor, in the usual abbreviations.

    >>> normalize_street("1 Main Street, Suite 200")
    '1 main st'
    """
    street = normalize_text(street)
    # "Suite 12" alone would leave nothing, and nothing is the same street as nothing.
    if not street.startswith(("suite", "unit")):
        street = _UNIT.sub(" ", street)
    words = _SIGNS.sub(" ", street).split()
    return " ".join(_WORDS.get(word, word) for word in words)


@cache
def normalize_name(name: str) -> str:
    """Abbreviate the words of a name that ``normalize_text`` returned, without its legal form."""
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


def is_same_site(a: MatchFeatures, b: MatchFeatures) -> bool:
    """Whether the two are in one building, whatever their ZIP codes say.

    Two houses that stand side by side are told apart by their numbers.
    """
    if is_same_street(a, b):
        return a.state == b.state and not is_farther_than(a, b, SAME_TOWN_MILES)
    if not (a.is_exact and b.is_exact) or is_farther_than(a, b, SAME_SITE_MILES):
        return False
    return a.house_number == b.house_number or not (a.house_number and b.house_number)


def is_farther_than(a: MatchFeatures, b: MatchFeatures, miles: float) -> bool:
    """Whether the two are known to be more than ``miles`` apart."""
    return bool(a.point and b.point) and miles_between(a.point, b.point) > miles


def site_cells(features: MatchFeatures) -> Iterator[tuple[int, int]]:
    """Yield four neighboring cells of a grid, of which two points of one site have one in common.

    Nothing is yielded for a point that is not exact.
    """
    if features.point and features.is_exact:
        row = floor(features.point.latitude / _CELL_DEGREES)
        column = floor(features.point.longitude / _CELL_DEGREES)
        yield from ((row + down, column + across) for down in (0, 1) for across in (0, 1))


def has_similar_name(a: MatchFeatures, b: MatchFeatures) -> bool:
    """Whether the names are similar with their programs, or without where one has no program.

    Two different programs of one organization must not match by the organization alone.
    """
    if full_name_similarity(a, b) >= SIMILAR_FULL_NAME_SCORE:
        return True
    is_one_organization = fuzz.ratio(a.plain_names[0], b.plain_names[0]) >= SIMILAR_NAME_SCORE
    return is_one_organization and not (a.program_name and b.program_name)


def is_same_program(a: MatchFeatures, b: MatchFeatures) -> bool:
    """Whether the names are similar and single out the same people and kind of care."""
    return has_similar_name(a, b) and a.kinds == b.kinds


def has_same_name(a: MatchFeatures, b: MatchFeatures) -> bool:
    """Whether the names with their programs are one but for spelling."""
    return full_name_similarity(a, b) >= SAME_NAME_SCORE and a.kinds == b.kinds


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


def are_names_alike(one: str, other: str) -> bool:
    return (
        fuzz.token_set_ratio(
            normalize_name(normalize_text(one)), normalize_name(normalize_text(other))
        )
        >= SIMILAR_NAME_SCORE
    )
