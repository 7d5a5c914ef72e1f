"""What counts as a second check of a changed number, as a table; and what makes one doubtful."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from facilities.curation import Check, phone_warning, record_checks
from facilities.curation.two_person_rule import is_guarded, is_second_check
from facilities.imports.load import load
from facilities.imports.plan import LoadOptions
from facilities.models import Facility, Report
from facilities.sources.rows import ParsedFile
from facilities.sources.samhsa_directory import read_directory

from ..support.factories import TODAY, make_cells, make_listing, write_directory

ANA, BEN, FACILITY = 1, 2, None
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
HONOLULU = timezone(timedelta(hours=-10))


class TestASecondCheck:
    @pytest.mark.parametrize(
        ("first", "second", "hours", "counts"),
        [
            (ANA, ANA, 0, False),  # the same person, at once
            (ANA, ANA, 11, False),  # the same person, the same day
            (ANA, ANA, 12, True),  # the same person, the next day
            (ANA, BEN, 0, True),  # somebody else, at once
            (ANA, BEN, 100, True),
            (FACILITY, ANA, 0, True),  # a curator confirms the facility's word
            (ANA, FACILITY, 0, False),  # the facility confirms nobody's
            (FACILITY, FACILITY, 100, False),
        ],
    )
    def test_is_somebody_elses_or_a_later_days(self, first, second, hours, counts):
        then = NOON + timedelta(hours=hours)

        assert is_second_check(first, NOON, second, then) == counts

    def test_counts_days_in_utc_wherever_the_clock_stands(self):
        evening = datetime(2024, 3, 1, 20, tzinfo=HONOLULU)  # March 2 in UTC

        assert is_second_check(ANA, NOON, ANA, evening)
        assert not is_second_check(ANA, evening, ANA, evening + timedelta(hours=3))


class TestTheGuard:
    @pytest.mark.parametrize(
        ("fact", "guarded"),
        [("phone", True), ("intake_phones", True), ("fax", False), ("service:detox", False)],
    )
    def test_is_for_numbers_that_people_call(self, fact, guarded):
        assert is_guarded(fact) == guarded


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

        assert bool(phone_warning(listing)) == doubted

    def test_begins_when_the_last_call_confirmed_nothing(self, django_user_model):
        listing = make_listing()
        ana = django_user_model.objects.create_user("ana")

        record_checks(listing, [Check("phone", "not_confirmed")], by=ana, now=NOON)
        assert phone_warning(listing)

        record_checks(listing, [Check("phone", "confirmed")], by=ana, now=NOON + timedelta(hours=1))
        assert not phone_warning(listing)

    def test_stands_on_the_card_and_on_the_page(self, client):
        listing = make_listing(name1="Alder House")
        report(listing)
        report(listing)

        for page in ("/search/?q=alder", f"/facility/{listing.slug}/"):
            assert "This number may be wrong." in client.get(page).content.decode()


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
        load(read("2022", alder, other), LoadOptions(), today=TODAY)

        changed = read("2023", alder | {"phone": "518-555-0120"}, other)
        load(changed, LoadOptions(), today=TODAY)

        found = by_name("Alder House")
        assert found.phone == shown
        assert bool(phone_warning(found)) == (shown == "518-555-0110")
        assert not phone_warning(by_name(neighbour))


def by_name(name):
    return Facility.objects.get(name=name)
