"""The service area: states and counties that an installation's curators look after."""

import pytest

from facilities.checks import check_service_area
from facilities.models import Facility
from facilities.places.service_area import ServiceArea, UnknownServiceArea, read_service_area

from ..support.factories import TODAY, make_facility


class TestArea:
    @pytest.mark.parametrize("name", ["OH", "oh", "Ohio", " ohio "])
    def test_takes_a_state_by_any_name(self, name):
        assert read_service_area([name]) == ServiceArea(states=frozenset({"OH"}))

    @pytest.mark.parametrize(
        ("name", "county"),
        [
            ("Travis County, TX", "48453"),
            ("travis, texas", "48453"),
            ("St. Louis city, MO", "29510"),
            ("Orleans Parish, LA", "22071"),
            ("Adjuntas Municipio, PR", "72001"),
        ],
    )
    def test_takes_a_county_with_its_state(self, name, county):
        assert read_service_area([name]).counties == {county}

    @pytest.mark.parametrize(
        "name", ["Nowhere", "Travis County", "St. Louis, MO", "12207", ", TX", "Travis, Atlantis"]
    )
    def test_refuses_what_it_does_not_know_or_cannot_tell_apart(self, name):
        with pytest.raises(UnknownServiceArea, match="is neither"):
            read_service_area(["OH", name])

    def test_is_the_whole_country_where_nothing_is_named(self):
        assert read_service_area([]).is_everywhere
        assert read_service_area([]).contains("GU", "")

    @pytest.mark.django_db
    def test_finds_the_same_in_sql_as_for_one_at_hand(self):
        for state, fips in [("OH", "39049"), ("TX", "48453"), ("TX", "48001"), ("OK", "")]:
            make_facility(state=state, county_fips=fips)
        area = read_service_area(["OH", "Travis County, TX"])

        found = set(Facility.objects.filter(area.as_q()).values_list("state", "county_fips"))

        assert found == {("OH", "39049"), ("TX", "48453")}
        assert [area.contains(*pair) for pair in [*found, ("TX", "48001"), ("OK", "")]] == [
            True, True, False, False,
        ]  # fmt: skip

    def test_that_is_misspelled_stops_the_start(self, settings):
        settings.SERVICE_AREA = ["OH", "Travis Conty, TX"]

        (error,) = check_service_area(None)

        assert "Travis Conty, TX" in error.msg


@pytest.mark.django_db
class TestListingElsewhere:
    @pytest.fixture(autouse=True)
    def _ohio_alone(self, settings):
        settings.SERVICE_AREA = ["OH"]

    def page_of(self, client, **fields) -> str:
        facility = make_facility(latitude=40.0, longitude=-83.0, **fields)
        return client.get(f"/facility/{facility.slug}/").content.decode()

    def test_says_that_nobody_here_checks_it(self, client):
        make_facility(name="Alder", state="OH", latitude=40.0, longitude=-83.0)

        html = self.page_of(client, state="NY")
        near = html.index('class="nearby"')

        assert "Federal list only, not checked by us" in html[:near]
        assert "Federal list only" not in html[near:]

    def test_still_says_when_it_was_checked_once(self, client):
        html = self.page_of(client, state="NY", last_verified_on=TODAY)

        assert "Last checked by us on" in html
        assert "Federal list only" not in html

    def test_is_marked_in_a_search_too(self, client):
        make_facility(name="Alder", state="OH")
        make_facility(name="Birch", state="NY")

        cards = client.get("/search/").content.decode().split("<article")[1:]

        marked = {"Birch" in card: "Federal list only" in card for card in cards}
        assert marked == {True: True, False: False}
