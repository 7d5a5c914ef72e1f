"""What cards say of a long way to a daily medication."""

import pytest
from django.http import QueryDict

from facilities.search import FacilityFilterSet
from facilities.search.explain import explain_position, methadone_travel_warning

from ..support.factories import make_facility

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chosen", "miles", "there_and_back"),
    [
        ("medication=methadone", 42, "84 miles"),
        ("starts=start-methadone", 42, "84 miles"),
        ("medication=methadone", 30, ""),
        ("medication=methadone", None, ""),
        ("medication=buprenorphine", 42, ""),
        ("medication=methadone&medication=buprenorphine", 42, ""),
        ("", 42, ""),
    ],
)
def test_tells_the_way_to_methadone_beyond_30_miles(chosen, miles, there_and_back):
    both = make_facility(
        services="methadone buprenorphine methadone-maintenance buprenorphine-maintenance"
    )
    query = FacilityFilterSet(QueryDict(chosen)).query

    said = methadone_travel_warning(both, query, miles)

    assert there_and_back in said
    assert bool(said) == bool(there_and_back)


def test_counts_only_the_medications_that_the_place_gives():
    query = FacilityFilterSet(QueryDict("medication=methadone&medication=buprenorphine")).query

    assert "200 miles" in methadone_travel_warning(make_facility(services="methadone"), query, 100)


@pytest.mark.parametrize(("origin", "is_approximate"), [("zip", True), ("street", False)])
def test_a_distance_to_the_center_of_a_zip_code_says_so(origin, is_approximate):
    facility = make_facility(position_origin=origin, latitude=40.7, longitude=-73.94)
    order = FacilityFilterSet(QueryDict("place=11206")).query.sort_order

    (said,) = explain_position(facility, order, 0.4)

    assert ("about 0.4 miles, to the center" in said) is is_approximate
