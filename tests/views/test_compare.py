"""The comparison's addresses and page: what leads where, what is refused, what it costs."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.models import Verification

from ..support.factories import make_facility, make_release
from ..support.html import Page

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def five() -> list:
    """Five listed facilities around one place, dated by one release."""
    release = make_release(edition="2023")
    return [
        make_facility(
            name=name, services=services, latitude=40.7 + number / 100, longitude=-73.9,
            phone=f"718-555-01{number:02}", source_release=release,
        )
        for number, (name, services) in enumerate(
            [
                ("Alder", "medicaid detox opioid-detox women men"),
                ("Birch", "medicare women"),
                ("Cedar", "medicaid methadone-maintenance"),
                ("Dogwood", "spanish aftercare"),
                ("Elm", "carf"),
            ]
        )
    ]  # fmt: skip


class TestWhatWasAskedFor:
    def test_stands_in_the_head_of_each_column(self, client, five):
        alder, birch = five[0], five[1]
        address = f"/compare/{alder.code},{birch.code}/?payment=medicaid&people=women"

        page = Page(client.get(address, follow=True))

        assert page.texts("tr.heads .your-needs") == [
            "You asked for: Medicaid: yes; Women: yes",
            "You asked for: Medicaid: not listed (ask); Women: yes",
        ]

    def test_is_absent_without_a_search(self, client, five):
        html = client.get(f"/compare/{five[0].code},{five[1].code}/", follow=True).content.decode()

        assert "You asked for" not in html


def asked(facilities, path: str = "/compare/") -> str:
    return path + "?" + "&".join(f"facility={each.uuid}" for each in facilities)


def kept(facilities, path: str = "/compare/") -> str:
    return path + ",".join(each.code for each in facilities) + "/"


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


class TestAddress:
    def test_of_the_boxes_leads_to_the_one_to_keep(self, client, five):
        response = client.get(asked(five))

        assert (response.status_code, response.url) == (302, kept(five))

    def test_keeps_the_order_given_and_names_each_once(self, client, five):
        alder, birch, cedar, *_ = five

        response = client.get(asked([cedar, alder, cedar, birch]))

        assert response.url == kept([cedar, alder, birch])

    def test_with_one_named_twice_leads_to_the_one_to_keep(self, client, five):
        alder, birch, *_ = five

        response = client.get(kept([alder, birch, alder]) + "?all=1")

        assert response.url == kept([alder, birch]) + "?all=1"

    def test_in_capitals_is_read(self, client, five):
        codes = ",".join(each.code.upper() for each in five[:2])

        assert client.get(f"/compare/{codes}/").status_code == 200

    def test_of_a_merged_facility_leads_to_what_it_was_merged_into(self, client, five):
        alder, birch, *_ = five
        old = make_facility(name="Old Alder", status="hidden", merged_into=alder)

        assert client.get(kept([old, birch])).url == kept([alder, birch])
        assert client.get(asked([old, birch])).url == kept([alder, birch])

    def test_stays_in_spanish(self, client, five):
        assert client.get("/es" + asked(five)).url == "/es" + kept(five)


class TestRefusal:
    @pytest.mark.parametrize(
        "query",
        ["", "?facility=", "?facility=gold", "?facility=%00", "?facility=" + "9" * 100_000,
         "?" + "&".join(f"facility={uuid.UUID(int=number)}" for number in range(51))],
    )  # fmt: skip
    def test_of_what_names_nobody_is_a_clear_page(self, client, query):
        response = client.get("/compare/" + query)

        assert response.status_code == 400
        assert "Search, and tick the ones you like" in response.content.decode()

    def test_of_one_offers_those_nearby(self, client, five):
        response = client.get(kept(five[:1]))

        assert response.status_code == 400
        html = response.content.decode()
        assert "Choose at least 2 facilities." in html
        assert html.count('name="facility"') == 5

    def test_of_six_lets_some_be_taken_off(self, client, five):
        response = client.get(kept([*five, make_facility(name="Fir")]))

        assert response.status_code == 400
        html = response.content.decode()
        assert "Choose at most 5 facilities." in html
        assert html.count(" checked>") == 6

    @pytest.mark.parametrize("status", ["hidden", "draft"])
    def test_of_what_is_not_shown_tells_no_name(self, client, five, status):
        secret = make_facility(name="Secret Place", status=status)

        response = client.get(kept([five[0], five[1], secret]))

        assert response.status_code == 404
        assert "Secret Place" not in response.content.decode()

    def test_of_the_unknown_keeps_the_known(self, client, five):
        response = client.get(kept(five[:2]).removesuffix("/") + ",aaaaaaaa/")

        assert response.status_code == 404
        assert response.content.decode().count(" checked>") == 2


class TestPage:
    def test_shows_what_differs_and_with_all_everything(self, client, five):
        few, all_rows = page(client, kept(five[:2])), page(client, kept(five[:2]) + "?all=1")

        assert ">Medicaid<" in few
        assert ">Help with the cost<" not in few
        assert ">Help with the cost<" in all_rows

    def test_lists_languages_in_one_cell(self, client, five):
        talking = make_facility(services="spanish sign-language")

        html = page(client, kept([five[0], talking]))

        assert html.count('<span class="title">Languages</span>') == 1
        assert "<li>Sign language</li>" in html

    def test_counts_the_rows_it_shows_and_hides(self, client, five):
        few, all_rows = page(client, kept(five[:3])), page(client, kept(five[:3]) + "?all=1")
        shown, total = few.count('scope="row"'), all_rows.count('scope="row"')
        marks = {
            word: all_rows.count(f'<span class="mark">{word}</span>')
            for word in ("Differs", "Not all report", "Alike")
        }
        silent = all_rows.count('<tr class="silent">')
        own = all_rows.count('<tr class="own">') + 1  # and the row of source and date

        differing = f"{shown} of {total} rows are shown: {marks['Differs']} differ, "
        assert differing + f"in {marks['Not all report']} not all report, {own} are" in few
        hidden = f"{marks['Alike'] + silent} are hidden: in {marks['Alike']} all say the same, "
        assert hidden + f"in {silent} nobody says anything" in few
        assert f"Show all {total} rows" in few
        assert shown == marks["Differs"] + marks["Not all report"] + own
        assert total - shown == marks["Alike"] + silent
        assert 0 < shown < total

    def test_shows_no_row_in_which_all_say_the_same(self, client, five):
        few = page(client, kept(five[:3]))

        assert "Alike" not in few
        assert '<tr class="silent">' not in few

    def test_marks_rows_in_words(self, client, five):
        heads = Page(page(client, kept(five[:2]) + "?all=1")).texts('th[scope="row"]')

        assert "Medicaid Differs" in heads
        assert "Private health insurance Alike" in heads
        assert "Aftercare" in heads  # nobody reports it
        assert "Address" in heads

    def test_says_of_those_elsewhere_that_nobody_here_checks_them(self, client, five, settings):
        settings.SERVICE_AREA = ["OH"]

        html = page(client, kept(five[:2]))

        assert html.count("Facts as of 2023. Federal list only, not checked by us.") == 2

    def test_names_source_and_date_once_a_column_and_where_they_differ(self, client, five):
        Verification.objects.create(
            facility=five[0], fact="service:medicaid", outcome="confirmed", method="phone",
            checked_at=timezone.make_aware(timezone.datetime(2026, 3, 5, 12)),
        )  # fmt: skip

        html = page(client, kept(five[:2]))

        assert html.count("Facts as of 2023: the facility told SAMHSA.") == 2
        assert html.count("Checked by us on March 5, 2026.") == 1

    def test_has_headers_for_rows_columns_and_groups(self, client, five):
        table = Page(page(client, kept(five)))

        assert len(table.all('[scope="col"]')) == 6
        rows = [row for row in table.all("tr") if row.css('[scope="row"]')]
        assert {row.attributes["class"] for row in rows} <= {
            "heads", "differs", "open", "alike", "silent", "own",
        }  # fmt: skip
        assert len(table.all('[scope="row"]')) == len(rows) > 0
        assert len(table.all('[scope="rowgroup"]')) == len(table.all(".group")) > 0

    def test_takes_one_away_or_adds_one_in_place(self, client, five):
        alder, birch, cedar, dogwood, _ = five

        html = page(client, kept([alder, birch, cedar]))

        assert f'href="{kept([alder, cedar])}"' in html
        assert f'<option value="{dogwood.uuid}">Dogwood (' in html

    def test_of_two_leaves_two(self, client, five):
        assert 'class="without"' not in page(client, kept(five[:2]))

    def test_has_one_address_for_search_engines_whatever_rows_it_shows(self, client, five):
        html = page(client, f"{kept(five)}?all=1")

        assert f'<link rel="canonical" href="http://testserver{kept(five)}">' in html

    def test_keeps_hostile_names_inert(self, client, five):
        hostile = make_facility(name=HOSTILE, program_name=HOSTILE, street=HOSTILE)

        html = page(client, kept([five[0], hostile]))

        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


class TestCarriedSearch:
    SEARCH = "place=11206&payment=medicaid&ignored=takes+my+dog"

    def test_goes_along_from_the_boxes(self, client, five):
        response = client.get(f"{asked(five[:2])}&{self.SEARCH}&page=2&alert=crisis")

        assert response.url == f"{kept(five[:2])}?{self.SEARCH}"

    def test_leads_back_to_the_results_and_on_to_the_call_sheet(self, client, five):
        html = page(client, f"{kept(five[:3])}?{self.SEARCH}")

        carried = self.SEARCH.replace("&", "&amp;")
        assert f'href="/search/?{carried}"' in html
        assert f'href="{kept(five[:3], "/call/")}?{carried}"' in html
        assert f'href="{kept(five[:3])}?{carried}&amp;all=1"' in html
        assert f'href="{kept([five[0], five[2]])}?{carried}"' in html  # without the second

    def test_of_a_place_tells_the_distances(self, client, five):
        html = page(client, f"{kept(five[:2])}?{self.SEARCH}")

        assert html.count('<span class="title">Distance</span>') == 1
        miles = re.findall(r"([\d.]+) miles \w+ of 11206", html)
        # 11206 is at 40.70, -73.94; the first is at 40.70, -73.90: 0.04 degrees of 52 miles each.
        assert len(miles) == 2
        assert float(miles[0]) == pytest.approx(2.2, abs=0.4)

    @pytest.mark.parametrize("search", ["", "payment=gold", "state=NY", "place=%00", "q=%00"])
    def test_that_is_none_leads_to_the_search(self, client, five, search):
        html = page(client, f"{kept(five[:2])}?{search}")

        assert 'href="/search/"' in html.partition("<main")[2]
        assert "Back to the results" not in html
        assert '<span class="title">Distance</span>' not in html

    def test_keeps_hostile_words_inert(self, client, five):
        html = page(client, f"{kept(five[:2])}?ignored=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

        assert "<script>alert" not in html


class TestOthersToAdd:
    def test_are_of_the_same_kind_and_named_by_their_distance_from_the_first(self, client, five):
        near = {"latitude": 40.7, "longitude": -73.9}
        hospital = make_facility(name="Fir Hospital", services="hospital-detox", **near)
        make_facility(name="Gum Clinic", services="regular-outpatient", **near)
        make_facility(name="Hazel House", services="residential-detox", **near)

        html = page(client, kept([hospital, five[1]]))

        options = Page(html).texts("option[value]")
        assert [option.partition(" (")[0] for option in options] == ["Hazel House"]
        assert "Fir Hospital" in options[0]


class TestStyle:
    @pytest.mark.parametrize("path", ["/compare/", "/call/", "/handout/"])
    def test_of_sheets_is_on_their_pages_and_on_no_search(self, client, five, path):
        sheet, search = page(client, kept(five[:2], path)), page(client, "/search/")

        assert [name in sheet for name in ("site.css", "sheets.css")] == [True, True]
        assert "sheets.css" not in search


class TestQueries:
    def test_of_five_are_no_more_than_of_two(self, client, five):
        counts = []
        for facilities in (five, five[:2]):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page(client, kept(facilities) + "?all=1")
            counts.append(len(queries))

        # Facilities, once their releases, verifications, the newest release; of two, those nearby
        # and the cards of those to add.
        assert counts == [4, 5]
