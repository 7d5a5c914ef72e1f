"""The list of an area to print: for shelters, jails and libraries."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..models import Facility
from ..models.place import Place, PlaceKind
from ..places.area_slugs import area_slug, city_codes, find_area
from ..presenters.area_list import area_sections
from ..search.suggestions import FEW_RESULTS

# Four printed pages hold so many; of a larger area its parts are listed instead.
MOST_LISTED = 170


@dataclass(frozen=True)
class AreaPart:
    """A county of a state or a city of a county, with its list; "" where it has none."""

    name: str
    count: int
    address: str


@require_safe
def area(request: HttpRequest, slug: str) -> HttpResponse:
    place = find_area(slug)
    if place is None:
        raise Http404
    language = get_language()
    facilities = facilities_in_place(place)
    total = facilities.count()
    parts = [*area_parts(place, language)] if total > MOST_LISTED else []
    listed = [] if parts else facilities.for_cards().order_by("name_key", "pk")
    label = place.label(language)
    context = {
        "place": place,
        "label": label,
        "total": total,
        "is_little_found": total < FEW_RESULTS,
        "sections": area_sections(listed, language),
        "parts": parts,
        "today": timezone.localdate(),
        "search": f"{reverse('facilities:search')}?{urlencode({'place': label})}",
    }
    return render(request, "facilities/area/page.html", context)


def facilities_in_place(place: Place) -> QuerySet[Facility]:
    """Return what is listed in the bounds of a place, however far from its center."""
    listed = Facility.objects.listed()
    if place.kind == PlaceKind.STATE:
        return listed.in_state(place.state)
    if place.kind == PlaceKind.COUNTY:
        return listed.in_county(place.state, place.county_fips)
    of_city = listed.in_state(place.state).filter(city__iexact=place.name)
    return of_city.filter(county_fips=place.county_fips) if place.detail else of_city


def area_parts(place: Place, language: str) -> Iterator[AreaPart]:
    """Yield the counties of a state, or the cities of a county; a city has no parts."""
    if place.kind == PlaceKind.CITY:
        return
    field = "county_fips" if place.kind == PlaceKind.STATE else "city"
    counts = dict(
        facilities_in_place(place).values_list(field).annotate(Count("pk")).order_by(field)
    )
    codes = {
        name: (f"county:{name}",)
        if field == "county_fips"
        else city_codes(place.state, name, place.county_fips)
        for name in counts
    }
    places = Place.objects.in_bulk(chain.from_iterable(codes.values()))
    parts = {
        name: next((places[code] for code in codes[name] if code in places), None) for name in codes
    }
    for name, count in sorted(counts.items(), key=lambda pair: _order(parts[pair[0]], pair[0])):
        part = parts[name]
        address = reverse("facilities:area", args=[area_slug(part)]) if part else ""
        yield AreaPart(part.label(language) if part else name, count, address)


def _order(part: Place | None, name: str) -> tuple[bool, str]:
    return part is None, part.key if part else name
