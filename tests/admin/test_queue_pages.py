"""The calls of the queue in the admin: one after the other, no two curators at one listing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from facilities.curation import FactCheck, record_checks
from facilities.models import Assignment, Facility, Proposal, Report, Verification

from ..support.accounts import client_of, staff_member
from ..support.factories import ON_PAPER, make_facility, make_listing, make_release, make_report
from ..support.html import Page
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 4, 16, tzinfo=UTC)  # Monday: 11 a.m. in New York, 6 a.m. in Honolulu
QUEUE, NEXT = "/admin/queue/", "/admin/queue/next/"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana():
    return staff_member("curator", name="ana")


@pytest.fixture
def client(ana) -> Client:
    return client_of(ana)


@pytest.fixture
def listing() -> Facility:
    return make_listings(1)[0]


def make_listings(count: int) -> list[Facility]:
    release = make_release(edition="2022")
    return [make_listing(release=release, name1=f"House {number}") for number in range(count)]


def text_of(answer) -> str:
    return Page(answer).text


def address(facility, part="") -> str:
    return f"{QUEUE}{facility.code}/{part}"


def end_call(client, answer, outcome, **more):
    """Press an outcome on the page of a call, a minute after it opened; follow to what is next."""
    shown = Page(answer).attribute("input[name=shown]", "value")
    fields = {"sure": outcome, "shown": shown, **more}
    page = "{PATH_INFO}?{QUERY_STRING}".format_map(answer.request)
    return client.post(page, fields, follow=True)


class TestCurator:
    @pytest.mark.slow
    def test_clears_ten_entries_one_after_the_other(self, client, ana):
        listings = make_listings(10)

        page = client.post(NEXT, follow=True)
        for _ in range(10):
            page = end_call(client, page, "confirmed")

        assert "Nothing waits here now" in text_of(page)
        checked = Verification.objects.filter(fact="phone", checked_by=ana, outcome="confirmed")
        assert {each.facility_id for each in checked} == {each.pk for each in listings}
        assert not Assignment.objects.filter(assigned_to__isnull=False).exists()

    def test_never_gets_what_another_has(self, client):
        make_listings(4)
        ben = client_of(staff_member("curator", name="ben"))

        taken = [who.post(NEXT)["Location"] for who in (client, ben, client, ben)]

        assert len(set(taken)) == 4
        assert client.post(NEXT)["Location"] == QUEUE

    def test_is_told_that_another_has_it(self, client, listing):
        ben = client_of(staff_member("curator", name="ben"))
        page = ben.get(address(listing))
        client.post(address(listing, "turn/"), {"do": "take"})

        answer = end_call(ben, page, "confirmed")

        assert answer.status_code == 409
        assert "Somebody else has this listing in hand" in text_of(answer)
        assert not Verification.objects.exists()

    def test_is_told_that_a_fact_changed_meanwhile(self, client, listing):
        page = client.get(address(listing))
        record_seconded(listing, [FactCheck("name", "corrected", "Birch")], by=None, now=NOW)

        answer = end_call(client, page, "confirmed")

        assert answer.status_code == 409
        assert "Somebody else changed this meanwhile" in text_of(answer)
        assert "Birch" in text_of(answer)

    def test_stays_in_the_state_and_zone_that_were_asked_for(self, client):
        make_listings(2)
        old = {
            "source_release": make_release(edition="2021"),
            "latitude": 21.31,
            "longitude": -157.86,
        }
        make_facility(state="HI", **old)

        page = client.post(f"{NEXT}?state=NY&zone=now", follow=True)
        page = end_call(client, page, "no_answer")

        assert page.request["QUERY_STRING"] == "state=NY&zone=now"
        assert "Albany, NY" in text_of(page)
        assert "Nothing waits here now" in text_of(end_call(client, page, "no_answer"))

    def test_who_found_something_wrong_goes_to_the_form_of_the_facility(self, client, listing):
        page = client.get(address(listing))

        answer = end_call(client, page, "corrected", wrong=["phone"])

        form = f"/admin/facilities/facility/{listing.pk}/change/?wrong=phone"
        assert answer.redirect_chain[0][0] == form
        [marked] = Page(answer).all("strong.marked")
        assert (marked.text(), "Phone wrong" in text_of(answer)) == ("wrong", True)
        assert not Verification.objects.filter(fact="phone").exists()
        assert Verification.objects.filter(fact="name", outcome="confirmed").exists()
        assert "Corrections made: next" in text_of(client.get(address(listing)))

    def test_leads_from_the_form_back_to_the_call_under_its_filter(self, client, listing):
        page = client.post(f"{NEXT}?state=NY", follow=True)
        form = end_call(client, page, "corrected", wrong=["phone"])
        found = {"seen-city": '"Albany"', "to-city": "Troy", "method": "phone"}

        answer = client.post(f"{form.request['PATH_INFO']}?state=NY", found)

        assert form.request["QUERY_STRING"] == "state=NY&wrong=phone"
        assert answer.url == f"{address(listing)}?state=NY"
        assert answer.url in Page(form).links()

    def test_answers_a_report_with_the_call(self, client, listing):
        report = make_report(facility=listing, message="<b>Nobody answers</b>")
        page = client.get(address(listing))
        assert "<b>Nobody" not in page.content.decode()

        end_call(client, page, "confirmed", **{f"report-{report.pk}": ""})

        report.refresh_from_db()
        assert report.state == Report.State.CONFIRMED

    def test_makes_the_second_check_of_another_ones_number(self, client, listing):
        ben = staff_member("curator", name="ben")
        record_checks(listing, [FactCheck("phone", "corrected", "518-555-0102")], by=ben, now=NOW)
        proposal = Proposal.objects.get()
        assert "518-555-0101 → 518-555-0102" in text_of(client.get(address(listing)))

        client.post(address(listing, f"proposal/{proposal.pk}/"), {"answer": "accept", **ON_PAPER})

        listing.refresh_from_db()
        assert listing.phone == "518-555-0102"

    def test_cannot_be_the_second_to_check_a_change_of_their_own(self, client, ana, listing):
        record_checks(listing, [FactCheck("phone", "corrected", "518-555-0102")], by=ana, now=NOW)
        path = address(listing, f"proposal/{Proposal.objects.get().pk}/")

        answer = client.post(path, {"answer": "accept", **ON_PAPER}, follow=True)

        assert "Check it again later" in text_of(answer)
        listing.refresh_from_db()
        assert listing.phone == "518-555-0101"


class TestDoubt:
    def test_asks_before_it_records_what_was_pressed_at_once(self, client, listing):
        page = client.get(address(listing))
        shown = Page(page).attribute("input[name=shown]", "value")

        answer = client.post(address(listing), {"outcome": "confirmed", "shown": shown})

        assert answer.status_code == 409
        assert "You opened this page 0 seconds ago" in text_of(answer)
        assert not Verification.objects.exists()
        # The same key again asks again: only the answer to the question counts.
        shown = Page(answer).attribute("input[name=shown]", "value")
        again = client.post(address(listing), {"outcome": "confirmed", "shown": shown})
        assert "You opened this page" in text_of(again)
        end_call(client, again, "confirmed")
        assert Verification.objects.filter(fact="phone").exists()

    def test_asks_nothing_after_a_call_that_took_its_time(self, client, listing):
        page = client.get(address(listing))
        shown = Page(page).attribute("input[name=shown]", "value")

        with time_machine.travel(NOW + timedelta(seconds=15), tick=False):
            client.post(address(listing), {"outcome": "confirmed", "shown": shown})

        assert Verification.objects.filter(fact="phone").exists()

    def test_asks_at_night(self, client, listing):
        with time_machine.travel(NOW + timedelta(hours=10), tick=False):
            shown = Page(client.get(address(listing))).attribute("input[name=shown]", "value")
        with time_machine.travel(NOW + timedelta(hours=10, minutes=5), tick=False):
            answer = client.post(address(listing), {"outcome": "no_answer", "shown": shown})

        assert "It is 9:05 p.m. there. Did you call?" in text_of(answer)
        assert not Assignment.objects.exclude(last_outcome="").exists()

    def test_keeps_what_was_ticked_and_typed(self, client, listing):
        page = client.get(address(listing))
        shown = Page(page).attribute("input[name=shown]", "value")
        typed = {"outcome": "corrected", "shown": shown, "wrong": ["phone"], "note": "Spoke to Al"}

        answer = Page(client.post(address(listing), typed))

        assert answer.attribute("input[name=wrong][checked]", "value") == "phone"
        assert answer.texts("#note") == ["Spoke to Al"]


class TestUndo:
    def test_takes_one_press_after_the_call(self, client, listing):
        end_call(client, client.get(address(listing)), "confirmed")
        # The message stands on the page that comes after the call.
        page = end_call(client, client.get(address(listing)), "no_answer")
        (action,) = [form for form in Page(page).attributes("form", "action") if "/undo/" in form]

        answer = client.post(action, follow=True)

        assert "the call was undone" in text_of(answer)
        assert Assignment.objects.get().last_outcome == "confirmed"

    def test_stands_on_the_page_of_the_facility_too(self, client, listing):
        end_call(client, client.get(address(listing)), "confirmed")
        page = Page(client.get(f"/admin/facilities/facility/{listing.pk}/change/"))
        (action,) = [form for form in page.attributes("form", "action") if "/undo/" in form]

        client.post(action)

        assert not Verification.objects.standing().exists()

    def test_of_no_call_is_not_found(self, client):
        assert client.post(f"{QUEUE}undo/99/").status_code == 404


class TestTurn:
    def test_is_taken_given_and_put_back(self, client, listing):
        ben = staff_member("curator", name="ben")
        path = address(listing, "turn/")

        holders = []
        for asked in ({"do": "take"}, {"do": "give", "to": ben.pk}, {"do": "put_back"}):
            client.post(path, asked)
            holders.append(str(Assignment.objects.get().assigned_to))

        assert holders == ["ana", "ben", "None"]

    @pytest.mark.parametrize(
        ("until", "morning"),
        [
            ("2024-03-06", datetime(2024, 3, 6, 14, tzinfo=UTC)),
            ("2024-03-09", datetime(2024, 3, 11, 13, tzinfo=UTC)),  # a Saturday; summer time
            ("2024-03-04", None), ("2023-01-01", None), ("2026-01-01", None), ("", None),
            ("2024-02-31", None), ("soon", None),
        ],
    )  # fmt: skip
    def test_is_put_off_to_a_working_day_of_the_coming_year(self, client, listing, until, morning):
        client.post(address(listing, "turn/"), {"do": "put_off", "until": until})

        turn = Assignment.objects.filter(snoozed_until__isnull=False).first()
        assert (turn and turn.snoozed_until) == morning

    @pytest.mark.parametrize("to", ["", "0", "-1", "x", "9" * 30])
    def test_is_not_given_to_nobody(self, client, listing, to):
        answer = client.post(address(listing, "turn/"), {"do": "give", "to": to}, follow=True)

        [problem] = Page(answer).texts("li.error")
        assert problem.startswith("Give it to: ")
        assert not Assignment.objects.filter(assigned_to__isnull=False).exists()


class TestPage:
    @pytest.mark.parametrize("shown", ["", "x", "e30:1abc:xyz"])
    def test_refuses_facts_that_it_did_not_show(self, client, listing, shown):
        answer = client.post(address(listing), {"outcome": "confirmed", "shown": shown})

        assert answer.status_code == 400
        assert not Verification.objects.exists()

    def test_refuses_an_outcome_that_it_does_not_offer(self, client, listing):
        assert client.post(address(listing), {"outcome": "x"}).status_code == 400

    @pytest.mark.parametrize("part", ["", "turn/", "proposal/1/"])
    def test_of_a_listing_that_is_not_there_is_not_found(self, client, part):
        assert client.post(f"{QUEUE}abcdefgh/{part}").status_code == 404

    @pytest.mark.parametrize("path", ["", "weights/", "next/", "abcdefgh/", "abcdefgh/turn/"])
    def test_asks_a_stranger_to_log_in(self, path):
        answer = Client().get(QUEUE + path)

        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]

    def test_takes_the_same_queries_whatever_is_read_out(self, client, listing):
        make_listing(codes="SA DT * OP HH * ODTX ADTX BDTX * MU BU NU * MD MC PI")
        counts = []
        for facility in (listing, Facility.objects.last(), listing):
            with CaptureQueriesContext(connection) as found:
                client.get(address(facility))
            counts.append(len(found))

        assert counts[1] == counts[2]
