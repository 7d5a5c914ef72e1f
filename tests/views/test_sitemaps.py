"""What search engines find: the site map's pages, and what they are asked to leave alone."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from protego import Protego

from facilities.views import sitemaps

from ..support.factories import TODAY, make_facility, make_release, make_verification

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
NAMES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def tree(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def addresses(client, address: str) -> list[str]:
    return [
        found.text.removeprefix(HOST)
        for found in tree(client, address).iterfind(".//map:loc", NAMES)
    ]


class TestSitemap:
    def test_leads_to_every_listed_facility_in_both_languages_and_no_other(self, client):
        listed = make_facility(name="Elm House")
        for status in ("withdrawn", "hidden", "draft"):
            make_facility(status=status)
        make_facility(status="hidden", merged_into=listed)

        pages, areas, facilities = addresses(client, "/sitemap.xml")

        assert (pages, areas) == ("/sitemap-pages.xml", "/sitemap-areas.xml")
        path = f"/facility/{listed.slug}/"
        assert addresses(client, facilities) == [path, f"/es{path}"]

    def test_names_pages_that_answer_and_may_be_indexed(self, client):
        found = addresses(client, "/sitemap-pages.xml")

        answers = [client.get(address) for address in found]
        assert len(found) == len(set(found)) == 2 * (12 + 10 + 2)
        assert {answer.status_code for answer in answers} == {200}
        assert [address for address, answer in zip(found, answers, strict=True)
                if b"noindex" in answer.content] == []  # fmt: skip

    def test_names_areas_that_answer_and_have_listings(self, client):
        for name in ("Alder", "Birch", "Cedar"):
            make_facility(name=name, city="Albany", state="NY", zip="12207", county_fips="36001")
        make_facility(name="Dune", city="Cohoes", state="NY", zip="12047", county_fips="36001")

        found = addresses(client, "/sitemap-areas.xml")

        slugs = ["albany-county-ny", "albany-ny", "new-york"]
        assert found == [f"{prefix}/area/{each}/" for each in slugs for prefix in ("", "/es")]
        answers = [client.get(address) for address in found]
        assert {answer.status_code for answer in answers} == {200}
        assert [answer for answer in answers if b"noindex" in answer.content] == []

    def test_names_each_page_with_both_languages(self, client):
        make_facility(name="Elm House")

        for entry in tree(client, "/sitemap-facilities-1.xml").iterfind("map:url", NAMES):
            links = {
                link.get("hreflang"): link.get("href")
                for link in entry.iterfind("xhtml:link", NAMES)
            }
            assert links["es"] == links["en"].replace(HOST, f"{HOST}/es")
            assert links["x-default"] == links["en"]
            assert entry.find("map:loc", NAMES).text in links.values()

    def test_dates_a_listing_by_the_last_word_on_it(self, client, time_machine):
        time_machine.move_to(datetime(2024, 2, 3, 12, tzinfo=UTC))
        facility = make_facility(source_release=make_release())
        by_file = tree(client, "/sitemap-facilities-1.xml").findtext(".//map:lastmod", None, NAMES)
        make_verification(facility=facility, fact="phone", days_ago=0)

        by_person = tree(client, "/sitemap-facilities-1.xml").findtext(
            ".//map:lastmod", None, NAMES
        )

        assert (by_file, by_person) == ("2024-02-03", str(TODAY))

    def test_is_cut_in_parts(self, client, monkeypatch):
        monkeypatch.setattr(sitemaps, "FACILITIES_PER_PART", 2)
        made = [make_facility(name=f"House {number}").slug for number in range(5)]

        _pages, _areas, *parts = addresses(client, "/sitemap.xml")

        found = [address for part in parts for address in addresses(client, part)]
        assert len(parts) == 3
        assert sorted(found[::2]) == sorted(f"/facility/{slug}/" for slug in made)
        assert client.get("/sitemap-facilities-4.xml").status_code == 404
        assert client.get("/sitemap-facilities-0.xml").status_code == 404

    def test_costs_three_queries(self, client, django_assert_num_queries):
        make_facility()
        client.get("/sitemap.xml")

        # newest release; version of the data, by which the index knew how many; the facilities
        with django_assert_num_queries(3):
            client.get("/sitemap-facilities-1.xml")

    def test_of_a_demonstration_is_empty(self, client):
        make_facility(source_release=make_release(is_demonstration=True))

        assert addresses(client, "/sitemap.xml") == []
        assert client.get("/sitemap-facilities-1.xml").status_code == 404
        assert "Sitemap" not in client.get("/robots.txt").content.decode()


class TestRobots:
    @pytest.mark.parametrize(
        ("path", "is_open"),
        [
            ("/", True),
            ("/es/guides/", True),
            ("/search/?place=11206", True),  # else nobody would read that it is for no index
            ("/admin/login/", False),
            ("/es/admin/", False),
        ],
    )
    def test_keep_out_of_what_is_the_staff_s(self, client, path, is_open):
        robots = Protego.parse(client.get("/robots.txt").content.decode())

        assert robots.can_fetch(HOST + path, "anyone") is is_open
        assert list(robots.sitemaps) == [f"{HOST}/sitemap.xml"]
