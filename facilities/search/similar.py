"""Other facilities that give the same kind of care, for when one cannot help."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..geo import Point
from ..models import Facility
from ..rules.predicates import AnyOf
from ..taxonomy import ServiceSet, service_set
from ..taxonomy.groups import AGES, LIVE_IN, OUTPATIENT_CARE, OVERNIGHT, RECOVERY_HOME, SEXES
from .area import SearchArea
from .bits import Bits
from .candidates import candidates_in
from .compile import predicate_as_bits, sort_slots
from .index import Candidates
from .sort_keys import DistanceKey


@dataclass(frozen=True)
class CareKind:
    """A kind of care; ``parameter`` is what a search for it asks: (filter, option)."""

    label: str | Promise
    services: ServiceSet
    parameter: tuple[str, str]


HOSPITAL_DETOX = CareKind(
    _("detox in a hospital"), service_set("hospital-detox"), ("setting", "overnight-detox")
)
# The first that a facility offers is what it is chosen for: the rest can be had elsewhere sooner.
CARE_KINDS = (
    HOSPITAL_DETOX,
    CareKind(_("overnight detox"), OVERNIGHT, ("setting", "overnight-detox")),
    CareKind(
        _("treatment during a hospital stay"),
        service_set("hospital-inpatient hospital-treatment"),
        ("setting", "hospital-inpatient"),
    ),
    CareKind(_("live-in treatment"), LIVE_IN, ("setting", "long-term-residential")),
    CareKind(_("recovery housing"), RECOVERY_HOME, ("setting", "recovery-housing")),
    CareKind(
        _("methadone treatment"),
        service_set("opioid-treatment-program methadone-maintenance"),
        ("medication", "methadone"),
    ),
    CareKind(_("outpatient care"), OUTPATIENT_CARE, ("setting", "regular-outpatient")),
)
# Whom a facility takes and nobody else: another that does not take them is no choice.
ONLY_TAKEN = (
    (SEXES, service_set("women"), _("for women")),
    (SEXES, service_set("men"), _("for men")),
    (AGES, service_set("children"), _("for children and teens")),
)


@dataclass(frozen=True)
class SimilarFacilities:
    """Facilities of one ``kind``, nearest first; ``lacking`` is a better kind that none has.

    ``kind`` is None where the facility reports none: then they are of any kind.
    """

    facilities: list[Facility]
    kind: CareKind | None
    lacking: CareKind | None = None


def care_kinds(offered: ServiceSet) -> list[CareKind]:
    """Return what the facility is chosen for, and what stands in for it if no other has it.

    Detox in a hospital gives way to overnight detox; nothing else gives way.
    """
    reported = [kind for kind in CARE_KINDS if offered & kind.services]
    return reported[: 2 if HOSPITAL_DETOX in reported else 1]


def groups_taken_exclusively(offered: ServiceSet) -> list[tuple[ServiceSet, str | Promise]]:
    """Return (services, words) for each group of people that alone is taken."""
    return [(only, words) for group, only, words in ONLY_TAKEN if offered & group == only]


def similar_facilities(
    facility: Facility, *, miles: int, most: int, without: Collection[int] = ()
) -> SimilarFacilities:
    """Return up to ``most`` facilities within ``miles`` of the same kind for the same people.

    ``without``: keys of facilities to leave out. Return none if its position is unknown.
    """
    kinds = care_kinds(facility.offered)
    if facility.point is None:
        return SimilarFacilities([], kinds[0] if kinds else None)
    near = candidates_in(SearchArea(point=facility.point, miles=miles))
    excluded = {facility.pk, *without}
    if not kinds:
        return SimilarFacilities(_nearest(near, near.inside, facility.point, most, excluded), None)
    people = [
        predicate_as_bits(AnyOf(only), near)
        for only, _words in groups_taken_exclusively(facility.offered)
    ]
    others = reduce(and_, people, near.inside)
    for kind in kinds:
        alike = others & predicate_as_bits(AnyOf(kind.services), near)
        if found := _nearest(near, alike, facility.point, most, excluded):
            return SimilarFacilities(found, kind, None if kind is kinds[0] else kinds[0])
    return SimilarFacilities([], kinds[0])


def _nearest(
    candidates: Candidates, selected: Bits, point: Point, most: int, excluded: Collection[int]
) -> list[Facility]:
    slots = sort_slots(candidates, selected, [DistanceKey(point)], most + len(excluded))
    keys = [key for key in candidates.ids(slots).tolist() if key not in excluded][:most]
    found = candidates.records.find(keys)
    return [found[key] for key in keys if key in found]
