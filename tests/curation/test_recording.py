"""What people find out: recorded at once or waiting for a second check, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation import (
    CheckNotAllowed,
    FactCheck,
    InvalidValue,
    OutdatedValue,
    accept_proposal,
    listing_doubt,
    record_checks,
    reject_proposal,
    revert_verification,
)
from facilities.curation.history import read_events
from facilities.models import Conflict, DataVersion, Proposal, Verification
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import ON_PAPER, TODAY, make_listing, make_release, restate
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
OLD, NEW = "518-555-0101", "518-555-0102"


@pytest.fixture
def listing():
    return make_listing(name1="Alder House")


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def ben(django_user_model):
    return django_user_model.objects.create_user("ben")


def corrected(fact, value, **more) -> FactCheck:
    return FactCheck(fact, "corrected", value, **more)


class TestRecording:
    def test_of_one_fact_costs_23_queries(self, listing, ana, django_assert_num_queries):
        # 14 to lock the data and read what is known of the facility, 1 to write the check, 1 to
        # read the checks again, 1 to write the facility, 3 for the new version and its log, 1 to
        # refresh the caller's record, and 2 for a savepoint.
        with django_assert_num_queries(23):
            record_checks(listing, [corrected("admission_hours", "9 to 5")], by=ana, now=NOW)

    def test_a_correction_shows_it_and_keeps_what_was_said_before(self, listing, ana):
        check = corrected("name", "Birch House", method="website", note="as on its sign")

        (made,) = record_seconded(listing, [check], by=ana, now=NOW).verifications

        assert (listing.name, listing.last_verified_on) == ("Birch House", NOW.date())
        assert (made.value_before, made.value_after, made.source_value) == (
            "Alder House", "Birch House", "Alder House",
        )  # fmt: skip
        assert (made.method, made.note, made.checked_by) == ("website", "as on its sign", ana)

    def test_a_confirmation_changes_the_day_alone(self, listing, ana):
        record_checks(listing, [FactCheck("phone", "confirmed")], by=ana, now=NOW)

        assert (listing.phone, listing.last_verified_on) == (OLD, NOW.date())

    @pytest.mark.parametrize(
        ("value", "is_offered", "is_denied"),
        [("offered", True, False), ("denied", False, True), (None, False, False)],
    )
    def test_a_service_knows_three_answers(self, listing, ana, value, is_offered, is_denied):
        record_checks(listing, [corrected("service:detox", value)], by=ana, now=NOW)

        assert ("detox" in listing.offered, "detox" in listing.denied) == (is_offered, is_denied)

    def test_what_could_not_be_confirmed_leaves_an_earlier_correction_shown(self, listing, ana):
        record_seconded(listing, [corrected("name", "Birch House")], by=ana, now=NOW)
        later = NOW + timedelta(days=9)

        record_checks(listing, [FactCheck("name", "not_confirmed")], by=ana, now=later)

        assert (listing.name, listing.last_verified_on) == ("Birch House", None)

    def test_is_all_or_nothing(self, listing, ana):
        checks = [corrected("name", "Birch House"), corrected("zip", "twelve")]

        with pytest.raises(InvalidValue) as refused:
            record_checks(listing, checks, by=ana, now=NOW)

        assert refused.value.fact == "zip"
        assert not Verification.objects.exists()

    def test_tells_that_the_fact_changed_meanwhile(self, listing, ana, ben):
        record_seconded(listing, [corrected("name", "Birch House")], by=ana, now=NOW)

        with pytest.raises(OutdatedValue) as told:
            record_checks(
                listing, [corrected("name", "Cedar", seen="Alder House")], by=ben, now=NOW
            )

        outdated = told.value
        assert (outdated.theirs, outdated.by, outdated.since) == ("Birch House", ana, NOW)

    def test_gives_every_reader_a_new_data_version(self, listing, ana):
        before = DataVersion.current()

        record_checks(listing, [FactCheck("phone", "not_confirmed")], by=ana, now=NOW)

        assert DataVersion.current().number == before.number + 1

    def test_leaves_nothing_for_rebuild_to_change(self, listing, ana):
        checks = [
            corrected("position", [42.0, -73.0]),
            corrected("is_address_confidential", True),
            corrected("service:methadone", "offered"),
            corrected("hours", {"mon": [["08:00", "17:00"]]}),
        ]

        record_seconded(listing, checks, by=ana, now=NOW)

        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts
        assert listing.street == ""

    def test_ends_a_conflict_by_agreeing_with_the_file(self, listing, ana):
        record_seconded(listing, [corrected("name", "Birch House")], by=ana, now=NOW)
        restate(listing, make_release(edition="2024"), name1="Cedar House")
        assert Conflict.objects.get().source_value == "Cedar House"

        record_seconded(
            listing, [corrected("name", "Cedar House")], by=ana, now=NOW + timedelta(hours=1)
        )

        assert not Conflict.objects.exists()


class TestTheGuardOfNumbers:
    def test_keeps_the_old_number_and_says_that_it_is_in_doubt(self, listing, ana):
        done = record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW)

        assert (done.verifications, done.proposals[0].value) == ((), NEW)
        assert listing.phone == OLD
        assert "may be wrong" in listing_doubt(listing, TODAY)

    @pytest.mark.parametrize(
        ("who", "hours", "shown"),
        [("ana", 0, OLD), ("ana", 47, OLD), ("ana", 48, NEW), ("ben", 0, NEW), ("ben", 48, NEW)],
    )
    def test_takes_a_second_check(self, listing, ana, ben, who, hours, shown):
        record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW)
        by = {"ana": ana, "ben": ben}[who]

        second = [corrected("phone", NEW, **ON_PAPER)]
        record_checks(listing, second, by=by, now=NOW + timedelta(hours=hours))

        assert listing.phone == shown
        assert bool(listing_doubt(listing, TODAY)) == (shown == OLD)
        assert Proposal.objects.count() == 1

    def test_lets_two_different_numbers_wait_side_by_side(self, listing, ana, ben):
        record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW)

        record_checks(listing, [corrected("phone", "518-555-0103")], by=ben, now=NOW)

        assert listing.phone == OLD
        assert Proposal.objects.filter(state="waiting").count() == 2

    def test_ends_when_somebody_confirms_the_number_shown(self, listing, ana, ben):
        record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW)

        record_checks(listing, [FactCheck("phone", "confirmed")], by=ben, now=NOW)

        assert Proposal.objects.get().state == "refused"
        assert listing_doubt(listing, TODAY) == ""

    def test_counts_accepting_as_the_second_check(self, listing, ana, ben):
        (waiting,) = record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW).proposals
        with pytest.raises(CheckNotAllowed):
            accept_proposal(waiting, by=ana, now=NOW, **ON_PAPER)

        accept_proposal(waiting, by=ben, now=NOW, **ON_PAPER)

        listing.refresh_from_db()
        assert (listing.phone, waiting.state, waiting.settled_by) == (NEW, "accepted", ben)

    def test_does_not_let_a_refused_number_in(self, listing, ana, ben):
        (waiting,) = record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW).proposals
        reject_proposal(waiting, by=ben, now=NOW, note="a referral seller")

        with pytest.raises(CheckNotAllowed):
            accept_proposal(waiting, by=ben, now=NOW, **ON_PAPER)

        assert waiting.answer == "a referral seller"

    def test_tells_a_federal_change_that_came_between(self, listing, ana, ben):
        (waiting,) = record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW).proposals
        restate(listing, make_release(edition="2024"), name1="Alder House", phone="518-555-0199")

        with pytest.raises(OutdatedValue):
            accept_proposal(waiting, by=ben, now=NOW, **ON_PAPER)


class TestWhatAFacilitySays:
    def test_waits_for_a_curator_whatever_the_fact(self, listing, ana):
        checks = [corrected("fax", "518-555-0105", method="facility"), corrected("phone", NEW)]
        done = record_checks(listing, checks, by=None, now=NOW, origin="facility")

        for proposal in done.proposals:
            accept_proposal(proposal, by=ana, now=NOW, **ON_PAPER)

        listing.refresh_from_db()
        assert (listing.fax, listing.phone) == ("518-555-0105", NEW)


class TestTakingBack:
    def test_lets_what_stood_before_stand_again(self, listing, ana, ben):
        (made,) = record_checks(
            listing, [corrected("admission_hours", "9 to 5")], by=ana, now=NOW
        ).verifications

        revert_verification(made, by=ben, now=NOW, why="Another house")

        listing.refresh_from_db()
        assert (listing.admission_hours, listing.last_verified_on) == ("", None)
        assert made.reverted_by == ben
        assert ("taken_back", "Another house") in [
            (each.kind, each.note) for each in read_events(listing)
        ]

    def test_is_refused_for_any_but_the_newest_check(self, listing, ana):
        (first,) = record_seconded(
            listing, [corrected("name", "Birch")], by=ana, now=NOW
        ).verifications
        record_seconded(listing, [corrected("name", "Cedar")], by=ana, now=NOW + timedelta(hours=1))

        with pytest.raises(CheckNotAllowed):
            revert_verification(first, by=ana, now=NOW + timedelta(hours=2))

    def test_does_not_go_round_the_guard(self, listing, ana, ben):
        record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW)
        (made,) = record_checks(
            listing, [corrected("phone", NEW, **ON_PAPER)], by=ben, now=NOW
        ).verifications

        (waiting,) = revert_verification(made, by=ana, now=NOW, why="Another house").proposals

        listing.refresh_from_db()
        assert (listing.phone, waiting.value, made.reverted_at) == (NEW, OLD, None)

    def test_is_no_evidence_of_a_second_person(self, listing, ana, ben):
        record_checks(listing, [corrected("phone", NEW)], by=ana, now=NOW)
        (made,) = record_checks(
            listing, [corrected("phone", NEW, **ON_PAPER)], by=ben, now=NOW
        ).verifications
        revert_verification(made, by=ana, now=NOW, why="A slip.")
        revert_verification(made, by=ana, now=NOW)
        assert listing.proposals.get(state="waiting").note.endswith("A slip.")

        (waiting,) = revert_verification(made, by=ben, now=NOW).proposals
        listing.refresh_from_db()
        assert listing.phone == NEW
        accept_proposal(waiting, by=ben, now=NOW, **ON_PAPER)

        listing.refresh_from_db()
        assert (listing.phone, listing.proposals.filter(state="waiting").count()) == (OLD, 0)
