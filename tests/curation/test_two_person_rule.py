"""What counts as a second check of a changed number, as a table; and what makes one doubtful."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from facilities.curation import (
    CheckNotAllowed,
    FactCheck,
    accept_proposal,
    create_facility,
    listing_doubt,
    record_checks,
)
from facilities.curation.self_service.links import create_update_link, propose_changes
from facilities.curation.two_person_rule import Testimony, is_guarded, reason_against_second_check
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.models import Facility, Release, Report
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities
from facilities.sources.rows import ParsedFile
from facilities.sources.samhsa_directory import read_directory

from ..support.accounts import staff_member
from ..support.factories import (
    ON_PAPER,
    TODAY,
    make_cells,
    make_listing,
    make_release,
    write_directory,
)
from ..support.two_people import record_by_two

ANA, BEN = 1, 2
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


TWO_DAYS = timedelta(hours=48)
NUMBER, SITE = "518-555-0102", "https://alder.example.org/"


def refusal(fact, value, first, second, *, is_alone=False) -> str:
    return str(
        reason_against_second_check(
            fact, value, first, second, is_alone=is_alone, waiting_time=TWO_DAYS
        )
    )


def word(*people, hours=0, method="document", note="Its license", url="") -> Testimony:
    return Testimony(frozenset(people), NOON + timedelta(hours=hours), method, url, note)


class TestASecondCheck:
    @pytest.mark.parametrize(
        ("first", "second", "hours", "is_alone", "counts"),
        [
            ([ANA], [BEN], 0, False, True),  # somebody else, at once
            ([ANA], [ANA], 500, False, False),  # in a team never by oneself
            ([ANA], [ANA], 47, True, False),  # alone: after the waiting time
            ([ANA], [ANA], 48, True, True),
            ([], [ANA], 0, False, True),  # a curator confirms the facility's word
            ([ANA], [], 100, False, False),  # the facility confirms nobody's
        ],
    )
    def test_is_somebody_elses_or_after_a_waiting_time(
        self, first, second, hours, is_alone, counts
    ):
        found = word(*first, method="phone")

        reason = refusal("phone", NUMBER, found, word(*second, hours=hours), is_alone=is_alone)

        assert (reason == "") == counts

    def test_of_one_person_alone_is_made_in_another_way(self):
        first, second = word(ANA), word(ANA, hours=90)

        assert "another way" in refusal("phone", NUMBER, first, second, is_alone=True)

    @pytest.mark.parametrize(
        ("fact", "value", "how", "counts"),
        [
            ("phone", NUMBER, {"method": ""}, False),  # nothing said
            ("phone", NUMBER, {"note": " "}, False),
            ("phone", NUMBER, {"method": "phone", "note": f"{NUMBER} answered"}, False),
            ("phone", NUMBER, {"method": "phone", "note": "(518) 555-0102 answered"}, False),
            ("phone", NUMBER, {"method": "phone", "note": "The county, 518-555-0190"}, True),
            ("phone", NUMBER, {"method": "website", "url": ""}, False),
            ("phone", NUMBER, {"method": "website", "url": SITE}, True),
            ("website", SITE, {"method": "website", "url": f"{SITE}about"}, False),
            ("website", SITE, {"method": "website", "url": "https://county.example/"}, True),
            ("website", SITE, {"method": "phone", "note": "The manager"}, True),
        ],
    )
    def test_does_not_come_through_the_number_or_website(self, fact, value, how, counts):
        assert (refusal(fact, value, word(ANA), word(BEN, **how)) == "") == counts


class TestTheGuard:
    @pytest.mark.parametrize(
        ("fact", "value", "guarded"),
        [
            ("phone", "", True),
            ("phone_extension", "12", True),
            ("intake_phones", [], True),
            ("fax", "", True),
            ("website", "", True),
            ("name", "Birch House", True),
            ("street", "1 Elm Street", True),
            ("zip", "12208", True),
            ("position", [42.7, -73.8], True),
            ("status", "withdrawn", True),
            ("service:carf", "offered", True),
            ("service:state-health", "denied", True),
            ("is_address_confidential", True, False),  # one hides an address, two show it
            ("is_address_confidential", False, True),
            ("service:detox", "offered", False),
            ("admission_hours", "From 10 to 12, July 4 - 2024", False),
            ("admission_hours", "Call (518) 555-0177", True),
            ("admission_hours", "Call 518\u2011555\u20110177", True),  # as word processors paste it
            ("admission_hours", "Call 518 \u2013 555 \u2013 0177", True),
            ("referral_requirements", "Call 1-800-GET-HELP", True),
            ("referral_requirements", "Apply at sunrise.rehab", True),
            ("referral_requirements", "Write to intake@example.org", True),
            ("admission_exclusions", "See broker-rehab.com", True),
        ],
    )
    def test_is_for_whatever_leads_people_somewhere(self, fact, value, guarded):
        assert is_guarded(fact, value) == guarded


@pytest.mark.django_db
class TestTheStatus:
    """Of a listing that a file left out, checked by one person after that."""

    @pytest.fixture
    def dropped(self):
        listing = make_listing()
        make_release(edition="2024")  # leaves it out
        recompute_facilities(zip_code_table(), today=TODAY)
        listing.refresh_from_db()
        return listing

    def test_is_no_matter_of_one_person_who_checks_another_fact(self, dropped):
        later = Release.objects.latest("pk").loaded_at + timedelta(hours=1)

        record_checks(dropped, [FactCheck("phone", "confirmed")], by=staff_member(), now=later)

        assert dropped.status == "withdrawn"

    def test_is_listed_again_by_two(self, dropped):
        later = Release.objects.latest("pk").loaded_at + timedelta(hours=1)

        record_by_two(dropped, FactCheck("status", "corrected", "listed"), now=later)

        assert dropped.status == "listed"


@pytest.mark.django_db
class TestADraft:
    FACTS = {
        "name": "Elm House", "city": "Albany", "state": "NY", "zip": "12207", "phone": NUMBER,
        "street": "1 Elm Street",
    }  # fmt: skip

    @pytest.fixture
    def draft(self):
        checks = [FactCheck(fact, "corrected", value) for fact, value in self.FACTS.items()]
        editor = staff_member("editor")
        made, _done = create_facility(checks, by=editor, now=NOON, key=uuid4())
        record_checks(made, [FactCheck("status", "corrected", "listed")], by=editor, now=NOON)
        return made

    def test_is_not_published_with_facts_that_one_person_found(self, draft):
        waiting = draft.proposals.get()

        with pytest.raises(CheckNotAllowed, match="Name, City, State, ZIP code, Phone, Street"):
            accept_proposal(waiting, by=staff_member(name="ben"), now=NOON, **ON_PAPER)

        assert Facility.objects.get().status == "draft"

    def test_is_published_by_a_second_person_who_found_the_same(self, draft):
        confirmed = [FactCheck(fact, "confirmed", **ON_PAPER) for fact in self.FACTS]
        published = FactCheck("status", "corrected", "listed", **ON_PAPER)

        record_checks(draft, [published, *confirmed], by=staff_member(name="ben"), now=NOON)

        assert (draft.status, draft.phone) == ("listed", NUMBER)


@pytest.mark.django_db
class TestTheRoadByAnOwnLink:
    def test_is_closed_to_who_made_the_link(self):
        editor, ben = staff_member("editor"), staff_member("curator", name="ben")
        listing = make_listing()
        link, _token = create_update_link(listing, sent_to="", by=editor, now=NOON)
        check = FactCheck("phone", "corrected", NUMBER, method="facility")
        (waiting,) = propose_changes(link, [check], now=NOON).proposals

        with pytest.raises(CheckNotAllowed, match="Somebody else"):
            accept_proposal(waiting, by=editor, now=NOON + 9 * TWO_DAYS, **ON_PAPER)

        accept_proposal(waiting, by=ben, now=NOON, **ON_PAPER)
        listing.refresh_from_db()
        assert listing.phone == NUMBER


def report(listing, topic="phone", state="open") -> Report:
    receipt = f"R{Report.objects.count()}"
    return Report.objects.create(
        facility=listing, topic=topic, state=state, receipt=receipt, reported_on=NOON.date()
    )


@pytest.mark.django_db
class TestDoubt:
    @pytest.mark.parametrize(
        ("reports", "doubted"),
        [
            ([], False),
            ([("phone", "open")], False),
            ([("phone", "open"), ("phone", "open")], True),
            ([("phone", "open"), ("phone", "in_progress")], True),
            ([("phone", "open"), ("phone", "confirmed")], False),
            ([("phone", "open"), ("closed", "open")], False),
        ],
    )
    def test_begins_with_two_open_reports_about_the_number(self, reports, doubted):
        listing = make_listing()
        for about, state in reports:
            report(listing, about, state)

        assert bool(listing_doubt(listing, TODAY)) == doubted

    def test_begins_when_the_last_call_confirmed_nothing(self, django_user_model):
        listing = make_listing()
        ana = django_user_model.objects.create_user("ana")

        record_checks(listing, [FactCheck("phone", "not_confirmed")], by=ana, now=NOON)
        assert listing_doubt(listing, TODAY)

        record_checks(
            listing, [FactCheck("phone", "confirmed")], by=ana, now=NOON + timedelta(hours=1)
        )
        assert not listing_doubt(listing, TODAY)

    def test_begins_when_somebody_heard_that_the_place_closed(self):
        listing, ana = make_listing(), staff_member(name="ana")
        record_checks(listing, [FactCheck("status", "corrected", "withdrawn")], by=ana, now=NOON)

        assert "March 1, 2024 that this place may have closed" in listing_doubt(listing, TODAY)

    def test_stands_on_the_card_and_on_the_page(self, client, time_machine):
        time_machine.move_to(NOON)
        listing = make_listing(name1="Alder House")
        report(listing)
        report(listing)

        for page in ("/search/?q=alder", f"/facility/{listing.slug}/"):
            assert "told us that this number is wrong" in client.get(page).content.decode()


@pytest.mark.django_db
class TestAFederalChange:
    @pytest.fixture
    def read(self, tmp_path):
        def reader(edition, *lines) -> ParsedFile:
            path = tmp_path / f"directory-{edition}.xlsx"
            return read_directory(write_directory(path, [make_cells(**line) for line in lines]))

        return reader

    @pytest.mark.parametrize(
        ("neighbour", "shown"),
        [
            ("Birch Clinic", "518-555-0110"),
            ("Alder House North", "518-555-0120"),
            ("Alder House Inc", "518-555-0120"),
        ],
    )
    def test_waits_and_the_old_number_is_doubted_where_unrelated_facilities_have_the_new_one(
        self, read, neighbour, shown
    ):
        alder = {"name1": "Alder House", "phone": "518-555-0110"}
        other = {"name1": neighbour, "street1": "90 Elm Street", "phone": "518-555-0120"}
        load_parsed_file(read("2022", alder, other), LoadOptions(), today=TODAY)

        changed = read("2023", alder | {"phone": "518-555-0120"}, other)
        load_parsed_file(changed, LoadOptions(), today=TODAY)

        found = by_name("Alder House")
        assert found.phone == shown
        assert bool(listing_doubt(found, TODAY)) == (shown == "518-555-0110")
        assert not listing_doubt(by_name(neighbour), TODAY)


def by_name(name):
    return Facility.objects.get(name=name)
