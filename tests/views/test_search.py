"""The search page as people and machines read it: its contract, its words, its bad inputs."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import Facility

from ..support.factories import log_changes, make_facility, make_release
from ..support.html import SearchPage, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def brooklyn(db):
    """Three facilities near 11206 and one in Ohio."""
    near = {"city": "Brooklyn", "state": "NY", "zip": "11206"}
    make_facility(
        name="Alder House", latitude=40.70, longitude=-73.94, **near,
        services="opioid-detox residential-detox buprenorphine medicaid women men detox",
    )  # fmt: skip
    make_facility(
        name="Birch Clinic", latitude=40.75, longitude=-73.95, **near,
        services="methadone medicare women men",
    )  # fmt: skip
    make_facility(
        name="Cedar Women's Center", latitude=40.80, longitude=-73.95, **near,
        services="alcohol-only alcohol-detox detox women medicaid",
    )  # fmt: skip
    make_facility(
        name="Dogwood", city="Columbus", state="OH", zip="43201",
        latitude=39.99, longitude=-83.0, services="buprenorphine",
    )  # fmt: skip
    log_changes()


def page(client, query: str, status: int = 200) -> str:
    response = client.get(f"/search/?{query}")
    assert response.status_code == status
    return response.content.decode()


def names(html: str) -> list[str]:
    return SearchPage(html).names


def count(html: str, group: str, slug: str) -> int:
    return SearchPage(html).count(group, slug)


class TestContract:
    def test_total_order_and_uuids_stand_in_the_page(self, client, brooklyn):
        html = page(client, "place=11206&within=25")
        assert 'data-total="3"' in html
        assert names(html) == ["Alder House", "Birch Clinic", "Cedar Women's Center"]
        uuids = SearchPage(html).attributes("article", "data-facility")
        assert sorted(map(UUID, uuids)) == sorted(
            Facility.objects.filter(state="NY").values_list("uuid", flat=True)
        )

    def test_counts_say_what_a_box_would_find(self, client, brooklyn):
        html = page(client, "place=11206&medication=methadone")
        assert 'data-total="1"' in html
        assert count(html, "medication", "methadone") == 1
        assert count(html, "medication", "buprenorphine") == 2  # any of both
        assert count(html, "payment", "medicaid") == 0  # and Medicaid: none has both

    def test_a_box_at_zero_is_disabled_and_shown(self, client, brooklyn):
        html = page(client, "place=11206&medication=methadone")
        assert SearchPage(html).all("#payment-medicaid[disabled]")

    def test_sort_by_name(self, client, brooklyn):
        html = page(client, "sort=name")
        assert names(html)[:2] == ["Alder House", "Birch Clinic"]
        assert names(html)[-1] == "Dogwood"

    def test_coordinates_are_a_place(self, client, brooklyn):
        assert 'data-total="1"' in page(client, "lat=39.9&lon=-83&within=50")

    def test_spanish_has_the_same_answers(self, client, brooklyn):
        html = client.get("/es/search/?place=11206").content.decode()
        assert '<html lang="es">' in html
        assert 'data-total="3"' in html
        assert 'href="/search/?place=11206"' in html


class TestCards:
    def test_exclusions_stand_before_the_name(self, client, brooklyn):
        html = page(client, "place=11206&q=cedar")
        assert html.index("Women only") < html.index("Cedar Women")

    def test_a_facility_for_alcohol_only_does_not_fit_opioid_detox(self, client, brooklyn):
        html = page(client, "place=11206&substance=opioid-detox")
        assert names(html) == ["Alder House"]

    def test_detox_setting_and_substances_are_said(self, client, brooklyn):
        assert "overnight: opioids" in page(client, "place=11206&q=alder")
        assert "setting not reported: alcohol" in page(client, "place=11206&q=cedar")

    def test_distance_has_a_direction_and_about_where_approximate(self, client, brooklyn):
        make_facility(
            name="Elm", city="Queens", state="NY", zip="11375", position_origin="zip",
            latitude=40.72, longitude=-73.84, services="outpatient",
        )  # fmt: skip
        assert re.search(r"about 5\.\d miles E of 11206", page(client, "place=11206&q=elm"))
        assert re.search(r"3\.\d miles N of 11206", page(client, "place=11206&q=birch"))

    def test_a_confidential_address_shows_city_and_state_only(self, client, brooklyn):
        make_facility(
            name="Fir Shelter", street="12 Hidden Lane", city="Brooklyn", state="NY", zip="11206",
            latitude=40.7, longitude=-73.94, is_address_confidential=True, services="outpatient",
        )  # fmt: skip
        html = page(client, "place=11206&q=fir")
        assert "Hidden Lane" not in html
        assert "street address kept private" in html

    def test_medications_say_once_whether_they_are_started(self, client, brooklyn):
        make_facility(
            name="Gum Clinic", city="Brooklyn", state="NY", zip="11206", latitude=40.7,
            longitude=-73.94, services="methadone methadone-maintenance buprenorphine",
        )  # fmt: skip
        html = page(client, "place=11206&q=gum")
        assert "Methadone (starts it), Buprenorphine<" in html

    def test_what_was_asked_for_beyond_the_usual_facts_is_named(self, client, brooklyn):
        asked = page(client, "place=11206&people=women&payment=medicaid")
        assert asked.count("<dt>You asked for</dt> <dd>Women</dd>") == 2
        assert "You asked for" not in page(client, "place=11206&payment=medicaid")

    def test_source_and_date_are_said_in_one_line(self, client, brooklyn):
        Facility.objects.update(source_release=make_release(edition="2023"))
        html = page(client, "place=11206&q=alder")
        assert "The facility told SAMHSA (2023). Not checked by us: call to confirm." in html


class TestChips:
    def test_all_are_taken_off_at_once_where_there_are_several(self, client, brooklyn):
        assert "Remove all" in page(client, "place=11206&payment=medicaid&language=spanish")
        assert "Remove all" not in page(client, "place=11206&payment=medicaid")

    def test_what_protects_the_person_stays_when_the_others_are_removed(self, client, brooklyn):
        asked = "place=11206&payment=medicaid&language=spanish&people=women&substance=alcohol-detox"
        html = page(client, asked)

        assert "Remove all" not in html
        assert 'href="?place=11206&amp;substance=alcohol-detox&amp;people=women">' in html


class TestNothingFound:
    def test_widens_with_one_link_and_gives_the_help_line(self, client, brooklyn):
        html = page(client, "place=12207&within=5")
        assert "Nothing in this list fits all of that." in html
        wider = SearchPage(html).one("li a.primary")
        found = SearchPage(client.get("/search/" + wider.attributes["href"]))
        assert found.total > 0
        assert f"({found.total} facilit" in text_of(wider)
        assert "1-800-662-4357" in html


class TestWithoutAPlace:
    def test_states_are_offered_with_counts(self, client, brooklyn):
        html = page(client, "")
        assert {"New York 3", "Ohio 1"} <= {*SearchPage(html).texts(".states li")}


class TestPlaces:
    def test_ambiguous_names_are_offered_not_guessed(self, client, brooklyn):
        html = page(client, "place=Springfield&medication=methadone")
        assert "Which place do you mean?" in html
        assert "data-total" not in html
        assert "?place=Springfield%2C+IL&medication=methadone" in SearchPage(html).links()

    def test_a_village_spelt_like_a_city_offers_the_city_beside_its_results(self, client, brooklyn):
        html = page(client, "place=Brooklin&payment=medicaid")
        assert 'data-total="0"' in html
        offered = SearchPage(html)
        assert "Did you mean Brooklyn, NY" in offered.text
        assert "?place=Brooklyn%2C+NY&payment=medicaid" in offered.links()

    def test_typing_errors_get_a_suggestion(self, client, brooklyn):
        html = client.get("/search/?place=austn+tx", follow=True).content.decode()

        assert "within 25 miles of Austin, TX" in html
        assert "Showing results for “austin”" in html


BAD = [
    "page=abc", "page=0", "page=1000000000", "lat=900&lon=1", "lat=40", "lat=nan&lon=nan",
    "lat=1e400&lon=1", "within=7000&place=11206", "within=near&place=11206", "substance=gold",
    "sort=price", "place=nowhereville+zz", "place=%00", "q=%00", "q=" + "x" * 100_000,
    "place=" + "x" * 100_000, "&".join(f"people=x{n}" for n in range(900)), "place=00000",
    "place=11206&paymnt=medicaid",
]  # fmt: skip


class TestBadInput:
    def test_what_mail_programs_add_to_a_link_is_not_read(self, client, brooklyn):
        assert 'data-total="3"' in page(client, "place=11206&utm_source=letter&fbclid=x")

    @pytest.mark.parametrize("query", BAD, ids=lambda query: query[:30])
    def test_gets_a_clear_page_and_never_the_unfiltered_list(self, client, brooklyn, query):
        html = page(client, query, status=400)
        assert "data-total" not in html
        assert "<article" not in html
        assert min(map(len, SearchPage(html).texts("#problems li"))) >= 10

    def test_five_thousand_options_are_refused(self, client, brooklyn):
        query = "&".join(f"people=x{n}" for n in range(5_000))
        assert client.get(f"/search/?{query}").status_code == 400

    def test_a_page_past_the_end_says_so(self, client, brooklyn):
        html = page(client, "place=11206&page=9", status=404)
        assert "There are only 1 pages" in html or "only one page" in html

    def test_markup_in_a_field_is_inert(self, client, brooklyn):
        asked = "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E"
        html = client.get(asked, follow=True).content.decode()

        assert "<script>alert" not in html
        assert SearchPage(html).all('[data-ignored$="alert"]')

    def test_post_is_not_allowed(self, client, brooklyn):
        assert client.post("/search/").status_code == 405


@pytest.fixture
def plenty(brooklyn):
    """Enough near 11206 that no help for thin results is worked out."""
    for number in range(5):
        make_facility(
            name=f"Elm {number}", city="Brooklyn", state="NY", zip="11206", latitude=40.7,
            longitude=-73.9, services="medicaid medicare",
        )  # fmt: skip
    log_changes()


class TestQueries:
    def test_near_a_zip_are_place_narrow_cards_today_doubts_release_once_kept(self, client, plenty):
        page(
            client, "place=11206"
        )  # which filters find nothing at all is kept with the data version
        with CaptureQueriesContext(connection) as queries:
            page(client, "place=11206&payment=medicaid")
        assert len(queries) == 6, [query["sql"][:90] for query in queries]

    def test_of_the_whole_country_are_version_cards_today_doubts_release_once_kept(
        self, client, plenty
    ):
        page(client, "payment=medicaid")
        with CaptureQueriesContext(connection) as queries:
            page(client, "payment=medicare")
        assert len(queries) == 5, [query["sql"][:90] for query in queries]


class TestFragment:
    def test_htmx_gets_only_the_part_that_changes(self, client, brooklyn):
        response = client.get("/search/?place=11206", headers={"HX-Request": "true"})
        html = response.content.decode()
        assert html.lstrip().startswith('<div id="search-body"')
        assert "HX-Request" in response["Vary"]


class TestPrograms:
    @pytest.fixture
    def programs(self, brooklyn):
        """Two programs of one house with another facility between them, near 11206."""
        here = {"city": "Brooklyn", "state": "NY", "zip": "11206", "longitude": -73.94}
        for program, latitude in (("Detox", 40.705), ("Housing", 40.73)):
            make_facility(
                name="Elm House", program_name=program, street="1 Elm Street", latitude=latitude,
                services="outpatient", **here,
            )  # fmt: skip
        make_facility(name="Fir House", street="2 Elm Street", latitude=40.72, **here)
        log_changes()

    def test_of_one_house_stand_together_each_as_a_result(self, client, programs):
        html = page(client, "place=11206")
        together = SearchPage(html).one("section.programs").html

        assert "2 programs here" in together
        assert names(together) == ["Elm House", "Elm House"]
        assert names(html) == [
            "Alder House", "Elm House", "Elm House", "Fir House", "Birch Clinic",
            "Cedar Women's Center",
        ]  # fmt: skip
        assert 'data-total="6"' in html

    def test_keep_the_numbers_of_their_dots_on_the_map(self, client, programs):
        html = page(client, "place=11206")

        assert SearchPage(html).texts(".rank") == [*"124356"]

    def test_stay_on_their_pages(self, client, programs):
        for number in range(30):
            make_facility(
                name=f"Gum {number}", city="Brooklyn", state="NY", zip="11206",
                latitude=40.706 + number / 10_000, longitude=-73.94,
            )  # fmt: skip
        log_changes()
        pages = [page(client, f"place=11206&page={number}") for number in (1, 2)]

        assert [names(html).count("Elm House") for html in pages] == [1, 1]
        assert "programs here" not in "".join(pages)
        assert "<article" in pages[0]


class TestEmptyOptions:
    """What no facility of the whole list has is no choice, unless an address names it."""

    def boxes(self, html: str) -> set[str]:
        boxes = SearchPage(html).attributes(".box input[type=checkbox]", "id")
        return {*boxes}

    def orders(self, html: str) -> list[str]:
        return SearchPage(html).texts("#sort option")

    def test_are_left_out_with_a_group_that_holds_nothing_else(self, client, brooklyn):
        html = page(client, "place=11206")

        assert "payment-medicare" in self.boxes(html)
        assert "payment-tricare" not in self.boxes(html)
        assert "group-checked" not in html

    def test_here_are_shown_where_another_place_has_them(self, client, brooklyn):
        make_facility(city="Anchorage", state="AK", zip="99503", services="tricare")
        log_changes()
        html = page(client, "place=11206")

        assert count(html, "payment", "tricare") == 0

    def test_come_as_soon_as_the_data_has_them(self, client, brooklyn):
        assert "checked-checked" not in self.boxes(page(client, "place=11206"))

        Facility.objects.filter(name="Dogwood").update(last_verified_on="2024-01-01")
        log_changes()

        assert "checked-checked" in self.boxes(page(client, "place=11206"))

    def test_named_by_an_address_work_and_show_their_chip(self, client, brooklyn):
        html = page(client, "place=11206&payment=tricare&payment=medicaid")

        assert 'data-total="2"' in html
        assert "payment-tricare" in self.boxes(html)
        assert 'aria-label="Remove Military insurance (TRICARE)"' in html

    def test_among_the_orders_is_that_of_checks_while_nothing_was_checked(self, client, brooklyn):
        assert "Recently checked first" not in self.orders(page(client, "place=11206"))
        assert "Recently checked first" in self.orders(page(client, "place=11206&sort=verified"))

        Facility.objects.filter(name="Dogwood").update(last_verified_on="2024-01-01")
        log_changes()
        assert "Recently checked first" in self.orders(page(client, "place=11206"))

    def test_none_is_by_distance_without_a_place(self, client, brooklyn):
        assert "Nearest first" in self.orders(page(client, "place=11206"))
        assert "Nearest first" not in self.orders(page(client, "payment=medicaid"))

    def test_are_left_out_before_a_place_is_known(self, client, brooklyn):
        assert "payment-tricare" not in self.boxes(page(client, "ask=where"))
        assert "payment-tricare" not in self.boxes(page(client, "place=nowhereville+zz", 400))


@pytest.mark.django_db(transaction=True)
class TestKeptCard:
    def test_says_what_holds_now_in_each_language(self, client):
        shown = make_facility(
            name="Alder", city="Brooklyn", state="NY", zip="11206", latitude=40.7, longitude=-73.94
        )
        log_changes()
        addresses = ("/search/?lat=40.7&lon=-73.94", "/es/search/?lat=40.7&lon=-73.94")

        def cards() -> list[str]:
            pages = (client.get(address).content.decode() for address in addresses)
            return [text_of(SearchPage(html).all("article.card")[0]) for html in pages]

        for number in ("202-555-0142", "202-555-0143"):
            Facility.objects.filter(pk=shown.pk).update(phone=number)
            log_changes()
            for _ in range(2):
                for card, words in zip(cards(), ("My list", "Mi lista"), strict=True):
                    assert number in card
                    assert words in card
