"""The area that an installation's curators look after, read from names of states and counties."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Q

from ..text_normalization import normalize_text
from .parsing import AREA_WORDS
from .tables import counties, states


class UnknownServiceArea(ValueError):
    """A name that is neither a state ("OH", "Ohio") nor a county ("Travis County, TX")."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is neither a state nor a county with its state.")
        self.name = name


@dataclass(frozen=True)
class ServiceArea:
    """States by their two letters and counties by their five digits; neither means everywhere."""

    states: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()

    @property
    def is_everywhere(self) -> bool:
        return not self.states and not self.counties

    def contains(self, state: str, county_fips: str) -> bool:
        return self.is_everywhere or state in self.states or county_fips in self.counties

    def as_q(self, path: str = "") -> Q:
        """The same as a condition on facilities, or on what leads to one by ``path``."""
        if self.is_everywhere:
            return Q()
        to = f"{path}__" if path else ""
        return Q(**{f"{to}state__in": sorted(self.states)}) | Q(
            **{f"{to}county_fips__in": sorted(self.counties)}
        )


def read_service_area(names: Iterable[str]) -> ServiceArea:
    """Read "OH", "Ohio", "Travis County, TX" and the like, in any number.

    Raises UnknownArea for the first that is neither.

    >>> sorted(read_service_area(["OH", "Travis County, TX"]).counties)
    ['48453']
    """
    found_states, found_counties = set(), set()
    for name in names:
        if state := _states().get(normalize_text(name)):
            found_states.add(state)
        elif county := _counties().get(_split_state(name)):
            found_counties.add(county)
        else:
            raise UnknownServiceArea(name)
    return ServiceArea(frozenset(found_states), frozenset(found_counties))


def _split_state(name: str) -> tuple[str, str]:
    """Split "Travis County, TX" into ("travis county", "TX"); the state is "" without a comma."""
    county, _, state = name.rpartition(",")
    return normalize_text(county), _states().get(normalize_text(state), "")


@cache
def _states() -> dict[str, str]:
    return {normalize_text(name): row.code for row in states() for name in (row.code, row.name)}


@cache
def _counties() -> dict[tuple[str, str], str]:
    """Return (folded name, state) -> FIPS code; also by "Travis" alone if only one is called so."""
    full = {(normalize_text(row.name), row.state): row.county_fips for row in counties()}
    short: dict[tuple[str, str], str] = {}
    for (name, state), fips in full.items():
        word = next((word for word in AREA_WORDS if name.endswith(f" {word}")), "")
        key = name.removesuffix(f" {word}"), state
        short[key] = "" if key in short else fips
    return short | full
