"""Turns what is shown of a facility into the columns of its row. No I/O."""

from collections.abc import Mapping
from datetime import date
from statistics import fmean
from typing import Any

from ..facts.leave_out_numbers import columns_without_numbers
from ..facts.registry import FACTS, PHONE, PRIVATE_FACTS
from ..geo import Point, unit_vector
from ..models.facility import SERVICE_BITS
from ..text_normalization import normalize_text
from .resolve import ResolvedFacility

# ZIP code -> (center, county, city, state), as places.tables.zip_code_table() gives them.
ZipPlaces = Mapping[str, tuple[Point | None, str, str, str]]
# The position of a private address is not blanked but moved: to the center of its city.
BLANKED_FACTS = PRIVATE_FACTS - {"zip", "position"}


NO_NUMBERS: Mapping[str, date] = {}


def facility_columns(
    shown: ResolvedFacility, zips: ZipPlaces, suspended: Mapping[str, date] = NO_NUMBERS
) -> dict[str, Any]:
    """Return column -> value, for all columns of Facility except identity and ``merged_into``.

    ``suspended``: number -> the day since which it is shown nowhere.

    The row of a facility whose address is confidential holds none of the private facts, so that
    no page can show them. Only the ZIP code stays, which pages leave out.
    """
    values = dict(shown.values)
    if values["is_address_confidential"]:
        values |= {name: FACTS[name].default for name in BLANKED_FACTS}
    suspended_on = suspended.get(values[PHONE])
    if suspended:
        values = columns_without_numbers(values, suspended)
    return {
        **values,
        "phone_suspended_on": suspended_on,
        "status": shown.status,
        "name_key": normalize_text(f"{values['name']} {values['program_name']}")[:420],
        "county_fips": zips[values["zip"]][1] if values["zip"] in zips else "",
        **_position(shown, zips),
        **dict(zip(SERVICE_BITS, shown.offered.words(), strict=True)),
        "denied_services": list(shown.denied.slugs()),
        "last_verified_on": shown.last_verified_on,
        "fact_sources": dict(shown.fact_sources),
        "source_release_id": shown.source_release_id,
    }


def _position(shown: ResolvedFacility, zips: ZipPlaces) -> dict[str, Any]:
    """Return degrees, unit vector and origin; all empty if not even the ZIP code has a center."""
    point, origin = _point(shown, zips)
    vector = unit_vector(point) if point else (None, None, None)
    return {
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        **dict(zip("xyz", vector, strict=True)),
        "position_origin": origin if point else "",
    }


def _point(shown: ResolvedFacility, zips: ZipPlaces) -> tuple[Point | None, str]:
    center, _, city_of_zip, _ = zips.get(shown.values["zip"], (None, "", "", ""))
    if shown.values["is_address_confidential"]:
        # Not every place that an address names has a ZIP code of its own. The center of the ZIP
        # code would say more than the city.
        state = shown.values["state"]
        named = city_center(shown.values["city"], state, zips)
        return named or city_center(city_of_zip, state, zips), "city"
    if shown.position:
        return Point(*shown.position), shown.position_origin
    return center, "zip"


def city_center(city: str, state: str, zips: ZipPlaces) -> Point | None:
    """Return the mean of the centers of a city's ZIP codes.

    It stands for a confidential address because it says no more than the city's name.
    """
    centers = [
        point
        for point, _, name, within in zips.values()
        if point and within == state and normalize_text(name) == normalize_text(city)
    ]
    if not centers:
        return None
    return Point(
        fmean(point.latitude for point in centers), fmean(point.longitude for point in centers)
    )
