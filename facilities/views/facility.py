"""A facility's own page."""

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from ..cards import Card, card, distance
from ..continuity import ACCEPTS, MEDICATIONS, WORDS
from ..doubts import doubts
from ..geo import Point, miles_between
from ..models import Facility
from ..models.facility import CODE_LENGTH
from ..places.nearest import nearest_city
from ..profile import sections
from ..structured import described
from ..vocabulary import VOCABULARY, ServiceSet

NEARBY = 5
NEARBY_MILES = 50


@require_safe
def facility(request, slug: str) -> HttpResponse:
    """Only the code at the end of the address counts; other words lead to the right ones."""
    found = Facility.objects.for_page().filter(code=slug[-CODE_LENGTH:].lower()).first()
    if found is None or found.status == Facility.Status.DRAFT:
        raise Http404
    if found.merged_into_id:
        return redirect("facility", slug=found.merged_into.slug, permanent=True)
    if found.status == Facility.Status.HIDDEN:
        return render(request, "facilities/gone.html", status=410)
    if slug != found.slug:
        return redirect("facility", slug=found.slug, permanent=True)
    return render(request, "facilities/facility.html", page(request, found))


def page(request, found: Facility) -> dict:
    """What the template shows."""
    language = get_language()
    own = card(found, miles=None, origin=None, near="", language=language)
    return {
        "facility": found,
        "codes": (found.code,),
        "card": own,
        "sections": [*sections(found.offered, found.denied)],
        "credentials": [*found.credentials.order_by("kind", "body", "pk")],
        "doubts": doubts(found.offered, language),
        "continuity": [*medication_lines(found.offered, language)],
        "accepts": bool(found.offered & ACCEPTS),
        "whereabouts": whereabouts(found),
        "nearby": [*nearby(found, language)],
        "structured": described(found, request.build_absolute_uri(request.path)),
    }


def whereabouts(found: Facility) -> str:
    """Directions in words, from the nearest town; nothing of a confidential address."""
    if found.point is None or found.is_address_confidential:
        return ""
    city = nearest_city(found.point)
    town = Point(city.latitude, city.longitude)
    miles = miles_between(town, found.point)
    near = gettext("the center of %(city)s, %(state)s") % {"city": city.name, "state": city.state}
    return distance(found, miles, town, near)


def medication_lines(offered: ServiceSet, language: str) -> Iterator[tuple[str, str]]:
    """(medication, what is said of starting and continuing it)."""
    for medication in MEDICATIONS:
        said = ", ".join(str(WORDS[answer]) for answer in medication.answers(offered))
        yield VOCABULARY[medication.slug].label(language), said


def nearby(found: Facility, language: str) -> Iterator[Card]:
    """The nearest other listings, for when this one cannot help."""
    if found.point is None:
        return
    others = Facility.objects.listed().within(found.point, NEARBY_MILES).exclude(pk=found.pk)
    for other in others.by_distance(found.point).for_cards()[:NEARBY]:
        miles = miles_between(found.point, other.point)
        yield card(other, miles=miles, origin=found.point, near=gettext("here"), language=language)
