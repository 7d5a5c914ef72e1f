"""The words that head a search: how many, where, and what distances are counted from."""

from functools import cache

from django.utils.translation import get_language, gettext, ngettext

from ..models import Place
from ..models.place import PlaceKind
from ..places.tables import states as packaged_states
from ..search.query import SearchQuery
from ..search.run import SearchResults
from ..text_normalization import normalize_text


def distance_origin_name(query: SearchQuery) -> str:
    """What distances are counted from, short: "11206", "Columbus", "the middle of Texas"."""
    place = query.area.place
    if place is None:
        return gettext("your location")
    if place.is_area:
        return gettext("the middle of %(place)s") % {"place": place.label(get_language())}
    return place.name


def results_heading(query: SearchQuery, results: SearchResults) -> str:
    """ "12 facilities within 25 miles of 11206 (Brooklyn, NY)"."""
    values = {"count": f"{results.total:,}"} | area_words(query)
    total, where = results.total, query.area
    if where.miles is not None:
        text = ngettext(
            "%(count)s facility within %(miles)s miles of %(place)s",
            "%(count)s facilities within %(miles)s miles of %(place)s",
            total,
        )
    elif where.is_everywhere:
        text = ngettext(
            "%(count)s facility in the whole country",
            "%(count)s facilities in the whole country",
            total,
        )
    else:
        text = ngettext(
            "%(count)s facility in %(place)s", "%(count)s facilities in %(place)s", total
        )
    return text % values


def area_words(query: SearchQuery) -> dict[str, str]:
    where = query.area
    if where.state and (where.place is None or where.state and not where.county_fips):
        place = states_by_code(get_language())[where.state].label(get_language())
    elif where.place is not None:
        place = where.place.label(get_language())
    else:
        place = gettext("your location, near %(city)s, %(state)s") % dict(
            zip(("city", "state"), where.city or ("", ""), strict=True)
        )
    return {"place": place, "miles": str(where.miles)}


@cache
def states_by_code(language: str) -> dict[str, Place]:
    """Postal code -> state or territory, in the order of their names."""
    places = [
        Place(kind=PlaceKind.STATE, name=row.name, name_es=row.name_es, state=row.code)
        for row in packaged_states()
    ]
    ordered = sorted(places, key=lambda place: normalize_text(state_name(place, language)))
    return {place.state: place for place in ordered}


def state_name(state: Place, language: str) -> str:
    """A state's name where nothing else could bear it."""
    return (state.name_es if language == "es" else "") or state.name
