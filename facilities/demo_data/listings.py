"""Puts the invented facilities together: which kind stands where, and its row of the workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, radians, sin
from random import Random

from .names import (
    InventedPhoneNumbers,
    invent_full_name,
    invent_name,
    invent_spanish_name,
    invent_street,
    invent_suite,
    is_spanish_speaking_place,
)
from .profiles import PROFILES, DemoProfile
from .sampling import draw_codes
from .tables import PLACES, DemoPlace

SEED = 2023
MILES_IN_DEGREE = 69.0
SHARE_WITH_STREET_POSITION = 0.8


@dataclass(frozen=True)
class DemoListing:
    """One invented facility. ``point`` is (latitude, longitude) or None: then its ZIP code's.

    ``difficulty`` is the slug of what was made hard about it (see ``difficulties``), if anything.
    """

    place: DemoPlace
    profile: DemoProfile
    name: str
    program_name: str
    street: str
    street2: str
    phone: str
    intake_phones: tuple[str, ...]
    codes: frozenset[str]
    point: tuple[float, float] | None
    difficulty: str = ""


def draw_listings(rng: Random) -> list[DemoListing]:
    english, spanish, phones = invent_name(rng), invent_spanish_name(rng), InventedPhoneNumbers()
    drawn = [
        _draw(place, profile, spanish if is_spanish_speaking_place(place) else english, phones, rng)
        for place, profile in _deal(rng)
    ]
    return sorted(
        drawn, key=lambda listing: (listing.place.state, listing.place.city, listing.name)
    )


def _deal(rng: Random) -> list[tuple[DemoPlace, DemoProfile]]:
    free = [place for place in PLACES for _ in range(place.facilities)]
    rng.shuffle(free)
    dealt = []
    for profile in sorted(PROFILES, key=lambda profile: len(profile.kinds)):
        chosen = [place for place in free if place.kind in profile.kinds][: profile.facilities]
        for place in chosen:
            free.remove(place)
        dealt.extend((place, profile) for place in chosen)
    return dealt


def _draw(
    place: DemoPlace,
    profile: DemoProfile,
    names: Iterator[str],
    phones: InventedPhoneNumbers,
    rng: Random,
) -> DemoListing:
    return DemoListing(
        place=place,
        profile=profile,
        name=invent_full_name(next(names), place, profile, rng),
        program_name=rng.choice(profile.programs) if rng.random() < 0.52 else "",
        street=invent_street(place, rng),
        street2=invent_suite(rng),
        phone=phones.next_number(place.area_code),
        intake_phones=_intake_phones(place, phones, rng),
        codes=draw_codes(profile, place.languages, rng),
        point=_near(place, rng) if rng.random() < SHARE_WITH_STREET_POSITION else None,
    )


def _intake_phones(place: DemoPlace, phones: InventedPhoneNumbers, rng: Random) -> tuple[str, ...]:
    chance = rng.random()
    count = (chance < 0.36) + (chance < 0.22)
    return tuple(phones.next_number(place.area_code) for _ in range(count))


def _near(place: DemoPlace, rng: Random) -> tuple[float, float]:
    """Return a point up to a mile and a half from the ZIP code's."""
    angle, miles = rng.uniform(0, 2 * pi), rng.uniform(0.1, 1.5)
    north = miles * cos(angle) / MILES_IN_DEGREE
    east = miles * sin(angle) / (MILES_IN_DEGREE * cos(radians(place.latitude)))
    return round(place.latitude + north, 6), round(place.longitude + east, 6)
