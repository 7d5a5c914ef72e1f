"""How alike two addresses and two names are, for telling whether rows speak of one facility."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from rapidfuzz import fuzz

from ..taxonomy import ServiceSet
from ..text_normalization import normalize

TRUNCATED_AT = 38  # the directory cuts names and streets at so many characters
SAME_STREET_SCORE = 88  # of 100, once all numbers agree: "Main St" and "Main Street NE"
SIMILAR_NAME_SCORE = 85  # of 100, for organizations' names alone
SIMILAR_FULL_NAME_SCORE = 80  # of 100, for names with programs: "adult" and "youth" stay apart
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
    """What matching sees of a row or of a known facility; `key` is its row number or id."""

    key: int
    name: str
    program_name: str
    street: str
    zip: str
    phone: str
    offered: ServiceSet

    @classmethod
    def of(cls, key: int, row) -> "MatchFeatures":
        """From anything with these fields: a FacilityRow or a Facility."""
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
        """What the first tier compares: name, program, street and ZIP, exact but for folding."""
        return self.name, self.program_name, self.street, self.zip

    @cached_property
    def plain_street(self) -> str:
        return normalize_street(self.street)

    @cached_property
    def plain_names(self) -> tuple[str, str]:
        """The organization's name alone, and with its program."""
        return normalize_name(self.name), normalize_name(f"{self.name} {self.program_name}")


@cache
def normalize_street(street: str) -> str:
    """Without suite or floor, with the usual short forms.

    >>> plain_street("1 Main Street, Suite 200")
    '1 main st'
    """
    folded = normalize(street)
    bare = _UNIT.sub(" ", folded) if not folded.startswith(("suite", "unit")) else folded
    words = _SIGNS.sub(" ", bare).split()
    return " ".join(_WORDS.get(word, word) for word in words)


@cache
def normalize_name(folded: str) -> str:
    words = _SIGNS.sub(" ", folded).split()
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
    """Names with programs alike; or one organization, and at most one of the two has a program."""
    if full_name_similarity(a, b) >= SIMILAR_FULL_NAME_SCORE:
        return True
    is_one_organization = fuzz.ratio(a.plain_names[0], b.plain_names[0]) >= SIMILAR_NAME_SCORE
    return is_one_organization and not (a.program_name and b.program_name)


def full_name_similarity(a: MatchFeatures, b: MatchFeatures) -> float:
    """0 to 100 for names with programs, whatever the order of their words."""
    return fuzz.token_sort_ratio(a.plain_names[1], b.plain_names[1])


def service_similarity(a: MatchFeatures, b: MatchFeatures) -> float:
    """Shared services of all that either offers, 0 to 100; 50 where one states none."""
    if not a.offered or not b.offered:
        return 50.0
    return 100 * len(a.offered & b.offered) / len(a.offered | b.offered)


def similarity(a: MatchFeatures, b: MatchFeatures) -> float:
    """0 to 100 over name, street and services: which of several candidates is the likeliest."""
    street = 100.0 if is_same_street(a, b) else 0.0
    return (full_name_similarity(a, b) + street + service_similarity(a, b)) / 3


def _numbers(street: str) -> list[str]:
    return sorted(re.findall(r"\d+", street))


def normalize_address(street: str, zip_code: str) -> tuple[str, str]:
    """What two addresses have in common when they are one building: no suite, usual forms."""
    return normalize_street(street), zip_code


def are_related(one: str, other: str) -> bool:
    """Whether two names may be of one organization: alike, or one within the other."""
    return (
        fuzz.token_set_ratio(normalize_name(normalize(one)), normalize_name(normalize(other)))
        >= SIMILAR_NAME_SCORE
    )
