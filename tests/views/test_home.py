"""The front page: the place first, common needs that take it along, and how fresh the list is."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.search import GROUPS
from facilities.search.presets import PRESETS

from ..support.factories import log_changes, make_facility, make_release
from ..support.html import Page

pytestmark = pytest.mark.django_db
OPTIONS = {(group.name, slug) for group in GROUPS for slug in group.options}


def home(client, path: str = "/") -> str:
    return client.get(path).content.decode()


class TestNeeds:
    @pytest.mark.parametrize("need", PRESETS, ids=lambda need: need.slug)
    def test_are_searches_that_the_search_knows(self, need):
        assert need.parameters
        assert set(need.parameters) <= OPTIONS

    def test_share_the_form_of_the_box(self, client):
        form = Page(home(client)).all("form")[0]

        assert form.css("[name=q]")
        assert [button.attributes["formaction"] for button in form.css("[formaction]")] == [
            "/for/medication/",
            "/for/detox/",
            "/for/payment/",
        ]

    def test_pressing_enter_is_the_plain_search(self, client):
        first = Page(home(client)).all("button[type=submit]")[0]
        assert "formaction" not in first.attributes

    def test_take_the_typed_place_along(self, client):
        response = client.get("/for/detox/?place=+11206+&lat=&x=1")

        assert response.status_code == 302
        assert response["Location"] == (
            "/search/?place=11206&setting=overnight-detox&setting=outpatient-detox"
        )

    def test_lead_on_without_a_place_and_in_spanish(self, client):
        address = client.get("/es/for/medication/?place=")["Location"]
        assert address == "/es/search/?ask=where&starts=start-buprenorphine&starts=start-methadone"

    @pytest.mark.parametrize("place", ["%00", "x" * 5_000, "%3Cscript%3E", "http://a.example"])
    def test_stay_on_this_site_whatever_is_typed(self, client, place):
        address = urlsplit(client.get(f"/for/payment/?place={place}")["Location"])

        assert (address.netloc, address.path) == ("", "/search/")
        assert len(dict(parse_qsl(address.query))["place"]) <= 100

    def test_an_unknown_need_is_no_page(self, client):
        assert client.get("/for/gold/").status_code == 404

    def test_detox_says_that_no_list_sees_beds(self, client):
        [said] = Page(home(client)).texts('[formaction="/for/detox/"]')
        assert said.startswith("Detox near me")
        assert "This list cannot see beds: call." in said


class TestTrust:
    def test_links_to_the_rules_and_to_the_measures(self, client):
        differs = home(client).split('id="differs"')[1]
        assert 'href="/how-it-works/"' in differs
        assert 'href="/privacy/"' in differs
        assert 'href="/quality/"' in differs

    def test_says_how_many_are_listed_and_from_when(self, client):
        release = make_release(edition="2023", published_on=date(2023, 6, 20))
        for name in ("Alder House", "Birch Clinic"):
            make_facility(name=name, source_release=release)
        log_changes()

        said = "2 facilities listed: SAMHSA National Directory 2023, published June 20, 2023."
        assert said in home(client)
        assert "2 centros en la lista" in home(client, "/es/")

    def test_takes_four_queries_version_count_audit_release(self, client):
        make_release()
        log_changes()
        with CaptureQueriesContext(connection) as queries:
            home(client)
        assert len(queries) == 4, [query["sql"][:90] for query in queries]
