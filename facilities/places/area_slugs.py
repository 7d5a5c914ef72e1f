"""Short addresses of states, counties and cities: "texas", "travis-county-tx", "austin-tx".

Of two cities of one name in a state, each has its county: "bel-air-md-harford-county".
"""

import re

from django.utils.text import slugify

from ..models.place import Place, PlaceKind
from .parsing import fold_place_name

STATE_CODE = re.compile(r"(?:^|-)([a-z]{2})(?=-|$)")
# Carson City and St. Louis are a city and a county in one: the county says the same and is whole.
ORDER = [PlaceKind.STATE, PlaceKind.COUNTY, PlaceKind.CITY]


def area_slug(place: Place) -> str:
    """Return the words of a place's own name, in English in every language."""
    return slugify(place.name if place.kind == PlaceKind.STATE else place.label("en"))


def find_area(slug: str) -> Place | None:
    """Return the state, county or city that a slug names."""
    states = [code.upper() for code in STATE_CODE.findall(slug)]
    first = slug[:1]
    candidates = [
        *Place.objects.filter(kind=PlaceKind.STATE, key__startswith=first),
        *Place.objects.filter(
            kind__in=(PlaceKind.COUNTY, PlaceKind.CITY), state__in=states, key__startswith=first
        ).order_by("code"),
    ]
    named = [place for place in candidates if area_slug(place) == slug]
    return min(named, key=lambda place: ORDER.index(PlaceKind(place.kind)), default=None)


def city_codes(state: str, city: str, county_fips: str) -> tuple[str, str]:
    """Return both codes that a city may have in ``Place``; with its county if it has a namesake."""
    code = f"city:{state}:{fold_place_name(city)}"
    return code, f"{code}:{county_fips}"
