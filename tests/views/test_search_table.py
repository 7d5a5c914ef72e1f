"""The results as a table, and as tab-separated values for a spreadsheet."""

import csv
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import Facility

from ..support.factories import log_changes, make_facility, make_release
from ..support.html import SearchPage, text_of

pytestmark = pytest.mark.django_db
TABLE = "/search/?place=11206&view=table"


@pytest.fixture
def many(db):
    """60 facilities near 11206, each a little farther than the one before it."""
    for number in range(60):
        make_facility(
            name=f"House {number:02}", program_name="Clinic", city="Brooklyn", state="NY",
            zip="11206", street=f"{number} Main Street", latitude=40.71 + number / 1000,
            longitude=-73.94, phone="718-555-0101", phone_extension="7" if number else "",
            services="medicaid women men adults regular-outpatient buprenorphine-starts",
        )  # fmt: skip
    Facility.objects.update(source_release=make_release(edition="2023"))
    log_changes()


def page_at(client, address: str) -> SearchPage:
    response = client.get(address)
    assert response.status_code == 200, address
    return SearchPage(response)


def texts(row) -> list[str]:
    return [text_of(cell) for cell in row.css("th, td:not(.pick)")]


class TestTable:
    def test_has_fifty_rows_in_the_order_of_the_results(self, client, many):
        rows = page_at(client, TABLE).all(".result-table tbody tr[data-facility]")

        assert [row.css_first("th a").text() for row in rows] == [
            f"House {number:02}" for number in range(50)
        ]

    def test_says_the_total_and_counts_its_own_pages(self, client, many):
        page = page_at(client, TABLE)
        following = page.attribute(".pager .next", "href")
        last = page_at(client, f"/search/{following}")

        assert page.total == 60
        assert "view=table" in following
        assert len(last.all("tbody tr")) == 10

    def test_has_a_heading_for_every_cell(self, client, many):
        page = page_at(client, TABLE)
        headings = page.all("thead th[scope=col]")
        rows = page.all("tbody tr")

        assert {len(row.css("th, td:not(.pick)")) for row in rows} == {len(headings)}
        assert {*page.attributes("tbody th", "scope")} == {"row"}

    def test_says_each_fact_in_a_few_words(self, client, many):
        row = page_at(client, TABLE).all("tbody tr")[1]

        assert texts(row) == [
            "House 01, Clinic", "Outpatient", "Brooklyn, NY", "0.7 N", "718-555-0101 x7", "?",
            "starts", "?", "?", "?", "yes", "—", "—", "—", "—", "—", "26–64", "2023, none",
        ]  # fmt: skip
        assert row.css_first(".phone a").attributes["href"] == "tel:+17185550101,7"

    def test_of_an_area_has_no_miles(self, client, many):
        headings = page_at(client, "/search/?place=NY&view=table").texts("thead th")

        assert "Miles" not in headings
        assert "Town" in headings

    def test_is_in_no_index_of_a_search_engine(self, client, many):
        assert "noindex" in page_at(client, TABLE).attribute("meta[name=robots]", "content")

    def test_is_in_spanish_too(self, client, many):
        page = page_at(client, f"/es{TABLE}")

        assert "Residencial" not in page.one("tbody").text()
        assert page.all("tbody tr")[0].css("td")[1].text() == "Ambulatorio"

    def test_asks_the_database_no_more_than_the_cards(self, client, many):
        client.get(TABLE)
        with CaptureQueriesContext(connection) as cards:
            client.get("/search/?place=11206")
        with CaptureQueriesContext(connection) as table:
            client.get(TABLE)

        assert len(table) == len(cards)


class TestLinks:
    def test_keep_the_view(self, client, many):
        page = page_at(client, f"{TABLE}&payment=medicaid&people=women")
        links = page.links('#search a[href^="?"], #search a[href^="/map/"]')
        elsewhere = page.attribute(".order .view", "href")
        own = [link for link in links if link != elsewhere]

        assert len(own) > 4
        assert [link for link in own if "view=" not in link] == []

    def test_lead_from_cards_to_the_table_and_back(self, client, many):
        table = page_at(client, "/search/?place=11206&page=2").attribute(".order .view", "href")
        assert table == "?place=11206&view=table"

        cards = page_at(client, f"/search/{table}").attribute(".order .view", "href")
        assert cards == "?place=11206"

    def test_of_free_words_keep_the_view(self, client, many):
        response = client.get("/search/?q=11206+medicaid&view=table")

        assert response.status_code == 302
        assert "view=table" in response["Location"]
        assert "payment=medicaid" in response["Location"]

    def test_of_a_form_that_is_sent_keep_it(self, client, many):
        views = page_at(client, TABLE).attributes("#search input[name=view]", "value")

        assert {*views} == {"table"}

    def test_of_an_unknown_view_is_refused(self, client, many):
        response = client.get("/search/?place=11206&view=pie")

        assert response.status_code == 400
        assert "cannot be shown in that form" in response.content.decode()


class TestStartPage:
    def test_asks_where_with_the_box_ready_for_typing(self, client, many):
        page = page_at(client, "/search/?view=table&ask=where&payment=medicaid")

        assert page.all("#q[autofocus]")
        assert page.all("#payment-medicaid[checked]")

    def test_of_cards_does_not_take_the_focus(self, client, many):
        assert page_at(client, "/search/?ask=where").all("#q:not([autofocus])")


def lines(client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    text = response.content.decode()
    return [*csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)]


class TestText:
    def test_has_the_rows_of_the_table_with_address_and_page(self, client, many):
        page = page_at(client, TABLE)
        link = page.links(".table-tools a")[0]
        heading, *rows = lines(client, f"/search/{link}")

        assert [row[:-2] for row in rows] == [texts(row) for row in page.all("tbody tr")]
        assert heading == page.attribute("table", "data-headings").split("|")
        assert rows[1][-2] == "1 Main Street, Brooklyn, NY 11206"
        assert rows[1][-1].startswith("http://testserver/facility/house-01-")

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " \u200b=cmd|' /C calc'!A0"])
    def test_begins_no_cell_as_a_formula(self, client, name):
        make_facility(
            name=name, city="Brooklyn", state="NY", zip="11206", latitude=40.7, longitude=-73.94
        )
        log_changes()
        _heading, row = lines(client, "/search/?place=11206&view=tsv")

        assert row[0].startswith("'")

    def test_keeps_a_tab_within_its_cell(self, client):
        make_facility(
            name="A\tB\nC", city="Brooklyn", state="NY", zip="11206", latitude=40.7,
            longitude=-73.94,
        )  # fmt: skip
        log_changes()
        heading, row = lines(client, "/search/?place=11206&view=tsv")

        assert row[0] == "A B C"
        assert len(row) == len(heading)

    @pytest.mark.parametrize("query", ["place=11206&alert=a1", "ask=where", "place=12207&within=5"])
    def test_gives_way_to_what_must_be_read_first(self, client, many, query):
        response = client.get(f"/search/?{query}&view=tsv")

        assert response["Content-Type"].startswith("text/html")

    def test_of_a_bad_value_is_a_page_that_says_so(self, client, many):
        response = client.get("/search/?place=11206&view=tsv&sort=price")

        assert response.status_code == 400
        assert "cannot be put in that order" in unescape(response.content.decode())
