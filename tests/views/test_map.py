"""The map page: the same question as the search's, its policy, and an operator's own tiles."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from directory import env
from facilities.checks import check_tile_privacy
from facilities.models import Facility
from facilities.views.map import tile_policy

from ..support.factories import make_facility
from ..support.html import Page, SearchPage, text_of

RASTER = "https://tiles.example.org/{z}/{x}/{y}.png"
ARCHIVE = "https://tiles.example.org:8443/area.pmtiles"


@pytest.fixture
def read(monkeypatch):
    """Reads an address as MAP_TILE_URL."""

    def reading(address: str) -> dict[str, str]:
        monkeypatch.setenv("MAP_TILE_URL", address)
        return env.tiles("MAP_TILE_URL")

    return reading


@pytest.fixture
def brooklyn(db):
    make_facility(name="Near", latitude=40.71, longitude=-73.94, services="opioid-detox")
    make_facility(name="Farther", latitude=40.75, longitude=-73.94, position_origin="zip")


class TestPage:
    def test_takes_all_filters_off_at_once_and_stays_a_map(self, client, brooklyn):
        asked = "/map/?place=11206&language=spanish&payment=medicaid"
        [clear] = Page(client.get(asked)).all("a.clear")

        assert (text_of(clear), clear.attributes["href"]) == ("Remove all", "?place=11206")
        assert SearchPage(client.get(f"/map/{clear.attributes['href']}")).total == 2

    def test_lists_what_the_search_lists_with_the_same_numbers(self, client, brooklyn):
        page = SearchPage(client.get("/map/?place=11206"))

        assert page.texts(".rank") == ["1", "2"]
        assert page.texts(".rank + h2 a") == ["Near", "Farther"]
        assert page.total == 2
        assert page.all("figure.locator")

    def test_puts_each_result_on_my_list(self, client, brooklyn):
        page = Page(client.get("/map/?place=11206"))

        assert {
            (box.attributes["value"], box.attributes["data-name"])
            for box in page.all('#results input[form="compare"][name="facility"]')
        } == {(str(uuid), name) for uuid, name in Facility.objects.values_list("uuid", "name")}
        assert page.all("#tray [data-compare]")

    def test_says_what_the_list_says_of_detox_and_of_little_found(self, client, brooklyn):
        page = Page(client.get("/map/?place=11206&substance=opioid-detox&language=spanish"))

        assert "If no place takes you today" in page.text
        assert "Without “Spanish” 1 facility" in page.text
        asked = "/map/?place=11206&setting=overnight-detox"
        assert "If it is opioids: no detox is needed first." in Page(client.get(asked)).text

    def test_keeps_the_question_both_ways(self, client, brooklyn):
        query = "?place=11206&amp;substance=opioid-detox"
        there = client.get("/search/?place=11206&substance=opioid-detox").content.decode()
        back = client.get("/map/?place=11206&substance=opioid-detox").content.decode()

        assert f'href="/map/{query}"' in there
        assert f'href="/search/{query}"' in back
        assert 'data-total="1"' in back

    def test_is_kept_out_of_indexes(self, client, brooklyn):
        assert '<meta name="robots" content="noindex">' in client.get("/map/").content.decode()
        assert client.get("/map/points/?place=11206")["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("query", ["place=zzqqzz", "within=900", "surprise=1", "page=x"])
    def test_refuses_a_bad_value_as_the_search_does(self, client, db, query):
        assert client.get(f"/map/?{query}").status_code == 400
        assert client.get(f"/map/points/?{query}").status_code == 400

    def test_says_that_the_country_has_none(self, client, brooklyn):
        html = client.get("/map/").content.decode()

        assert "There is no map of the whole country." in html
        assert "leaflet.js" not in html


class TestPoints:
    def test_are_all_results_in_order(self, client, brooklyn):
        answer = client.get("/map/points/?place=11206").json()

        assert [point[:4] for point in answer["points"]] == [
            [40.71, -73.94, 0, "Near"], [40.75, -73.94, 1, "Farther"],
        ]  # fmt: skip
        assert "Brooklyn" in [name for _, _, name in answer["towns"]]

    def test_do_not_depend_on_the_page_of_the_list(self, client, brooklyn):
        first = json.dumps(client.get("/map/points/?place=11206").json())

        assert json.dumps(client.get("/map/points/?place=11206&page=7").json()) == first


class TestTileAddress:
    def test_is_read_into_its_host_and_what_the_policy_must_allow(self, read):
        assert read("") == {}
        assert read(RASTER)["origin"] == "https://tiles.example.org"
        assert read(ARCHIVE)["origin"] == "https://tiles.example.org:8443"
        assert read(ARCHIVE)["kind"] == "archive"
        assert read("/tiles/{z}/{x}/{y}.png")["origin"] == ""

    @pytest.mark.parametrize(
        "address",
        [
            "http://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/{z}/{x}.png",
            "https://{s}.example.org/{z}/{x}/{y}.png", "https://me:word@example.org/a.pmtiles",
            "//example.org/a.pmtiles", "https://*.example.org/a.pmtiles", "area.pmtiles",
            "https://example.org/a.pmtiles; script-src *", "https://[x/{z}/{x}/{y}", "javascript:1",
        ],
    )  # fmt: skip
    def test_stops_the_start_if_it_is_a_bad_one(self, read, address):
        with pytest.raises(ImproperlyConfigured, match="^MAP_TILE_URL"):
            read(address)


class TestPolicy:
    def test_is_widened_to_that_host_alone(self, read):
        assert tile_policy({}) == {}
        assert tile_policy(read(RASTER)) == {"img-src": ["https://tiles.example.org"]}
        assert tile_policy(read("/t/{z}/{x}/{y}.png")) == {}
        assert tile_policy(read(ARCHIVE)) == {
            "connect-src": ["https://tiles.example.org:8443"], "img-src": ["blob:"],
        }  # fmt: skip

    def test_is_widened_on_the_map_page_alone(self, client, brooklyn, read, settings):
        settings.MAP_TILES = read(RASTER)
        policies = {
            path: client.get(f"{path}?place=11206")["Content-Security-Policy"]
            for path in ("/map/", "/search/", "/map/points/")
        }

        directives = policies["/map/"].split("; ")  # in no certain order
        assert "img-src 'self' https://tiles.example.org" in directives
        assert "example.org" not in policies["/search/"] + policies["/map/points/"]

    def test_comes_with_a_warning_of_what_it_costs(self, read, settings):
        settings.MAP_TILES = read(RASTER)
        (warning,) = check_tile_privacy(None)
        settings.MAP_TILES = read("/tiles/area.pmtiles")

        assert warning.id == "facilities.W002"
        assert "tells tiles.example.org their network address" in warning.msg
        assert check_tile_privacy(None) == []

    def test_has_the_visitor_asked_first(self, client, brooklyn, read, settings):
        settings.MAP_TILES = read(RASTER)
        page = Page(client.get("/map/?place=11206"))

        assert page.texts("button#streets") == ["Show streets"]
        assert "Streets come from tiles.example.org" in page.text
