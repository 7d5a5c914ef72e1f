"""The counts of one pass over all listings, against counting them one by one."""

import random
from datetime import timedelta

import pytest

from facilities.data_quality.listing_counts import (
    AGES,
    CHECKED,
    MISSING,
    POSITIONS,
    count_listings,
    listing_conditions,
)
from facilities.facts.registry import FACTS
from facilities.models import Facility
from facilities.places.service_area import read_service_area
from facilities.rules.criteria import CRITERIA
from facilities.taxonomy import VOCABULARY
from facilities.taxonomy.groups import OPIOID_MEDICATION_ANSWERS, PAYMENTS
from facilities.taxonomy.service_set import union_of_services

from ..support.factories import TODAY, log_changes, make_facility

pytestmark = pytest.mark.django_db

AREA = read_service_area(["NY", "Ohio"])


def make_random_facilities(number: int) -> None:
    seeded = random.Random(11)
    slugs = [service.slug for service in VOCABULARY]
    for _ in range(number):
        place = {"latitude": seeded.choice([None, 40.5]), "longitude": -74.0}
        if place["latitude"]:
            place["position_origin"] = seeded.choice(["street", "zip", "city", "hand"])
        age = seeded.choice([None, *range(85, 370, 5), 90, 91, 180, 181, 365, 366])
        make_facility(
            status=seeded.choice(["listed", "listed", "withdrawn", "hidden"]),
            state=seeded.choice(["NY", "OH", "TX"]),
            services=" ".join(seeded.sample(slugs, seeded.randint(0, 60))),
            phone=seeded.choice(["", "555-555-0142"]),
            website=seeded.choice(["", "https://example.org/"]),
            hours=seeded.choice([{}, {"always": True}]),
            last_verified_on=None if age is None else TODAY - timedelta(days=age),
            **place,
        )


def count_one_by_one(metric: str) -> dict[str, int]:
    facilities = [each for each in Facility.objects.all() if each.status == "listed"]
    facilities = [each for each in facilities if each.state in ("NY", "OH")]
    if metric == POSITIONS:
        kinds = [
            "nowhere" if each.latitude is None else each.position_origin for each in facilities
        ]
        return {
            "the street address": kinds.count("street") + kinds.count("hand"),
            "the center of a ZIP code or city": kinds.count("zip") + kinds.count("city"),
            "nowhere: not on the map": kinds.count("nowhere"),
        }
    if metric == CHECKED:
        days = [
            each.last_verified_on and (TODAY - each.last_verified_on).days for each in facilities
        ]
        edges = [-1, *AGES, 10**6]
        checked = [
            sum(day is not None and low < day <= high for day in days)
            for low, high in zip(edges, edges[1:], strict=False)
        ]
        labels = [str(label) for label, _condition in listing_conditions(TODAY)[CHECKED]]
        return dict(zip(labels, [*checked, days.count(None)], strict=True))
    sets = {
        "Payment accepted": PAYMENTS,
        "Medications for opioid use disorder": OPIOID_MEDICATION_ANSWERS,
    } | {
        str(criterion.title): union_of_services(piece.services for piece in criterion.evidence)
        for criterion in CRITERIA
    }
    lacking = {
        label: sum(each.offered.isdisjoint(services) for each in facilities)
        for label, services in sets.items()
    }
    return lacking | {
        str(fact.label): sum(getattr(each, fact.name) == fact.default for each in facilities)
        for fact in FACTS.values()
        if fact.is_counted_when_missing
    }


class TestCountListings:
    @pytest.mark.parametrize("metric", [CHECKED, MISSING, POSITIONS])
    def test_agrees_with_counting_one_by_one(self, metric):
        make_random_facilities(60)

        total, counts = count_listings(AREA, TODAY)

        labels = [str(label) for label, _condition in listing_conditions(TODAY)[metric]]
        expected = count_one_by_one(metric)
        assert dict(zip(labels, counts[metric], strict=True)) == expected
        assert 0 < total < Facility.objects.count()
        assert len(set(expected.values())) > 1

    def test_is_kept_until_the_data_change(self, django_assert_num_queries):
        make_facility()
        before, _counts = count_listings(AREA, TODAY)
        with django_assert_num_queries(1):  # the version of the data
            count_listings(AREA, TODAY)
        make_facility()
        log_changes()

        assert (before, count_listings(AREA, TODAY)[0]) == (1, 2)
