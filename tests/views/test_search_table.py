"""The results as a table, and as tab-separated values for a spreadsheet."""

import csv
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from facilities.models import DataVersion, Facility

from ..support.factories import make_facility, make_release

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
    DataVersion.bump()


def tree(client, address: str) -> LexborHTMLParser:
    response = client.get(address)
    assert response.status_code == 200, address
    return LexborHTMLParser(response.content.decode())


def texts(row) -> list[str]:
    return [" ".join(cell.text().split()) for cell in row.css("th, td:not(.pick)")]


class TestTable:
    def test_has_fifty_rows_in_the_order_of_the_results(self, client, many):
        rows = tree(client, TABLE).css(".result-table tbody tr[data-facility]")

        assert [row.css_first("th a").text() for row in rows] == [
            f"House {number:02}" for number in range(50)
        ]

    def test_says_the_total_and_counts_its_own_pages(self, client, many):
        page = tree(client, TABLE)
        following = page.css_first(".pager .next").attributes["href"]
        last = tree(client, f"/search/{following}")

        assert page.css_first("#results").attributes["data-total"] == "60"
        assert "view=table" in following
        assert len(last.css("tbody tr")) == 10

    def test_has_a_heading_for_every_cell(self, client, many):
        page = tree(client, TABLE)
        headings = page.css("thead th[scope=col]")
        first = page.css_first("tbody tr")

        assert len(headings) == len(first.css("th, td:not(.pick)"))
        assert page.css_first("tbody th").attributes["scope"] == "row"

    def test_says_each_fact_in_a_few_words(self, client, many):
        row = tree(client, TABLE).css("tbody tr")[1]

        assert texts(row) == [
            "House 01, Clinic", "Outpatient", "Brooklyn, NY", "0.7 N", "718-555-0101 x7", "?",
            "starts", "?", "?", "?", "yes", "—", "—", "—", "—", "—", "26–64", "2023, none",
        ]  # fmt: skip
        assert row.css_first(".phone a").attributes["href"] == "tel:+17185550101,7"

    def test_of_an_area_has_no_miles(self, client, many):
        headings = [
            th.text() for th in tree(client, "/search/?place=NY&view=table").css("thead th")
        ]

        assert "Miles" not in headings
        assert "Town" in headings

    def test_is_in_no_index_of_a_search_engine(self, client, many):
        robots = tree(client, TABLE).css_first('meta[name="robots"]')

        assert "noindex" in robots.attributes["content"]

    def test_is_in_spanish_too(self, client, many):
        page = tree(client, f"/es{TABLE}")

        assert "Residencial" not in page.css_first("tbody").text()
        assert page.css("tbody tr")[0].css("td")[1].text() == "Ambulatorio"

    def test_asks_the_database_no_more_than_the_cards(self, client, many):
        client.get(TABLE)
        with CaptureQueriesContext(connection) as cards:
            client.get("/search/?place=11206")
        with CaptureQueriesContext(connection) as table:
            client.get(TABLE)

        assert len(table) == len(cards)


class TestLinks:
    def test_keep_the_view(self, client, many):
        page = tree(client, f"{TABLE}&payment=medicaid&people=women")
        elsewhere = page.css_first(".order .view").attributes["href"]
        own = [
            link.attributes["href"]
            for link in page.css('#search a[href^="?"], #search a[href^="/map/"]')
            if link.attributes["href"] != elsewhere
        ]

        assert len(own) > 4
        assert [link for link in own if "view=" not in link] == []

    def test_lead_from_cards_to_the_table_and_back(self, client, many):
        table = tree(client, "/search/?place=11206&page=2").css_first(".order .view")
        assert table.attributes["href"] == "?place=11206&view=table"

        cards = tree(client, f"/search/{table.attributes['href']}").css_first(".order .view")
        assert cards.attributes["href"] == "?place=11206"

    def test_of_free_words_keep_the_view(self, client, many):
        response = client.get("/search/?q=11206+medicaid&view=table")

        assert response.status_code == 302
        assert "view=table" in response["Location"]
        assert "payment=medicaid" in response["Location"]

    def test_of_a_form_that_is_sent_keep_it(self, client, many):
        field = tree(client, TABLE).css_first('#search input[name="view"]')

        assert field.attributes["value"] == "table"

    def test_of_an_unknown_view_is_refused(self, client, many):
        response = client.get("/search/?place=11206&view=pie")

        assert response.status_code == 400
        assert "cannot be shown in that form" in response.content.decode()


class TestStartPage:
    def test_asks_where_with_the_box_ready_for_typing(self, client, many):
        page = tree(client, "/search/?view=table&ask=where&payment=medicaid")

        assert "autofocus" in page.css_first("#q").attributes
        assert page.css_first("#payment-medicaid").attributes.get("checked", "no") != "no"

    def test_of_cards_does_not_take_the_focus(self, client, many):
        assert "autofocus" not in tree(client, "/search/?ask=where").css_first("#q").attributes


def lines(client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    text = response.content.decode()
    return [*csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)]


class TestText:
    def test_has_the_rows_of_the_table_with_address_and_page(self, client, many):
        page = tree(client, TABLE)
        link = page.css(".table-tools a")[0].attributes["href"]
        heading, *rows = lines(client, f"/search/{link}")

        assert [row[:-2] for row in rows] == [texts(row) for row in page.css("tbody tr")]
        assert heading == page.css_first("table").attributes["data-headings"].split("|")
        assert rows[1][-2] == "1 Main Street, Brooklyn, NY 11206"
        assert re.fullmatch(r"http://testserver/facility/house-01-[^\t]+/", rows[1][-1])

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " \u200b=cmd|' /C calc'!A0"])
    def test_begins_no_cell_as_a_formula(self, client, name):
        make_facility(
            name=name, city="Brooklyn", state="NY", zip="11206", latitude=40.7, longitude=-73.94
        )
        DataVersion.bump()
        _heading, row = lines(client, "/search/?place=11206&view=tsv")

        assert row[0].startswith("'")

    def test_keeps_a_tab_within_its_cell(self, client):
        make_facility(
            name="A\tB\nC", city="Brooklyn", state="NY", zip="11206", latitude=40.7,
            longitude=-73.94,
        )  # fmt: skip
        DataVersion.bump()
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
