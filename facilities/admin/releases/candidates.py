"""How far the facilities that an ambiguous row may describe lie from it, in words and on a map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from ...geo import Point, compass_direction, miles_between
from ...maps.static_map import MapMarker, draw_map_around
from ...models import Facility
from ...places.tables import zip_code_table
from ...presenters.card import COMPASS
from ...sources.rows import STREET, FacilityRow, Position

MAP_SIZE = (240, 180)  # pixels
FEET_IN_A_MILE = 5280
SHORT_MILES = 0.2  # nearer than this, feet say more


@dataclass(frozen=True)
class RowPlace:
    """Where a row is: at its address, or somewhere in its ZIP code."""

    point: Point
    is_exact: bool


@dataclass(frozen=True)
class CandidateFacility:
    """A facility that a row may describe, its number on the map, and how far it is."""

    number: int
    facility: Facility
    distance: str


def locate_row(row: FacilityRow, position: Position | None) -> RowPlace | None:
    """Return where the row is by its position, or by its ZIP code; None if neither is known."""
    if position:
        return RowPlace(position.point, position.origin == STREET)
    center = zip_code_table().get(row.zip, (None,))[0]
    return RowPlace(center, is_exact=False) if center else None


def build_candidates(
    place: RowPlace | None, facilities: Sequence[Facility]
) -> list[CandidateFacility]:
    return [
        CandidateFacility(number, facility, distance_words(place, facility))
        for number, facility in enumerate(facilities, start=1)
    ]


def distance_words(place: RowPlace | None, facility: Facility) -> str:
    """Return "120 feet away" or "3.4 miles NW", with "about" unless both positions are exact."""
    if place is None or facility.point is None:
        return gettext("distance not known")
    miles = miles_between(place.point, facility.point)
    toward = COMPASS.get(compass_direction(place.point, facility.point), "")
    if not place.is_exact or facility.is_approximate:
        if miles < SHORT_MILES:
            return gettext("in the same place, as far as ZIP codes tell")
        return gettext("about %(miles).1f miles %(direction)s") % {
            "miles": miles, "direction": toward,
        }  # fmt: skip
    if miles < SHORT_MILES:
        return gettext("%(feet)d feet away") % {"feet": round(miles * FEET_IN_A_MILE, -1)}
    return gettext("%(miles).1f miles %(direction)s") % {"miles": miles, "direction": toward}


def draw_candidates(
    row_number: int,
    place: RowPlace | None,
    candidates: Sequence[CandidateFacility],
    *,
    element: str,
) -> SafeString | str:
    """Return the map of a row, a cross, and its candidates; "" if there is nothing to draw.

    ``element``: begins the ids of the map's parts, of which a page may have many.
    """
    spots = [
        MapMarker(candidate.number, candidate.facility.point, candidate.facility.is_approximate)
        for candidate in candidates
        if candidate.facility.point
    ]
    if place is None or not spots:
        return ""
    drawn = draw_map_around(place.point, spots, np.empty((3, 0)), *MAP_SIZE)
    row = gettext("row %(number)s") % {"number": row_number}
    notes = [gettext("The cross is %(place)s.") % {"place": row}]
    if any(dot.is_approximate for dot in drawn.dots):
        notes.append(gettext("Hollow dots are approximate."))
    if not place.is_exact:
        notes.append(gettext("The cross is at the center of its ZIP code."))
    words = {
        "id": element,
        "title": gettext("Map of row %(number)s and its candidates") % {"number": row_number},
        "caption": " ".join(notes),
        "description": "; ".join(
            f"{candidate.number}: {candidate.distance}" for candidate in candidates
        ),
    }
    context = {"locator": drawn, "locator_words": words}
    # Jinja has escaped it; Django's templates do not know that.
    return mark_safe(render_to_string("facilities/components/map_panel.html", context))
