"""A number that reaches somebody else comes down by one press and is put back by one press."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from facilities.curation import CheckNotAllowed
from facilities.curation.duplicates.merge import merge, undo_merge
from facilities.curation.suspend_number import restore_number, suspend_number
from facilities.curation.work_queue.outcomes import CallReport, record_call_outcome
from facilities.curation.work_queue.undo_call import undo_call
from facilities.facts.leave_out_numbers import remove_numbers_from_value
from facilities.models import SuspendedNumber
from facilities.presenters.sms import facility_text_message

from ..support.factories import make_listing, make_release, make_verification, restate

NUMBER, OTHER = "518-555-0101", "518-555-0102"
NOW = datetime(2024, 3, 2, 12, tzinfo=UTC)
WEBSITE = "https://alder.example.org"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return User.objects.create_user("ana", is_staff=True)


@pytest.fixture
def listing():
    return make_listing(name1="Alder House", phone=NUMBER, intake1=NUMBER, intake2=OTHER)


class TestTakingDown:
    def test_leaves_it_out_of_every_fact_and_keeps_the_others(self, listing, ana):
        suspend_number(listing, NUMBER, by=ana, now=NOW)

        assert (listing.phone, listing.phone_extension) == ("", "")
        assert [line["number"] for line in listing.intake_phones] == [OTHER]
        assert listing.phone_suspended_on == NOW.date()

    def test_outlives_a_newer_file_that_states_it_and_ends_with_another_number(self, listing, ana):
        suspend_number(listing, NUMBER, by=ana, now=NOW)

        restate(listing, make_release(edition="2024"), name1="Alder House", phone=NUMBER)
        assert listing.phone == ""

        restate(listing, make_release(edition="2025"), name1="Alder House", phone="518-555-0109")
        assert (listing.phone, listing.phone_suspended_on) == ("518-555-0109", None)

    def test_is_refused_for_a_number_of_somebody_else_and_twice(self, listing, ana):
        with pytest.raises(CheckNotAllowed):
            suspend_number(listing, "518-555-0199", by=ana, now=NOW)
        suspend_number(listing, NUMBER, by=ana, now=NOW)
        with pytest.raises(CheckNotAllowed):
            suspend_number(listing, NUMBER, by=ana, now=NOW)

    def test_goes_with_a_listing_that_is_joined_and_comes_back_with_it(self, listing, ana):
        kept = make_listing(name1="Alder House", phone=NUMBER)
        suspend_number(listing, NUMBER, by=ana, now=NOW)

        joined = merge(kept, listing, by=ana, now=NOW)
        kept.refresh_from_db()
        assert kept.phone == ""

        undo_merge(joined, now=NOW)
        kept.refresh_from_db()
        assert kept.phone == NUMBER


class TestPuttingBack:
    def test_shows_what_was_shown(self, listing, ana):
        before = listing.phone, listing.intake_phones
        suspended = suspend_number(listing, NUMBER, by=ana, now=NOW)

        restore_number(suspended, by=ana, now=NOW)

        listing.refresh_from_db()
        assert (listing.phone, listing.intake_phones) == before
        assert listing.phone_suspended_on is None

    def test_happens_once(self, listing, ana):
        suspended = suspend_number(listing, NUMBER, by=ana, now=NOW)
        restore_number(suspended, by=ana, now=NOW)
        with pytest.raises(CheckNotAllowed):
            restore_number(suspended, by=ana, now=NOW)


def test_a_call_that_reached_somebody_else_takes_the_number_down_until_it_is_undone(listing, ana):
    call = record_call_outcome(
        CallReport(listing, "wrong_number", spoken={}), by=ana, now=NOW, zone=None
    )
    listing.refresh_from_db()
    assert listing.phone == ""

    undo_call(call, by=ana, now=NOW)
    listing.refresh_from_db()
    assert listing.phone == NUMBER
    assert not SuspendedNumber.objects.standing().exists()


PAGES = (
    "/facility/{code}/", "/facility/{code}/history/", "/facility/{code}/report/",
    "/es/facility/{code}/", "/facility/{other}/", "/search/?place=12207",
    "/search/?place=12207&view=table", "/map/?place=12207", "/embed/?place=12207",
    "/compare/{codes}/", "/call/{codes}/", "/handout/{codes}/",
    "/area/albany-county-ny/", "/choose/", "/api/v1/facilities/{code}/", "/api/v1/facilities/",
    "/api/v1/facilities/?format=csv", "/feeds/all/", "/api/hsds/services/{uuid}",
    "/api/hsds/service_at_locations",
)  # fmt: skip


class TestEveryPage:
    def test_tells_the_number_nowhere_and_what_stands_in_its_place(self, listing, ana, client):
        other = make_listing(name1="Birch House", phone=OTHER)
        make_verification(facility=listing, fact="website", value_after=WEBSITE)
        restate(listing, make_release(edition="2024"), name1="Alder", phone="518-555-0109")
        restate(listing, make_release(edition="2025"), name1="Alder", phone=NUMBER)
        suspend_number(listing, NUMBER, by=ana, now=NOW)
        codes = ",".join(sorted((listing.code, other.code)))
        addresses = [
            each.format(code=listing.code, uuid=listing.uuid, other=other.code, codes=codes)
            for each in PAGES
        ]

        pages = {address: client.get(address, follow=True) for address in addresses}

        found = {address: page.content.decode() for address, page in pages.items()}
        assert {address for address, page in pages.items() if page.status_code != 200} == set()
        assert {address for address, text in found.items() if NUMBER in text} == set()
        assert "We took its phone number down on March 2, 2024" in found[addresses[0]]
        assert "it reached somebody else" in found["/search/?place=12207"]
        assert 'href="https://alder.example.org"' in found["/search/?place=12207"]
        assert "taken down" in found["/search/?place=12207&view=table"]
        assert '"phone_suspended_on":"2024-03-02"' in found[f"/api/v1/facilities/{listing.code}/"]

    def test_tells_it_again_when_it_was_put_back(self, listing, ana, client):
        restore_number(suspend_number(listing, NUMBER, by=ana, now=NOW), by=ana, now=NOW)
        page = client.get(f"/facility/{listing.code}/", follow=True)
        history = client.get(f"/facility/{listing.code}/history/", follow=True)
        assert NUMBER in page.content.decode()
        assert "put back" in history.content.decode()


def test_a_text_message_says_that_the_number_was_wrong(listing, ana):
    suspend_number(listing, NUMBER, by=ana, now=NOW)
    assert "Its number was wrong" in facility_text_message(listing, None)


@pytest.mark.parametrize(
    ("fact", "value", "shown"),
    [
        ("phone", NUMBER, ""),
        ("phone", OTHER, OTHER),
        ("fax", NUMBER, ""),
        ("intake_phones", [{"number": NUMBER}, {"number": OTHER}], [{"number": OTHER}]),
        ("admission_hours", "Dial +1 (518) 555-0101, or come by", "Dial …, or come by"),
        ("admission_hours", "Form 15185550101234", "Form 15185550101234"),
        ("website", "https://5185550101.example.org", "https://5185550101.example.org"),
        ("phone", "", ""),
    ],
)
def test_a_number_is_left_out_of_a_value(fact, value, shown):
    assert remove_numbers_from_value(fact, value, [NUMBER]) == shown
