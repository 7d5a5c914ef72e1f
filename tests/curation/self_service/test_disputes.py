"""A facility disputes a fact: the page says so with the day until staff answer the facility."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from facilities.curation import FactCheck, record_checks
from facilities.curation.disputes import answer_dispute, answer_due
from facilities.facts.findings import CheckNotAllowed
from facilities.models import Dispute

from ...support.accounts import client_of, staff_client, staff_member
from ...support.factories import make_listing
from ...support.html import Page
from ...support.self_service_client import address_for, send

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, 20, tzinfo=UTC)  # a Friday
NOTE = "The facility disputes this (March 1, 2024)."
LIST = "/admin/facilities/dispute/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def listing():
    return make_listing(name1="Alder House")


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def dispute_fact(client, clock, listing):
    address = address_for(listing, NOW)

    def post(fact: str, why="That is not so."):
        return send(client, address, clock, act="dispute", fact=fact, why=why)

    post.address = address
    return post


class TestDispute:
    @pytest.mark.parametrize(
        ("fact", "place"),
        [("name", "header"), ("street", ".location"), ("service:detox", ".sections")],
    )
    def test_stands_on_the_fact_with_its_day(self, client, listing, dispute_fact, fact, place):
        dispute_fact(fact)

        page = Page(client.get(f"/facility/{listing.slug}/"))

        assert NOTE in page.texts(f"main {place}")[0]

    def test_of_the_number_stands_beside_it_and_on_the_card(self, client, listing, dispute_fact):
        dispute_fact("phone")

        for address in (f"/facility/{listing.slug}/", "/search/?place=12207"):
            words = client.get(address).text
            assert "The facility disputes this number (March 1, 2024)." in words

    def test_of_a_service_stands_on_the_card_and_in_the_short_facts(
        self, client, listing, dispute_fact
    ):
        record_checks(
            listing, [FactCheck("service:detox", "confirmed", method="phone")],
            by=staff_member("curator", name="ana"), now=NOW,
        )  # fmt: skip
        dispute_fact("service:detox")

        card = client.get("/search/?place=12207").text
        page = Page(client.get(f"/facility/{listing.slug}/"))

        assert "The facility disputes: Detox (March 1, 2024)." in card
        assert NOTE in page.texts("[data-fact=detox]")[0]

    def test_is_told_by_the_api(self, client, listing, dispute_fact):
        dispute_fact("phone")
        dispute_fact("service:detox")

        told = client.get(f"/api/v1/facilities/{listing.code}/").json()

        assert [each["fact"] for each in told["facts"] if each["disputed_on"]] == ["phone"]
        disputed = {each["service"]: each["disputed_on"] for each in told["service_answers"]}
        assert disputed["detox"] == "2024-03-01"
        assert disputed["outpatient"] is None

    def test_shows_nothing_of_its_words(self, client, listing, dispute_fact):
        dispute_fact("phone", why="Call 888-555-0166 instead")

        for address in (f"/facility/{listing.slug}/", f"/api/v1/facilities/{listing.code}/"):
            assert "888-555-0166" not in client.get(address).text

    @pytest.mark.parametrize("fact", ["", "fax", "service:residential", "status", "nothing"])
    def test_of_what_the_page_does_not_show_is_refused(self, dispute_fact, fact):
        assert dispute_fact(fact).status_code == 400
        assert not Dispute.objects.exists()

    def test_is_made_once_for_a_fact(self, dispute_fact):
        dispute_fact("phone")

        again = dispute_fact("phone")

        assert "You dispute this already." in again.text
        assert Dispute.objects.count() == 1


class TestAnswer:
    def test_is_read_by_the_facility_and_ends_the_notice(self, client, listing, dispute_fact):
        dispute_fact("street")
        staff = staff_client("curator")
        page = f"{LIST}{Dispute.objects.get().pk}/change/"
        assert "not answered yet" in client.get(dispute_fact.address).text
        assert "It is not answered yet" in staff.post(page, {"outcome": "kept"}).text

        staff.post(page, {"outcome": "kept", "answer": "We saw your license: it says this street."})

        assert NOTE not in client.get(f"/facility/{listing.slug}/").text
        words = client.get(dispute_fact.address).text
        assert "It stays as it is" in words
        assert "We saw your license: it says this street." in words
        assert "It stays as it is" in staff.get(page).text

    def test_is_given_once(self, dispute_fact):
        dispute_fact("street")
        ben, held = staff_member("curator", name="ben"), Dispute.objects.get()
        answer_dispute(held, outcome="kept", answer="So.", by=ben, now=NOW)

        with pytest.raises(CheckNotAllowed):
            answer_dispute(held, outcome="changed", answer="No.", by=ben, now=NOW)

    def test_is_due_within_ten_working_days_and_then_overdue_on_the_first_page(
        self, clock, dispute_fact, settings
    ):
        dispute_fact("street")
        ben = staff_member("curator", name="ben")
        assert answer_due(date(2024, 3, 1), 10) == date(2024, 3, 15)

        def first_page(day: datetime) -> str:
            clock.move_to(day, tick=False)
            return Page(client_of(ben).get("/admin/")).text

        overdue = "Facts that facilities dispute: the answer is overdue: 1"
        assert "Facts that facilities dispute: 1" in first_page(NOW + timedelta(days=14))
        assert overdue not in first_page(NOW + timedelta(days=14))
        assert overdue in first_page(NOW + timedelta(days=15))
        settings.DISPUTE_ANSWER_DAYS = 11
        assert overdue not in first_page(NOW + timedelta(days=15))
