"""When little is found: every offered count is that of the real search, and some things stay."""

import pytest
from django.http import QueryDict

from facilities.search import FacilityFilterSet
from facilities.search.run import match_facilities, search
from facilities.search.suggestions import (
    find_nearest,
    find_nearest_of_each,
    suggest_changes,
)

from ..support.factories import log_changes, make_facility
from ..support.html import Page

pytestmark = pytest.mark.django_db


def question(query: str):
    filterset = FacilityFilterSet(QueryDict(query.removeprefix("?")))
    assert filterset.query, filterset.errors
    return filterset.query


@pytest.fixture
def few(db):
    near = {"city": "Brooklyn", "state": "NY", "zip": "11206", "latitude": 40.7}
    make_facility(name="Near", longitude=-73.94, services="outpatient regular-outpatient", **near)
    make_facility(
        name="Far", city="Buffalo", state="NY", zip="14201", latitude=42.9, longitude=-78.9,
        services="regular-outpatient telehealth medicaid opioid-detox residential-detox",
    )  # fmt: skip
    make_facility(name="Starts", longitude=-73.95, services="prescribes-buprenorphine", **near)
    log_changes()


def words(query: str) -> list[str]:
    asked = question(query)
    return [change.label for change in suggest_changes(asked, match_facilities(asked))]


TELEHEALTH = "Therapy by phone or video, anywhere in the state"


class TestWords:
    def test_relaxing_payment_says_that_it_is_not_listed(self, few):
        assert "Medicaid not listed: ask how you could pay" in words("place=11206&payment=medicaid")

    def test_telehealth_is_offered_for_outpatient_care(self, few):
        assert TELEHEALTH in words("place=11206&setting=regular-outpatient&payment=medicaid")

    def test_a_name_is_looked_for_in_the_whole_country(self, few):
        make_facility(name="Hazelden", state="MN", latitude=45.4, longitude=-92.8)
        log_changes()

        assert "In the whole country" in words("place=11206&q=hazelden")
        assert "In the whole country" not in words("place=11206&payment=tricare")

    @pytest.mark.parametrize(
        "query", ["substance=opioid-detox", "setting=overnight-detox", "medication=methadone"]
    )
    def test_telehealth_is_never_offered_for_detox_residence_or_methadone(self, few, query):
        assert TELEHEALTH not in words(f"place=11206&{query}")


class TestNearest:
    def test_meets_everything_and_tells_its_miles(self, few):
        found = find_nearest(question("place=11206&payment=medicaid"))
        assert found.facility.name == "Far"
        assert found.miles == pytest.approx(294, abs=6)  # Brooklyn to Buffalo

    def test_without_a_position_is_passed_over(self, few):
        make_facility(name="Nowhere", services="tricare")
        make_facility(
            name="Hartford", state="CT", latitude=41.8, longitude=-72.7, services="tricare"
        )
        make_facility(
            name="Fresno", state="CA", latitude=36.7, longitude=-119.8, services="tricare"
        )

        assert find_nearest(question("place=11206&payment=tricare")).facility.name == "Hartford"

    def test_mainly_for_veterans_comes_with_the_nearest_other(self, few):
        for name, longitude, services in (
            ("Veterans", -72.7, "tricare veterans-affairs"),
            ("Everybody", -71.0, "tricare"),
            ("Farther", -70.0, "tricare"),
        ):
            make_facility(name=name, latitude=41.8, longitude=longitude, services=services)
        log_changes()
        found = find_nearest_of_each(question("place=11206&payment=tricare"))

        assert [match.facility.name for match in found] == ["Veterans", "Everybody"]

    def test_is_none_where_nothing_in_the_country_fits(self, few):
        assert find_nearest(question("place=11206&language=hmong")) is None


class TestPage:
    def test_every_opioid_detox_search_offers_medication_with_its_count(self, client, few):
        page = Page(client.get("/search/?place=11206&substance=opioid-detox"))
        [address] = page.links(".alternative a")
        assert "starts=start-buprenorphine" in address
        assert "substance" not in address
        assert page.texts(".alternative span")[0].startswith("1 ")

    def test_the_nearest_is_one_click_away(self, client, few):
        page = Page(client.get("/search/?place=11206&within=5&payment=medicaid"))
        assert "The nearest that fits everything:" in page.text
        assert page.all('a[href^="/facility/far-buffalo-ny-"]')


class TestStarting:
    def test_never_counts_a_medication_given_during_detox_only(self, few):
        near = {"city": "Brooklyn", "state": "NY", "zip": "11206", "latitude": 40.7}
        make_facility(longitude=-73.94, services="buprenorphine-detox", **near)
        make_facility(
            longitude=-73.94, services="buprenorphine-detox methadone-maintenance", **near
        )
        make_facility(
            longitude=-73.94, services="prescribes-buprenorphine buprenorphine-not-allowed", **near
        )
        asked = question("place=11206&starts=start-buprenorphine")
        assert search(asked).total == 2  # "Starts", and the one that keeps people on methadone
