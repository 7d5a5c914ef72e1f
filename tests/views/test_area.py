"""The list of an area to print: what is there by kind of care, with phone numbers and dates."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import Facility, Place
from facilities.places.area_slugs import area_slug, find_area
from facilities.views.area import MOST_LISTED

from ..support.factories import log_changes, make_facility, make_release
from ..support.html import Page

pytestmark = pytest.mark.django_db
ALBANY = {"city": "Albany", "state": "NY", "zip": "12207", "county_fips": "36001"}


@pytest.fixture
def county():
    release = make_release()
    for name, services in (
        ("Alder House", "residential-detox methadone medicaid"),
        ("Birch House", "regular-outpatient women"),
        ("Cedar House", ""),
    ):
        make_facility(name=name, services=services, source_release=release, phone="518-555-0101",
                      street="1 Main Street", **ALBANY)  # fmt: skip
    make_facility(name="Elsewhere", city="Troy", state="NY", zip="12180", county_fips="36083")
    log_changes()


class TestList:
    def test_is_by_kind_of_care(self, client, county):
        page = Page(client.get("/area/albany-county-ny/"))

        assert page.texts("h1") == ["Treatment for drug or alcohol use in Albany County, NY"]
        assert page.texts("h2") == [
            "Overnight detox (1)",
            "Outpatient (1)",
            "Kind of care not reported (1)",
            "If no place takes you today",
        ]
        alder, birch, cedar = page.texts(".entries li")
        assert alder.startswith("Alder House 518-555-0101 1 Main Street, Albany, NY 12207")
        assert "Methadone; Medicaid" in alder
        assert "Women only" in birch
        assert "Elsewhere" not in page.text

    def test_is_dated(self, client, county):
        dated = Page(client.get("/area/albany-ny/")).text

        assert "3 places, as of" in dated
        assert "SAMHSA National Directory 2023, published on Dec. 31, 2023" in dated

    def test_is_there_in_spanish(self, client, county):
        page = Page(client.get("/es/area/albany-county-ny/"))

        assert page.language == "es"
        assert "Desintoxicación" in page.texts("h2")[0]

    def test_of_a_large_area_leads_to_its_parts(self, client):
        for number in range(MOST_LISTED + 1):
            make_facility(name=f"House {number}", **ALBANY)
        page = Page(client.get("/area/new-york/"))

        assert page.texts(".entries li") == []
        assert page.texts(".area-parts li") == [f"Albany County, NY ({MOST_LISTED + 1})"]
        assert page.links(".area-parts a") == ["/area/albany-county-ny/"]

    def test_tells_two_cities_of_one_name_apart(self, client):
        """Maryland has two places called Bel Air, in Allegany and in Harford County."""
        harford = {"city": "Bel Air", "state": "MD", "zip": "21014", "county_fips": "24025"}
        for number in range(MOST_LISTED + 1):
            make_facility(name=f"House {number}", **harford)
        make_facility(name="Far House", **harford | {"zip": "21502", "county_fips": "24001"})
        county = Page(client.get("/area/harford-county-md/"))

        assert county.texts(".area-parts li") == [
            f"Bel Air, MD (Harford County) ({MOST_LISTED + 1})"
        ]
        assert county.links(".area-parts a") == ["/area/bel-air-md-harford-county/"]
        assert "Far House" in Page(client.get("/area/bel-air-md-allegany-county/")).text
        assert Page(client.get("/area/bel-air-md-harford-county/")).texts(".entries li") != []

    def test_holds_nothing_of_a_confidential_address(self, client, county):
        Facility.objects.update(is_address_confidential=True, street="")
        text = client.get("/area/albany-county-ny/").content.decode()

        assert "street address kept private" in text
        assert "12207" not in text

    def test_of_nowhere_is_not_found(self, client):
        assert client.get("/area/nowhere-zz/").status_code == 404

    def test_of_a_place_without_listings_is_in_no_index(self, client):
        response = client.get("/area/albany-county-ny/")

        assert response.status_code == 200
        assert b"noindex" in response.content

    def test_takes_few_queries(self, client, county):
        client.get("/area/albany-county-ny/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/area/albany-county-ny/")

        # states, counties and cities, the number, the facilities, the newest release
        assert len(queries) == 5

    def test_is_linked_from_the_search(self, client, county):
        links = Page(client.get("/search/?place=Albany+County%2C+NY")).links()

        assert "/area/albany-county-ny/" in links
        by_zip = client.get("/search/?place=12207").content.decode()
        assert "/area/" not in by_zip


class TestSlug:
    def test_leads_back_to_its_place(self):
        places = Place.objects.exclude(kind="zip").order_by("code")
        sample = [*places.filter(kind="state"), *places.exclude(kind="state")[::400]]
        found = {place.label("en"): find_area(area_slug(place)) for place in sample}

        assert [name for name, place in found.items() if place is None or area_slug(place) not in {
            area_slug(each) for each in sample}] == []  # fmt: skip
        wrong = [place for place in sample if found[place.label("en")].state != place.state]
        assert wrong == []

    @pytest.mark.parametrize(
        ("slug", "code"),
        [
            ("texas", "state:TX"),
            ("travis-county-tx", "county:48453"),
            ("austin-tx", "city:TX:austin"),
            ("new-york", "state:NY"),
            ("puerto-rico", "state:PR"),
            ("aala-hi", "city:HI:aala"),
        ],
    )
    def test_names_one_place(self, slug, code):
        assert find_area(slug).code == code

    @pytest.mark.parametrize("slug", ["", "tx", "texas-tx", "x" * 200, "austin"])
    def test_of_nothing_finds_nothing(self, slug):
        assert find_area(slug) is None
