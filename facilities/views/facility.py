"""A facility's own page."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from ..curation.closure_suspicion import closure_suspicion
from ..curation.disputes import disputed_facts, disputed_provenance
from ..curation.listing_doubts import listing_doubts, read_listing_evidence
from ..curation.self_service.availability import availability_sentences
from ..facts.provenance import (
    ProvenanceNote,
    credential_source,
    listing_provenance,
    provenance_by_fact,
    source_notes,
)
from ..facts.registry import FACTS, FactSection
from ..geo import Point, miles_between
from ..models import Conflict, Credential, Facility, Verification
from ..models.keyed_query import KeyedQuery
from ..models.querysets import LONG_RELEASE_FIELDS
from ..places.nearest import city_named, nearest_city
from ..presenters.card import Card, build_card, describe_distance
from ..presenters.closure_notice import closure_notice
from ..presenters.facility_sections import facility_sections
from ..presenters.key_facts import dated_source, key_facts
from ..presenters.plain_text import facility_plain_text
from ..presenters.source_disagreements import source_disagreements
from ..presenters.structured_data import facility_json_ld, facility_meta_description
from ..rules.inconsistencies import inconsistency_questions
from ..rules.medications import (
    ACCEPTS_EXTERNAL_PRESCRIPTION,
    INPUT_SERVICES,
    MEDICATIONS,
    STATUS_LABELS,
)
from ..search.similar import (
    CareKind,
    SimilarFacilities,
    groups_taken_exclusively,
    similar_facilities,
)
from ..taxonomy import VOCABULARY, ServiceSet
from ..web.context_processors import is_curated_here
from ..web.decorators import with_listed_facility
from .carried_search import read_carried_search
from .map_panel import facility_map_panel

NEARBY = 5
NEARBY_MILES = 50
LEAST_MILES_TO_TELL = 1
LARGE_CITY = 100_000  # people
MANY_ANSWERS = 90  # on paper they are set smaller, so that one sheet holds them

CHECKS = KeyedQuery(int, lambda keys: Verification.objects.standing().filter(facility__in=keys))
CREDENTIALS = KeyedQuery(
    int,
    lambda keys: (
        Credential.objects.confirmed().filter(facility__in=keys).order_by("kind", "issuer", "pk")
    ),
)


@require_safe
@with_listed_facility
def facility(request, found: Facility) -> HttpResponse:
    results = results_address(request)
    search = read_carried_search(QueryDict(urlsplit(results).query))
    context = facility_context(request, found) | {
        "results_address": results,
        "call_sheet": search.add_to(reverse("facilities:call_sheet", args=[(found.code,)])),
    }
    return render(request, "facilities/facility/page.html", context)


def conflicts_of(facility: Facility) -> QuerySet[Conflict]:
    releases = (f"release__{name}" for name in LONG_RELEASE_FIELDS)
    return facility.conflicts.select_related("release").defer(*releases).order_by("fact")


def suspended_numbers(facility: Facility) -> list[str]:
    return list(facility.suspended_numbers.standing().values_list("number", flat=True))


def results_address(request) -> str:
    """Return the search on this site that the visitor comes from; "" for any other way in."""
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    is_ours = came_from.netloc == request.get_host()
    searches = {reverse("facilities:search"), reverse("facilities:map")}
    if not is_ours or came_from.path not in searches:
        return ""
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def facility_context(request, found: Facility) -> dict:
    language, today = get_language(), timezone.localdate()
    similar = similar_facilities(found, miles=NEARBY_MILES, most=NEARBY)
    others = similar.facilities
    statements = read_listing_evidence(each.pk for each in (found, *others))
    in_doubt = listing_doubts([found, *others], today, statements)
    disputed = disputed_facts(statements).get(found.pk, {})
    standing = CHECKS.objects([found.pk])
    checks = disputed_provenance(
        {**source_notes(found.fact_sources), **provenance_by_fact(standing, today)}, disputed
    )
    own = build_card(
        found, miles=None, origin=None, near="", language=language,
        doubt=in_doubt.get(found.pk, ""), is_ours=is_curated_here(found),
        available=availability_sentences([found], timezone.now()).get(found.pk, ""),
    )  # fmt: skip
    facts, phones = [*key_facts(found, checks, language)], [*other_phones(found)]
    source = dated_source(found, is_ours=is_curated_here(found))
    address = request.build_absolute_uri(request.path)
    return {
        "facility": found,
        "codes": (found.code,),
        "card": own,
        "closing": closure_notice(found, standing),
        "suspicion": closure_suspicion(
            [each for each in statements if each.facility == found.pk], today
        ),
        "key_facts": facts,
        "source": source,
        "intake_phones": phones,
        "plain_text": facility_plain_text(own, facts, phones, source, address),
        "checks": checks,
        "stated": listing_provenance(found),
        "admission": [*admission_facts(found, checks)],
        "sections": [*facility_sections(found.offered, found.denied, language)],
        "has_many_answers": len(found.offered) > MANY_ANSWERS,
        "credentials": sorted(
            [
                (credential, credential.is_current(today), credential_source(credential))
                for credential in CREDENTIALS.objects([found.pk] if found.has_credentials else [])
            ],
            key=lambda pair: not pair[1],
        ),
        "doubts": (
            *inconsistency_questions(found.offered, language),
            *source_disagreements(
                found,
                conflicts_of(found) if found.has_conflicts else (),
                {check.fact for check in standing},
                language,
                suspended=suspended_numbers(found) if found.has_conflicts else (),
            ),
        ),
        "continuity": [*medication_lines(found.offered, language)],
        "tells_continuity": bool(found.offered & INPUT_SERVICES),
        "accepts": bool(found.offered & ACCEPTS_EXTERNAL_PRESCRIPTION),
        "whereabouts": directions_from_town(found),
        "nearby": nearby_context(found, similar, in_doubt, language) if found.point else None,
        "description": facility_meta_description(found, language),
        "structured": facility_json_ld(found, address),
        **facility_map_panel(found, others),
    }


def directions_from_town(found: Facility) -> str:
    """Say the way from the town of the address to a place outside of it.

    Return "" where it would orient nobody: in or near the town, in a large city, which has no
    center that people know, and if the position is not that of the address.
    """
    if found.point is None or found.is_approximate or found.is_address_confidential:
        return ""
    city = city_named(found.city, found.state) or nearest_city(found.point)
    town = Point(city.latitude, city.longitude)
    miles = miles_between(town, found.point)
    if miles < LEAST_MILES_TO_TELL or city.population >= LARGE_CITY:
        return ""
    near = gettext("the center of %(city)s, %(state)s") % {"city": city.name, "state": city.state}
    return describe_distance(found, miles, town, near)


def other_phones(found: Facility) -> Iterator[dict]:
    """Leave out a number that the page already calls, with its extension."""
    for intake in found.intake_phones:
        is_same = intake["number"] == found.phone
        if not is_same or intake["extension"] not in ("", found.phone_extension):
            yield intake


def medication_lines(offered: ServiceSet, language: str) -> Iterator[tuple[str, str]]:
    """Yield (medication, what is said of starting and continuing it)."""
    for medication in MEDICATIONS:
        said = ", ".join(str(STATUS_LABELS[answer]) for answer in medication.statuses(offered))
        yield VOCABULARY[medication.slug].label(language), said


def admission_facts(found: Facility, checks: Mapping[str, ProvenanceNote]) -> Iterator[dict]:
    for fact in FACTS.values():
        is_listed = fact.section == FactSection.ADMISSION and not fact.is_placed_by_template
        if is_listed and (value := getattr(found, fact.name)):
            words = fact.display(value)
            yield {"label": fact.label, "words": words, "checked": checks.get(fact.name)}


def nearby_context(
    found: Facility, similar: SimilarFacilities, in_doubt: Mapping[int, str], language: str
) -> dict:
    parameters = [("place", place_to_search(found))]
    if similar.kind:
        parameters.append(similar.kind.parameter)
    cards = [nearby_card(found, other, in_doubt, language) for other in similar.facilities]
    return {
        "cards": cards,
        "sources": [*dict.fromkeys(card.short_source for card in cards)],
        "kind": describe_care_kind(found, similar.kind),
        "lacking": describe_care_kind(found, similar.lacking),
        "miles": NEARBY_MILES,
        "search": urlencode(parameters),
    }


def describe_care_kind(found: Facility, kind: CareKind | None) -> str:
    """Name the kind of care and the people it is only for: "live-in treatment, for women"."""
    if kind is None:
        return ""
    people = (str(words) for _services, words in groups_taken_exclusively(found.offered))
    return ", ".join([str(kind.label), *people])


def place_to_search(found: Facility) -> str:
    """Return where a search around a facility starts; for a private address, its city."""
    return f"{found.city}, {found.state}" if found.is_address_confidential else found.zip


def nearby_card(
    found: Facility, other: Facility, in_doubt: Mapping[int, str], language: str
) -> Card:
    miles = miles_between(found.point, other.point)
    shown = build_card(
        other, miles=miles, origin=found.point, near=distance_point_name(found), language=language,
        doubt=in_doubt.get(other.pk, ""), is_ours=is_curated_here(other),
    )  # fmt: skip
    if found.street and (found.street, found.zip) == (other.street, other.zip):
        return replace(shown, distance=gettext("at the same address"))
    return shown


def distance_point_name(found: Facility) -> str:
    """Name the point that distances are measured from: its door, ZIP code or city."""
    if found.position_origin == Facility.PositionOrigin.ZIP:
        return gettext("the center of ZIP code %(zip)s") % {"zip": found.zip}
    if found.is_approximate:
        city = {"city": found.city, "state": found.state}
        return gettext("the center of %(city)s, %(state)s") % city
    return gettext("here")
