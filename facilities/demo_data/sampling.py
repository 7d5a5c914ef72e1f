"""Draws what one invented facility offers: a profile's shares, kept consistent."""

from math import exp
from random import Random

from .consistency import (
    AT_LEAST_ONE_WHERE_OFFERED,
    CODES_BY_DEPTH,
    EXACTLY_ONE_OF,
    EXACTLY_ONE_WHERE_OFFERED,
    NEEDS,
    is_consistent_addition,
)
from .frequencies import FREQUENCIES
from .profiles import DemoProfile
from .tables import service_codes_in_category

# How far one facility lists more or less than its kind (standard deviation, in log odds): a
# row that is long in one of these categories is long in the others too.
SPREAD = 0.85
SPREADING_CATEGORIES = (
    "LCA", "PHR", "TAP", "PYAS", "SG", "ASPT", "SCR", "TRSRV", "RSS", "OTHR", "ECS", "MSRV", "AS",
)  # fmt: skip
SPREADING = frozenset(
    code for category in SPREADING_CATEGORIES for code in service_codes_in_category(category)
)
SPOKEN_WHERE_COMMON = 0.55


def draw_codes(profile: DemoProfile, languages: frozenset[str], rng: Random) -> frozenset[str]:
    breadth = rng.gauss(0, SPREAD)
    shares = {
        code: _share(code, profile, languages, breadth if code in SPREADING else 0.0)
        for code in CODES_BY_DEPTH
    }
    codes: set[str] = set()
    for code in CODES_BY_DEPTH:
        # Drawn even if it cannot be added, so that one more rule does not change all the rest.
        drawn = rng.random() < shares[code]
        if code in profile.has or (drawn and is_consistent_addition(code, codes)):
            codes.add(code)
    _choose_one(codes, profile, shares, rng)
    _complete(codes, profile, shares, rng)
    return frozenset(codes)


def _share(code: str, profile: DemoProfile, languages: frozenset[str], breadth: float) -> float:
    share = FREQUENCIES[profile.slug][code]
    if code in profile.lacks or any(needed in profile.lacks for needed in NEEDS.get(code, ())):
        return 0.0
    if code in languages:
        return max(share, SPOKEN_WHERE_COMMON)
    if share in (0.0, 1.0) or not breadth:
        return share
    return 1 / (1 + exp(-breadth) * (1 - share) / share)


def _choose_one(
    codes: set[str], profile: DemoProfile, shares: dict[str, float], rng: Random
) -> None:
    groups = (
        *EXACTLY_ONE_OF,
        *(group for gate, group in EXACTLY_ONE_WHERE_OFFERED if gate in codes),
    )
    for group in groups:
        fixed = sorted(profile.has.intersection(group))
        chosen = fixed[0] if fixed else _weighted(group, shares, rng)
        codes.difference_update(group)
        codes.add(chosen)


def _complete(codes: set[str], profile: DemoProfile, shares: dict[str, float], rng: Random) -> None:
    for gate, group in AT_LEAST_ONE_WHERE_OFFERED:
        able = [
            code
            for code in group
            if is_consistent_addition(code, codes) and code not in profile.lacks
        ]
        if gate in codes and able and codes.isdisjoint(group):
            codes.add(_weighted(able, shares, rng))


def _weighted(codes, shares: dict[str, float], rng: Random) -> str:
    return rng.choices(list(codes), [shares[code] + 0.0001 for code in codes])[0]
