"""Which facilities and organizations the parameters choose; they narrow each other."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ...exports.hsds.identifiers import organization_id, taxonomy_id
from ...exports.hsds.mapping import organization_summary
from ...exports.hsds.terms import services_by_term
from ...geo import Point
from ...models import Change, Facility
from ...models.lookups import offers_any
from ...models.versioned_cache import versioned_cache
from ...places.gazetteer import resolve_place
from ...places.tables import zip_code_table
from ...search.area import SearchArea
from ...search.compile import predicate_as_q
from ...search.keywords import Keywords
from ...taxonomy import ServiceSet
from .parameters import InvalidParameter

METERS_PER_MILE = 1609.344


@dataclass
class Organization:
    """Who operates facilities under one name. ``states`` and ``count``: of those listed."""

    name: str
    count: int = 0
    states: set[str] = field(default_factory=set)

    @cached_property
    def summary(self) -> dict:
        return organization_summary(self.name, self.count, self.states)


def organizations_of(facilities: QuerySet[Facility]) -> dict[str, Organization]:
    """Return name -> organization, in the order of names."""
    by_name: dict[str, Organization] = {}
    for name, state in facilities.order_by("name").values_list("name", "state"):
        organization = by_name.setdefault(name, Organization(name))
        organization.count += 1
        organization.states.add(state)
    return {name: by_name[name] for name in sorted(by_name)}


@versioned_cache(maxsize=1)
def all_organizations() -> Mapping[str, Organization]:
    """Return name -> organization."""
    return organizations_of(Facility.objects.listed())


@versioned_cache(maxsize=1)
def organizations_by_id() -> Mapping[str, Organization]:
    return {organization_id(name): each for name, each in all_organizations().items()}


@versioned_cache(maxsize=1)
def listed_count() -> int:
    return Facility.objects.listed().count()


def select_facilities(chosen: Mapping[str, Any]) -> QuerySet[Facility]:
    """Return the listed facilities that meet all parameters, in order. Raises InvalidParameter."""
    facilities = Facility.objects.listed()
    if words := chosen.get("search"):
        facilities = facilities.filter(predicate_as_q(Keywords(words).predicate))
    for condition in (_term, _taxonomy, _organization, _modified):
        facilities = facilities.filter(condition(chosen))
    return _near(_in_place(facilities, chosen), chosen)


def is_unfiltered(chosen: Mapping[str, Any]) -> bool:
    return not any(chosen.get(name) is not None for name in FILTERS)


FILTERS = (
    "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "postcode",
    "proximity", "place", "lat", "lon", "within_miles",
)  # fmt: skip


def _term(chosen: Mapping[str, Any]) -> Q:
    condition = Q()
    for term in chosen.get("taxonomy_term_id") or ():
        condition &= offers_any(services_by_term()[term])
    return condition


def _taxonomy(chosen: Mapping[str, Any]) -> Q:
    taxonomy = chosen.get("taxonomy_id")
    if not taxonomy:
        return Q()
    return offers_any(ALL_SERVICES) if taxonomy == taxonomy_id() else Q(pk__in=[])


def _organization(chosen: Mapping[str, Any]) -> Q:
    key = chosen.get("organization_id")
    if not key:
        return Q()
    organization = organizations_by_id().get(key)
    return Q(name=organization.name) if organization else Q(pk__in=[])


def _modified(chosen: Mapping[str, Any]) -> Q:
    """What the change log never named was last changed when its file was loaded."""
    moment = chosen.get("modified_after")
    if not moment:
        return Q()
    logged = Change.objects.filter(facility_uuid=OuterRef("uuid"))
    return Q(Exists(logged.filter(revision__made_at__gte=moment))) | Q(
        ~Exists(logged), source_release__loaded_at__gte=moment
    )


def _in_place(facilities: QuerySet[Facility], chosen: Mapping[str, Any]) -> QuerySet[Facility]:
    """States and counties are areas; ZIP codes and cities are points with 25 miles around."""
    if not (written := chosen.get("place")):
        return facilities
    place = resolve_place(written, language="en").place
    if place is None:
        raise InvalidParameter("place", "We do not know this place, or several bear its name.")
    return SearchArea.for_place(place, "").filter_queryset(facilities)


def _near(facilities: QuerySet[Facility], chosen: Mapping[str, Any]) -> QuerySet[Facility]:
    postcode, meters = chosen.get("postcode"), chosen.get("proximity")
    if meters and not postcode:
        raise InvalidParameter("proximity", "Give the postcode too, from whose center it counts.")
    if postcode and not meters:
        # The ZIP code of an address that is kept private is itself private.
        facilities = facilities.filter(zip=postcode, is_address_confidential=False)
    if postcode and meters:
        center = zip_code_table().get(postcode, (None,))[0]
        if center is None:
            raise InvalidParameter("postcode", "We do not know where this ZIP code is.")
        facilities = facilities.within(center, meters / METERS_PER_MILE).by_distance(center)
    position = [chosen.get(name) for name in ("lat", "lon", "within_miles")]
    if any(value is not None for value in position):
        if None in position:
            raise InvalidParameter("lat", "Give lat, lon and within_miles together.")
        latitude, longitude, miles = position
        point = Point(round(latitude, 2), round(longitude, 2))
        return facilities.within(point, miles).by_distance(point)
    return facilities if postcode and meters else facilities.order_by("pk")


def select_organizations(chosen: Mapping[str, Any]) -> list[Organization]:
    """Return organizations by name; what one offers are the services of its facilities."""
    whole = all_organizations()
    if is_unfiltered(chosen):
        return [*whole.values()]
    matching = organizations_of(select_facilities(chosen).order_by())
    return [whole.get(name, organization) for name, organization in matching.items()]


def facilities_by_organization(names: list[str]) -> dict[str, list[int]]:
    """Return name -> keys of the listed facilities under it."""
    found: dict[str, list[int]] = defaultdict(list)
    listed = Facility.objects.listed().filter(name__in=names).order_by("pk")
    for name, key in listed.values_list("name", "pk"):
        found[name].append(key)
    return found


ALL_SERVICES = ServiceSet.of(
    *(slug for services in services_by_term().values() for slug in services)
)
