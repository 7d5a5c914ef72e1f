"""A facility's own page: every answer in its own words, its address stable, nothing leaked."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import Facility

from ..support.factories import make_facility, make_release
from ..support.html import Page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder():
    return make_facility(
        name="Alder House", city="Brooklyn", state="NY", zip="11206", street="1 Example Street",
        phone="718-555-0142", latitude=40.70, longitude=-73.94,
        services="no-opioid-treatment opioid-detox private-insurance women aftercare",
        source_release=make_release(edition="2023"),
    )  # fmt: skip


def address(facility: Facility) -> str:
    return f"/facility/{facility.slug}/"


def answers(html: str) -> dict[str, str]:
    """Label -> answer, as the page says them."""
    answers = {}
    for summary in Page(html).all("summary:has(.word)"):
        word = text_of(summary.css_first(".word"))
        answers[text_of(summary).removeprefix(word).strip()] = word.removesuffix(":")
    return answers


class TestAnswers:
    def test_yes_no_not_listed_and_not_reported_are_four_things(self, client, alder):
        html = client.get(address(alder)).content.decode()
        said = answers(html)
        assert said["Private health insurance"] == "Yes"
        assert said["Medicaid"] == "Not listed as accepted"
        assert said["Men"] == "Not listed as accepted"
        assert "Methadone" in said
        assert said["Methadone"] == "No"
        assert "Acupuncture" not in said
        assert "Acupuncture" in html

    def test_contradictions_are_shown_to_ask_about(self, client, alder):
        html = client.get(address(alder)).content.decode()
        assert "This listing leaves doubts" in html

    def test_what_no_list_asks_says_what_that_means_what_to_ask_and_how_to_fill_it_in(self, client):
        page = Page(client.get(address(make_facility(services="residential-detox"))))
        untold = {
            section.attributes["aria-labelledby"].removeprefix("section-"): text_of(details)
            for section in page.all(".profile")
            for details in section.css(".never-asked")
        }

        assert [*untold] == ["approach", "staff", "amenities", "aftercare"]
        for words in (
            "The federal list does not ask facilities about this", "No answer does not mean no.",
            "Do you work here? Ask us for a link to fill this in",
        ):  # fmt: skip
            assert all(words in text for text in untold.values())
        assert "Do you supervise detox at home? Which clinician can be called" in untold["approach"]
        assert "Do you use COWS?" in untold["approach"]
        assert "Is a nurse or doctor on site 24 hours a day?" in untold["staff"]
        assert "Doctor certified in addiction medicine" in untold["staff"]
        assert "Private rooms" in untold["amenities"]
        [link] = set(page.links(".never-asked a"))
        assert link.endswith("/report/?about=services")

    def test_questions_about_detox_are_left_out_where_there_is_none(self, client):
        page = Page(client.get(address(make_facility(services="outpatient"))))
        [approach] = page.texts("[aria-labelledby=section-approach] .never-asked")
        assert "COWS?" not in approach
        assert "detox at home?" not in approach

    def test_what_somebody_told_us_is_an_answer(self, client):
        facility = make_facility(services="residential-detox cows", denied_services=["home-detox"])
        html = client.get(address(facility)).content.decode()
        assert answers(html)["Withdrawal measured with COWS"] == "Yes"
        assert answers(html)["Supervised detox at home"] == "No"
        [approach] = Page(html).texts("[aria-labelledby=section-approach] .never-asked")
        assert "COWS" not in approach
        assert "detox at home" not in approach

    def test_each_section_names_source_and_edition(self, client, alder):
        html = client.get(address(alder)).content.decode()
        assert html.count("SAMHSA National Directory 2023") >= 4


class TestKeyFacts:
    def facts(self, client, **fields) -> dict[str, tuple[str, str]]:
        """Fact -> (answer, words), as the page says them."""
        page = Page(client.get(address(make_facility(**fields))))
        return {
            row.attributes["data-fact"]: (
                row.attributes.get("data-answer"),
                " ".join(row.css_first("dd").text().split()),
            )
            for row in page.tree.css(".key-facts [data-fact]")
        }

    def test_are_six_and_stand_before_all_else(self, client, alder):
        html = client.get(address(alder)).content.decode()
        places = ["<h1>", 'id="glance"', "tel:+17185550142", 'id="where"', 'id="section-care"']
        assert [html.index(each) for each in places] == sorted(html.index(each) for each in places)
        assert [*self.facts(client)] == [
            "kind", "people", "detox", "medication", "payment", "call",
        ]  # fmt: skip

    def test_answer_what_decides(self, client):
        facts = self.facts(
            client, phone="718-555-0142", phone_extension="12",
            services="residential opioid-detox residential-detox prescribes-buprenorphine"
            " buprenorphine medicaid women adults",
        )  # fmt: skip
        assert facts == {
            "kind": ("yes", "Live-in treatment · Overnight detox"),
            "people": ("yes", "women only, adults (26 to 64)"),
            "detox": ("yes", "Yes: overnight: opioids"),
            "medication": ("yes", "Yes: Buprenorphine (starts it)"),
            "payment": ("yes", "Medicaid"),
            "call": (None, "Call 718-555-0142 ext. 12"),
        }

    def test_say_not_reported_where_nobody_has_said(self, client):
        facts = self.facts(client, services="")
        assert {answer for answer, _words in facts.values()} == {"not-reported", None}
        assert [words for _answer, words in facts.values()] == [
            *["Not reported: ask"] * 5, "Phone not reported",
        ]  # fmt: skip

    def test_say_no_where_the_facility_does(self, client):
        facts = self.facts(client, services="no-opioid-medication", denied_services=["detox"])
        assert facts["detox"] == ("no", "No: says it offers none")
        assert facts["medication"] == ("no", "No: says it uses none for opioid use disorder")

    def test_call_the_extension_and_leave_out_the_same_number_again(self, client):
        intake = [{"number": "718-555-0142", "extension": ""},
                  {"number": "718-555-0143", "extension": "7"}]  # fmt: skip
        listing = make_facility(phone="718-555-0142", phone_extension="12", intake_phones=intake)
        links = Page(client.get(address(listing))).tree.css(".key-facts a")
        assert [link.attributes["href"] for link in links] == [
            "tel:+17185550142,12", "tel:+17185550143,7",
        ]  # fmt: skip

    def test_carry_source_and_date(self, client, alder):
        (source,) = Page(client.get(address(alder))).texts(".key-facts > .source")
        assert "SAMHSA National Directory 2023, published on" in source

    def test_say_whom_it_turns_away(self, client):
        listing = make_facility(services="women", admission_exclusions="People under 18")
        html = client.get(address(listing)).content.decode()
        where = html[html.index('id="where"') :]
        assert "Women only" in where
        assert "People under 18" in where


class TestPlainText:
    def text(self, client, facility: Facility, prefix: str = "") -> list[str]:
        page = Page(client.get(prefix + address(facility)))
        return page.one("#as-text").text().splitlines()

    def test_holds_all_that_a_chart_needs(self, client):
        listing = make_facility(
            name="Alder House", program_name="Detox unit", street="1 Example Street",
            city="Brooklyn", zip="11206", phone="718-555-0142", phone_extension="12",
            fax="718-555-0150", services="women residential-detox opioid-detox medicaid",
            intake_phones=[{"number": "718-555-0143", "extension": ""}],
            denied_services=["methadone", "buprenorphine", "naltrexone"],
            source_release=make_release(edition="2023", published_on=date(2023, 6, 20)),
        )  # fmt: skip
        assert self.text(client, listing) == [
            "Alder House",
            "Detox unit",
            "1 Example Street, Brooklyn, NY 11206",
            "Phone: 718-555-0142 ext. 12",
            "Intake line: 718-555-0143",
            "Fax: 718-555-0150",
            "Women only",
            "Kind of place: Overnight detox",
            "Takes: women only",
            "Detox: overnight: opioids",
            "Medication: No, says it gives none",
            "Payment: Medicaid",
            "No ongoing medication reported after opioid detox: ask what comes next.",
            "The facility told SAMHSA: SAMHSA National Directory 2023, published on June 20, 2023."
            " Not checked by us: call to confirm.",
            f"http://testserver{address(listing)}",
        ]

    def test_says_what_is_not_reported(self, client):
        lines = self.text(client, make_facility(name="Alder House", phone="", services=""))
        assert [line for line in lines if line.endswith(": not reported")] == [
            "Phone: not reported", "Fax: not reported", "Kind of place: not reported",
            "Takes: not reported", "Detox: not reported", "Medication: not reported",
            "Payment: not reported",
        ]  # fmt: skip

    def test_is_in_the_language_of_the_page(self, client, alder):
        assert "Teléfono: 718-555-0142" in self.text(client, alder, "/es")

    def test_keeps_an_address_private(self, client):
        shelter = make_facility(
            street="12 Hidden Lane", city="Bronx", zip="10463", is_address_confidential=True
        )
        text = self.text(client, shelter)
        assert "Bronx, NY (street address kept private)" in text
        assert not any("Hidden" in line or "10463" in line for line in text)


class TestOtherMaps:
    def test_say_that_a_company_learns_the_place(self, client, alder):
        maps = Page(client.get(address(alder))).one(".other-maps")
        links = [link.attributes for link in maps.css("a")]
        assert "The company whose map you open learns which place you look up" in maps.text()
        assert {link["rel"] for link in links} == {"noreferrer nofollow"}
        assert [link["href"].partition("=")[0].split("/")[2] for link in links] == [
            "www.openstreetmap.org", "www.google.com", "maps.apple.com",
        ]  # fmt: skip
        assert all("Example%20Street" in link["href"] for link in links)

    def test_are_not_offered_for_a_private_address(self, client):
        shelter = make_facility(street="12 Hidden Lane", is_address_confidential=True)
        page = Page(client.get(address(shelter)))
        assert page.all(".other-maps") == []
        assert page.all('[data-copy="address"]') == []


class TestFolding:
    def test_shows_the_first_words_of_what_is_folded(self, client):
        listing = make_facility(services="medicaid medicare private-insurance tricare self-payment")
        html = client.get(address(listing)).content.decode()
        section = html[html.index('id="section-payment"') : html.index('id="section-people"')]
        assert "Medicaid; Medicare" in section[: section.index("<details")]
        assert "and 1 more" in section

    def test_shows_two_doubts_and_folds_the_others(self, client):
        listing = make_facility(
            services="no-opioid-treatment opioid-detox buprenorphine methadone naltrexone"
        )
        html = client.get(address(listing)).content.decode()
        doubts = html[html.index('id="against"') : html.index('id="where"')]
        shown, folded = doubts.split("<details>")
        assert shown.count("Which is right?") == 2
        assert f"{folded.count('<li>')} more doubt" in folded


class TestPosition:
    def test_is_words_for_people_and_numbers_for_machines_alone(self, client, alder):
        html = client.get(address(alder)).content.decode()
        body = html[html.index("<body") :]
        assert "40.7" not in body
        assert '"latitude": 40.7' in html


class TestAddress:
    def test_other_words_lead_to_the_right_ones(self, client, alder):
        response = client.get(f"/facility/some-old-name-{alder.code}/")
        assert response.status_code == 301
        assert response["Location"] == address(alder)

    def test_stays_in_spanish(self, client, alder):
        response = client.get(f"/es/facility/x-{alder.code}/")
        assert response["Location"] == "/es" + address(alder)

    @pytest.mark.parametrize("slug", ["x", "alder-house-aaaaaaaa", "--------", "a" * 300])
    def test_unknown_is_a_404_with_the_help_line(self, client, alder, slug):
        response = client.get(f"/facility/{slug}/")
        assert response.status_code == 404
        assert "1-800-662-4357" in response.content.decode()

    def test_merged_leads_on_hidden_is_gone_draft_is_unknown(self, client, alder):
        merged = make_facility(name="Old", status="hidden", merged_into=alder)
        hidden = make_facility(name="Hidden", status="hidden")
        draft = make_facility(name="Draft", status="draft")
        assert client.get(address(merged))["Location"] == address(alder)
        assert client.get(address(hidden)).status_code == 410
        assert client.get(address(draft)).status_code == 404

    def test_withdrawn_says_so_and_is_not_indexed(self, client):
        gone = make_facility(name="Gone", status="withdrawn", source_release=make_release())
        response = client.get(address(gone))
        assert response.status_code == 200
        html = response.content.decode()
        assert "Call first" in html
        assert 'content="noindex"' in html


class TestConfidentialAddress:
    def test_stays_out_of_text_position_and_structured_data(self, client):
        shelter = make_facility(
            name="Shelter", street="12 Hidden Lane", zip="10463", city="Bronx", state="NY",
            latitude=40.8812, longitude=-73.9034, is_address_confidential=True, services="women",
        )  # fmt: skip
        html = client.get(address(shelter)).content.decode()
        for secret in ("Hidden Lane", "10463", "40.88", "73.90"):
            assert secret not in html


class TestStructuredData:
    def test_is_valid_json_that_says_what_the_page_says(self, client, alder):
        page = Page(client.get(address(alder)))
        described = json.loads(page.one('script[type="application/ld+json"]').text())
        assert described["name"] == "Alder House"
        assert described["telephone"] == "718-555-0142"
        assert described["address"]["postalCode"] == "11206"

    def test_no_name_ends_its_element(self, client):
        evil = make_facility(name="</script><script>alert(1)</script>")
        html = client.get(address(evil)).content.decode()
        assert "<script>alert" not in html


class TestDirections:
    ELY = (39.24744, -114.88863)  # of GeoNames; 0.0145 degrees of latitude are one mile

    def words(self, client, **fields) -> str:
        page = Page(client.get(address(make_facility(**fields))))
        return " ".join(page.texts(".location .soft"))

    def test_are_words_from_the_town_of_the_address(self, client):
        words = self.words(
            client, city="Ely", state="NV", latitude=self.ELY[0] + 4 * 0.0145, longitude=self.ELY[1]
        )
        assert re.fullmatch(r"(3\.9|4\.[01]) miles N of the center of Ely, NV", words)

    @pytest.mark.parametrize(
        "fields",
        [
            {"city": "Ely", "state": "NV", "latitude": 39.25, "longitude": -114.88863},
            {"city": "Ely", "state": "NV", "latitude": 39.40, "longitude": -114.88863,
             "position_origin": "zip"},
            {"city": "Brooklyn", "state": "NY", "latitude": 40.70, "longitude": -73.95},
        ],
        ids=["in the town", "center of a ZIP code", "a large city"],
    )  # fmt: skip
    def test_are_left_out_where_they_would_orient_nobody(self, client, fields):
        assert self.words(client, **fields) == ""

    def test_are_not_given_inside_a_town(self, client):
        found = make_facility(city="Ely", state="NV", latitude=39.248, longitude=-114.889)
        assert "of the center of" not in client.get(address(found)).content.decode()


class TestNearby:
    """0.03 degrees of latitude are 2.07 miles."""

    PLACE = {"city": "Brooklyn", "state": "NY", "zip": "11206", "longitude": -73.94}

    def nearby(self, client, facility: Facility):
        return Page(client.get(address(facility))).one(".nearby")

    def test_are_alike_in_kind_of_care(self, client):
        unit = make_facility(name="Unit", services="hospital-detox", latitude=40.70, **self.PLACE)
        for name, services, latitude in (
            ("Clinic", "outpatient", 40.701),
            ("Detox without hospital", "residential-detox", 40.71),
            ("Other unit", "hospital-detox outpatient", 40.73),
            ("Far unit", "hospital-detox", 41.70),
        ):
            make_facility(name=name, services=services, latitude=latitude, **self.PLACE)
        shown = self.nearby(client, unit)

        assert [link.text() for link in shown.css("a.name")] == ["Other unit"]
        assert [" ".join(each.text().split()) for each in shown.css(".distance")] == [
            "Hospital · Overnight detox · Outpatient · 2.1 miles N of here"
        ]
        assert "the same kind of care: detox in a hospital." in text_of(shown)

    def test_name_each_source_once(self, client):
        here = make_facility(services="outpatient", latitude=40.70, **self.PLACE)
        new, old = (make_release(edition=edition) for edition in ("2023", "2022"))
        for number, release in enumerate((new, old, new), start=1):
            make_facility(
                services="outpatient", latitude=40.70 + number / 100, source_release=release,
                **self.PLACE,
            )  # fmt: skip
        sources = [text_of(each) for each in self.nearby(client, here).css(".source")]

        assert [re.search(r"\((\d+)\)", source)[1] for source in sources] == ["2023", "2022"]

    def test_say_so_if_there_is_none(self, client):
        unit = make_facility(name="Unit", services="hospital-detox", latitude=40.70, **self.PLACE)
        make_facility(name="Clinic", services="outpatient", latitude=40.71, **self.PLACE)
        shown = self.nearby(client, unit)

        assert (
            "This list has no other place within 50 miles with the same kind of care: detox in a"
            " hospital."
        ) in text_of(shown)
        assert [link.attributes["href"] for link in shown.css("a")] == [
            "/search/?place=11206&setting=overnight-detox"
        ]

    def test_name_the_next_best_where_no_other_hospital_has_detox(self, client):
        unit = make_facility(name="Unit", services="hospital-detox", latitude=40.70, **self.PLACE)
        make_facility(name="House", services="residential-detox", latitude=40.73, **self.PLACE)
        shown = self.nearby(client, unit)

        assert [link.text() for link in shown.css("a.name")] == ["House"]
        assert "with the same kind of care: detox in a hospital. The nearest with" in text_of(shown)
        assert "something like it: overnight detox." in text_of(shown)

    @pytest.mark.parametrize(
        ("kind", "shown"),
        [
            ("residential women", ["For women", "For both"]),
            ("residential women men", ["For women", "For both", "For men", "For nobody told"]),
            ("residential children", ["For teens"]),
        ],
    )
    def test_take_the_same_people(self, client, kind, shown):
        here = make_facility(services=kind, latitude=40.70, **self.PLACE)
        for number, (name, people) in enumerate(
            [("For women", "women"), ("For both", "women men"), ("For men", "men"),
             ("For nobody told", ""), ("For teens", "women men children adults")], start=1
        ):  # fmt: skip
            make_facility(
                name=name, services=f"residential {people}", latitude=40.70 + number / 100,
                **self.PLACE,
            )  # fmt: skip
        links = self.nearby(client, here).css("a.name")

        wanted = shown if "children" in kind else [*shown, "For teens"]
        assert [link.text() for link in links] == wanted

    def test_are_of_any_kind_where_none_is_reported(self, client):
        silent = make_facility(latitude=40.70, **self.PLACE)
        make_facility(name="Clinic", services="outpatient", latitude=40.71, **self.PLACE)
        shown = self.nearby(client, silent)

        assert [link.text() for link in shown.css("a.name")] == ["Clinic"]
        assert "is not reported. These are the nearest of any kind." in text_of(shown)

    def test_are_measured_from_what_is_known_of_the_place(self, client):
        rough = make_facility(
            services="outpatient", latitude=40.70, position_origin="zip", street="1 Example Street",
            **self.PLACE,
        )  # fmt: skip
        make_facility(
            name="Beside", services="outpatient", latitude=40.70, position_origin="zip",
            street="1 Example Street", **self.PLACE,
        )  # fmt: skip
        make_facility(name="Clinic", services="outpatient", latitude=40.73, **self.PLACE)
        distances = [text_of(each) for each in self.nearby(client, rough).css(".distance")]

        assert distances == [
            "Outpatient · at the same address",
            "Outpatient · 2.1 miles N of the center of ZIP code 11206",
        ]


class TestDemonstration:
    def test_wears_a_banner_and_is_not_indexed(self, client):
        release = make_release(is_demonstration=True)
        invented = make_facility(name="Invented", source_release=release)
        html = client.get(address(invented)).content.decode()
        assert "Every facility here is invented" in html
        assert 'content="noindex"' in html


class TestQueries:
    def test_are_facility_nearby_doubts_checks_today_release(self, client, alder):
        client.get(address(alder))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(alder))
        assert len(queries) == 6, [query["sql"][:90] for query in queries]


class TestWayBack:
    @pytest.mark.parametrize(
        ("came_from", "address"),
        [
            ("http://testserver/search/?place=11206&page=2", "/search/?place=11206&page=2"),
            ("http://testserver/map/?place=11206", "/map/?place=11206"),
            ("http://elsewhere.example/search/?place=11206", None),
            ("http://testserver/guides/?next=/search/", None),
            ("http://[", None),
            ("", None),
        ],
    )
    def test_leads_to_the_search_that_the_visitor_comes_from(self, client, came_from, address):
        facility = make_facility(name="Alder House")
        headers = {"referer": came_from} if came_from else {}
        page = Page(client.get(facility.get_absolute_url(), headers=headers))

        assert page.links(".back a") == ([address] if address else [])

    def test_hands_that_search_on_to_the_call_sheet(self, client):
        facility = make_facility(name="Alder House")
        search = "place=11206&payment=medicaid"

        page = Page(
            client.get(
                facility.get_absolute_url(),
                headers={"referer": f"http://testserver/search/?{search}&page=2"},
            )
        )

        assert f"/call/{facility.code}/?{search}" in page.links(".ways a")
