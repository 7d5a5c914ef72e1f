"""Sheets to hold in the hand: their order, their words, their limits, what they never ask."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.facts.hours import format_hours
from facilities.models import Facility
from facilities.presenters import qr, sms
from facilities.presenters.call_sheet import call_order

from ..support.factories import make_facility, make_release
from ..support.html import Page, text_of

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def kept(path: str, *facilities) -> str:
    return path + ",".join(each.code for each in facilities) + "/"


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def sheet_of(client, address: str) -> Page:
    return Page(client.get(address))


@pytest.fixture
def pair(db) -> list[Facility]:
    """One that shows little, and one that shows the first criterion."""
    release = make_release(edition="2023")
    near = {"city": "Brooklyn", "state": "NY", "zip": "11206", "source_release": release}
    return [
        make_facility(name="Alder", phone="718-555-0142", services="detox women", **near),
        make_facility(
            name="Birch", phone="718-555-0143", phone_extension="7", street="2 Main Street",
            services="carf state-health buprenorphine medicaid", **near,
        ),
    ]  # fmt: skip


@pytest.mark.django_db
class TestOrder:
    def names(self, *facilities):
        return [facility.name for facility in call_order(facilities)]

    def test_puts_the_best_fit_first(self, pair):
        assert self.names(*pair) == ["Birch", "Alder"]

    def test_puts_a_line_open_day_and_night_before_it(self, pair):
        open_now = make_facility(name="Cedar", hours={"always": True})

        assert self.names(*pair, open_now) == ["Cedar", "Birch", "Alder"]

    def test_puts_the_last_checked_first_among_equals(self):
        early, late = (
            make_facility(name=name, last_verified_on=date(2026, month, 1))
            for name, month in (("Early", 1), ("Late", 2))
        )

        assert self.names(make_facility(name="Never"), early, late) == ["Late", "Early", "Never"]

    def test_puts_ongoing_medication_first_where_all_offer_opioid_detox(self):
        fuller = make_facility(name="Fuller", services="opioid-detox carf state-health")
        ongoing = make_facility(name="Ongoing", services="opioid-detox methadone-maintenance")

        assert self.names(fuller, ongoing) == ["Ongoing", "Fuller"]

    def test_keeps_the_order_given_among_equals(self):
        twins = [make_facility(name=name) for name in ("First", "Second")]

        assert self.names(*twins) == ["First", "Second"]


class TestHours:
    def test_read_as_days_and_times(self):
        hours = {"tue": [["08:00", "12:00"], ["13:30", "17:00"]], "mon": [["00:00", "12:00"]]}

        assert format_hours(hours) == "Mon midnight–noon; Tue 8 a.m.–noon, 1:30 p.m.–5 p.m."

    def test_are_nothing_where_nobody_has_said(self):
        assert format_hours({}) == ""


class TestCallSheet:
    def test_calls_in_order_and_asks_first_for_a_place(self, client, pair):
        html = page(client, kept("/call/", *pair))

        assert html.index("718-555-0143") < html.index("718-555-0142")
        [first, *_] = Page(html).texts(".words")
        assert first == "Do you have a place for me today? If not, within 48 hours?"

    def test_can_be_dialed_by_a_tap(self, client, pair):
        assert 'href="tel:+17185550142"' in page(client, kept("/call/", *pair))

    def test_has_boxes_for_how_the_call_ended(self, client, pair):
        sheet = sheet_of(client, kept("/call/", pair[0]))

        assert sheet.attributes("[data-mark]", "data-mark") == [
            "can-take-me", "waiting-list", "no-answer", "wrong-number", "full",
            "not-my-insurance", "not-my-medication",
        ]  # fmt: skip

    def test_opens_three_questions_and_folds_the_rest(self, client, pair):
        sheet = sheet_of(client, kept("/call/", pair[0]))

        (folded,) = sheet.tree.css("details")
        assert folded.attributes.get("open", "closed") == "closed"
        everything = len(sheet.tree.css(".ask li"))
        assert len(folded.css("li")) == everything - 3
        assert text_of(folded.css_first("summary")) == f"{everything - 3} more questions"
        assert folded.css_first("ol").attributes["start"] == "4"

    def test_opens_all_questions_where_that_is_asked(self, client, pair):
        folded, opened = (
            sheet_of(client, kept("/call/", pair[0]) + query) for query in ("", "?questions=all")
        )

        assert "open" in opened.tree.css_first("details").attributes
        assert kept("/call/", pair[0]) + "?questions=all" in folded.links("main a")

    def test_leads_from_a_wrong_number_to_the_report_form(self, client, pair):
        sheet = sheet_of(client, kept("/call/", pair[0]))
        link = sheet.tree.css_first('[data-after="wrong-number"] a').attributes["href"]

        form = sheet_of(client, link)

        assert link.startswith(f"/facility/{pair[0].slug}/report/")
        assert "checked" in form.tree.css_first('input[value="phone"]').attributes

    def test_names_the_law_where_a_medication_is_refused(self, client, pair):
        sheet = sheet_of(client, kept("/call/", pair[0]))
        told = sheet.tree.css_first('[data-after="not-my-medication"]')

        assert "because of a prescribed medication may break the Americans" in told.text()
        assert told.css_first("a").attributes["href"].startswith("https://www.ada.gov/")
        assert "April 2022" in told.text()

    def test_asks_for_what_was_searched_for(self, client, pair):
        search = (
            "?place=11206&payment=medicaid&keeps=keep-methadone&setting=overnight-detox"
            "&ignored=takes+my+dog"
        )
        sheet = sheet_of(client, kept("/call/", pair[1]) + search)

        asked = sheet.texts(".words")[:4]
        assert asked == [
            "I am looking for: Overnight detox. "
            "Do you have a place for me today? If not, within 48 hours?",
            "I have: Medicaid. Do you take my exact plan? What will I pay?",
            "I take Methadone. Can I stay on it with you, from the first day?",
            "I am also looking for this: takes my dog. Is that possible?",
        ]

    def test_says_what_the_listing_knows_of_what_was_searched_for(self, client, pair):
        # Birch lists "carf state-health buprenorphine medicaid".
        search = "?payment=medicaid&payment=medicare&setting=overnight-detox&keeps=keep-methadone"
        sheet = sheet_of(client, kept("/call/", pair[1]) + search)

        assert sheet.texts(".need-answers li") == [
            "Overnight detox: not reported (ask)",
            "Keep my medication: Methadone: not reported (ask)",
            "Medicaid: yes",
            "Medicare: not listed (ask)",
        ]

    def test_shows_kind_distance_and_what_the_listing_says_beside_the_questions(self, client, db):
        facility = make_facility(
            services="residential-detox detox opioid-detox medicaid buprenorphine adults women",
            latitude=40.7, longitude=-73.94, zip="11206",
        )  # fmt: skip
        sheet = sheet_of(client, kept("/call/", facility) + "?place=11206")

        (text,) = sheet.texts(".identity")
        assert "Overnight detox" in text
        assert "of 11206" in text
        assert "women only, adults (26 to 64)" in text
        assert "overnight: opioids" in text
        assert sheet.texts(".listing") == ["The listing: Medicaid", "The listing: Buprenorphine"]

    def test_does_not_name_twice_what_dials_the_same_number(self, client, db):
        facility = make_facility(
            phone="718-555-0142", phone_extension="8",
            intake_phones=[{"number": "718-555-0142"}, {"number": "718-555-0143"}],
        )  # fmt: skip
        sheet = sheet_of(client, kept("/call/", facility))

        assert sheet.links(".calls a") == ["tel:+17185550142,8", "tel:+17185550143"]

    def test_can_send_nothing(self, client, pair):
        sheet = sheet_of(client, kept("/call/", *pair))

        assert sheet.all("main form, main input[name], main textarea[name]") == []

    def test_says_where_hours_are_not_known(self, client, pair):
        assert page(client, kept("/call/", pair[0])).count("Hours not reported.") == 1

    def test_asks_in_both_languages_in_spanish(self, client, pair):
        html = page(client, "/es" + kept("/call/", *pair))

        spanish = html.count('<span class="words">')
        assert html.count('<span class="english" lang="en">') == spanish > 10
        assert "I need a Spanish interpreter, free of charge." in html

    def test_asks_in_english_alone_in_english(self, client, pair):
        assert 'class="english"' not in page(client, kept("/call/", *pair))

    def test_keeps_hostile_names_inert(self, client, pair):
        hostile = make_facility(name=HOSTILE, program_name=HOSTILE, street=HOSTILE)

        for path in ("/call/", "/handout/"):
            assert "<img src=x" not in page(client, kept(path, hostile))

    def test_takes_from_one_to_twelve(self, client, db):
        thirteen = [make_facility(name=f"House {number}") for number in range(13)]

        assert client.get(kept("/call/", *thirteen[:12])).status_code == 200
        assert client.get(kept("/call/", *thirteen)).status_code == 400
        assert client.get("/call/").status_code == 400

    @pytest.mark.parametrize(("path", "queries_needed"), [("/call/", 3), ("/handout/", 2)])
    def test_costs_as_many_queries_for_any_number(self, client, pair, path, queries_needed):
        counts = []
        page(client, kept(path, *pair))  # the releases of facilities are kept with the data version
        for facilities in (pair[:1], pair):
            with CaptureQueriesContext(connection) as queries:
                page(client, kept(path, *facilities))
            counts.append(len(queries))

        # The facilities; the newest release; on a call sheet what they said of today.
        assert counts == [queries_needed] * 2


class TestHandout:
    def test_gives_each_a_code_and_the_date_of_its_facts(self, client, pair):
        html = page(client, kept("/handout/", *pair))

        assert len(Page(html).all("svg.qr")) == 2
        assert html.count("Facts as of 2023: the facility told SAMHSA. Not checked by us.") == 2

    def test_says_what_kind_of_place_each_is(self, client, db):
        facility = make_facility(services="residential-detox detox")

        assert "Overnight detox" in sheet_of(client, kept("/handout/", facility)).texts(".facts")[0]

    def test_does_not_say_what_was_searched_for(self, client, pair):
        boxes = "&".join(f"facility={facility.uuid}" for facility in pair)

        response = client.get(f"/handout/?{boxes}&place=11206&payment=medicaid")

        assert response.url == kept("/handout/", *pair)

    def test_asks_nothing_of_the_person(self, client, pair):
        sheet = sheet_of(client, kept("/handout/", *pair))

        assert sheet.all("main input") == []
        assert len(sheet.all("main textarea")) == len(sheet.all("main textarea[readonly]")) == 2

    def test_has_a_large_print(self, client, pair):
        assert 'class="handout large"' in page(client, kept("/handout/", *pair) + "?large=1")

    def test_keeps_a_private_address(self, client, pair):
        secret = make_facility(name="Elm", street="9 Quiet Lane", is_address_confidential=True)

        assert "Quiet Lane" not in page(client, kept("/handout/", secret))

    def test_is_not_for_search_engines(self, client, pair):
        for path in ("/handout/", "/call/"):
            assert 'content="noindex"' in page(client, kept(path, *pair))


class TestCode:
    def test_is_black_on_white_without_style_or_script(self):
        drawn = qr.qr_code_svg("https://directory.example/facility/abcdefgh/")

        assert 'fill="#fff"' in drawn
        assert 'stroke="#000"' in drawn
        assert "style" not in drawn
        assert "<script" not in drawn


class TestTextMessage:
    def message(self, **fields):
        defaults = {"name": "Alder", "city": "Troy", "state": "NY", "zip": "12180"}
        return sms.facility_text_message(Facility(**defaults | fields), date(2023, 12, 31))

    def test_says_who_where_and_how_old(self):
        found = self.message(phone="518-555-0142", street="1 Main Street")

        assert found == (
            "Alder. 1 Main Street, Troy, NY 12180. 518-555-0142. Call first. Facts of 2023."
            " Any hour: SAMHSA 1-800-662-4357"
        )

    def test_is_never_longer_than_one_message(self):
        found = self.message(name="N" * 200, street="S" * 200, city="C" * 100, phone="518-555-0142")

        assert len(found) <= 160

    def test_keeps_the_phone_whatever_is_cut(self):
        found = self.message(name="N" * 200, street="S" * 38, city="C" * 30, phone="518-555-0142")

        assert "518-555-0142" in found

    def test_uses_only_signs_that_phones_send_whole(self):
        assert sms.to_gsm7("Clínica “Niño” – €5 ☂") == 'Clinica "Niño" -  5  '

    def test_keeps_a_private_address(self):
        assert "Quiet" not in self.message(street="9 Quiet Lane", is_address_confidential=True)


class TestWorksheets:
    @pytest.mark.parametrize("slug", ["emergency-plan", "aftercare-plan"])
    def test_can_send_nothing(self, client, db, slug):
        worksheet = sheet_of(client, f"/worksheets/{slug}/")

        assert len(worksheet.all("main input, main textarea")) > 8
        assert worksheet.all("main form, main input[name], main textarea[name]") == []

    def test_have_the_lines_they_are_for(self, client, db):
        emergency = page(client, "/worksheets/emergency-plan/")
        aftercare = page(client, "/worksheets/aftercare-plan/")

        assert all(word in emergency for word in ("Clinician", "Nearest hospital", "Naloxone"))
        assert all(word in aftercare for word in ("appointment", "prescribes", "Groups", "goals"))

    def test_of_another_name_are_not_there(self, client, db):
        assert client.get("/worksheets/gold/").status_code == 404
