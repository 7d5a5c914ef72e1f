"""The conditions that listings are counted by, and their counts, in one pass over all listings."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..facts.registry import FACTS
from ..models import Facility
from ..models.lookups import offers_any
from ..models.versioned_cache import versioned_cache
from ..places.service_area import ServiceArea
from ..rules.criteria import CRITERIA
from ..taxonomy.groups import OPIOID_MEDICATION_ANSWERS, PAYMENTS
from ..taxonomy.service_set import union_of_services

AGES = (90, 180, 365)  # days
CHECKED, MISSING, POSITIONS = "checked", "missing", "positions"
Conditions = list[tuple[str | Promise, Q]]


def listing_conditions(today: date) -> dict[str, Conditions]:
    """Return the conditions of each metric, with their labels, in the order of its bars."""
    return {
        CHECKED: _ages_of_checks(today),
        MISSING: _missing_facts(),
        POSITIONS: _precisions_of_positions(),
    }


@versioned_cache(maxsize=1)
def count_all_listings() -> int:
    return Facility.objects.listed().count()


@versioned_cache(maxsize=2)
def count_listings(area: ServiceArea, today: date) -> tuple[int, Mapping[str, tuple[int, ...]]]:
    """Return how many listings the area has, and metric -> how many each condition holds for."""
    by_metric = listing_conditions(today)
    counts = {
        f"{metric}_{number}": Count("pk", filter=condition)
        for metric, conditions in by_metric.items()
        for number, (_label, condition) in enumerate(conditions)
    }
    found = Facility.objects.listed().filter(area.as_q()).aggregate(total=Count("pk"), **counts)
    return found["total"], {
        metric: tuple(found[f"{metric}_{number}"] for number in range(len(conditions)))
        for metric, conditions in by_metric.items()
    }


def _ages_of_checks(today: date) -> Conditions:
    edges = [today - timedelta(days=days) for days in AGES]
    day = "last_verified_on"
    return [
        (_("in the last 90 days"), Q(**{f"{day}__gte": edges[0]})),
        (_("91 to 180 days ago"), Q(**{f"{day}__gte": edges[1], f"{day}__lt": edges[0]})),
        (_("181 days to a year ago"), Q(**{f"{day}__gte": edges[2], f"{day}__lt": edges[1]})),
        (_("more than a year ago"), Q(**{f"{day}__lt": edges[2]})),
        (_("never by us"), Q(**{f"{day}__isnull": True})),
    ]


def _missing_facts() -> Conditions:
    return [
        *_unreported(is_stated=True),
        (_("Payment accepted"), ~offers_any(PAYMENTS)),
        (_("Medications for opioid use disorder"), ~offers_any(OPIOID_MEDICATION_ANSWERS)),
        *_unreported(is_stated=False),
        *(
            (
                criterion.title,
                ~offers_any(union_of_services(piece.services for piece in criterion.evidence)),
            )
            for criterion in CRITERIA
        ),
    ]


def _unreported(*, is_stated: bool) -> Conditions:
    return [
        (fact.label, Q(**{fact.name: fact.default}))
        for fact in FACTS.values()
        if fact.is_counted_when_missing and fact.is_stated_by_files == is_stated
    ]


def _precisions_of_positions() -> Conditions:
    origins = Facility.PositionOrigin
    approximate = Q(position_origin__in=(origins.ZIP, origins.CITY))
    nowhere = Q(latitude__isnull=True)
    return [
        (_("the street address"), ~approximate & ~nowhere),
        (_("the center of a ZIP code or city"), approximate & ~nowhere),
        (_("nowhere: not on the map"), nowhere),
    ]
