"""The queue over the records: what is in it and why, and whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation import FactCheck, record_checks
from facilities.curation.work_queue import assignments
from facilities.curation.work_queue.ranking import (
    CALLABLE_NOW,
    MINE,
    OPEN,
    RESTING,
    TAKEN,
    QueueQuery,
    read_queue,
)
from facilities.models import Conflict, Facility, Proposal, Report, WebsiteCheck
from facilities.places.service_area import read_service_area

from ..support.factories import (
    log_changes,
    make_facility,
    make_listing,
    make_release,
    make_report,
    make_verification,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 16, tzinfo=UTC)  # 11 a.m. in New York, 6 a.m. in Honolulu
EVERYWHERE = read_service_area([])
NEW_YORK = {"latitude": 40.7, "longitude": -73.9}
HONOLULU = {"latitude": 21.31, "longitude": -157.86, "state": "HI"}


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def ben(django_user_model):
    return django_user_model.objects.create_user("ben")


@pytest.fixture
def survey():
    """A list so new that only what is not a matter of age counts."""
    return make_release(edition="2024", published_on=MONDAY.date())


def reasons(facility, *, area=EVERYWHERE, now=MONDAY) -> dict[str, int]:
    return {term.weight.slug: term.points for term in read_queue(area, now).terms(facility.pk)}


def waiting(user, *, now=MONDAY, area=EVERYWHERE, **wanted) -> list[int]:
    entries = read_queue(area, now).filter(QueueQuery(**wanted), user.pk)
    return [entry.facility_id for entry in entries]


class TestReasons:
    def test_of_a_federal_fact_age_from_the_survey(self):
        release = make_release(edition="2022", published_on=(MONDAY - timedelta(days=200)).date())
        facility = make_facility(
            source_release=release, services="detox residential-detox medicaid"
        )

        assert reasons(facility) == {"phone-old": 6, "payment-old": 2}

    def test_of_a_fact_that_somebody_checked_age_from_the_check(self, ana):
        facility = make_listing(release=make_release(edition="2019"))
        assert reasons(facility)["phone-old"] == 18
        record_checks(
            facility, [FactCheck("phone", "confirmed")], by=ana, now=MONDAY - timedelta(days=190)
        )

        assert reasons(facility)["phone-old"] == 6
        assert reasons(facility, now=MONDAY - timedelta(days=189)).get("phone-old") is None

    def test_of_claims_wait_for_the_last_of_them(self, survey):
        old = make_release(edition="2022", published_on=(MONDAY - timedelta(days=400)).date())
        facility = make_facility(source_release=old, services="detox residential-detox")
        make_verification(facility=facility, fact="service:detox", outcome="confirmed")
        assert reasons(facility)["detox-old"] == 5

        make_verification(facility=facility, fact="service:residential-detox", outcome="confirmed")
        Facility.objects.filter(pk=facility.pk).update(source_release=old)
        log_changes()

        assert "detox-old" not in reasons(facility)

    def test_are_the_contradictions_that_nobody_asked_about(self, survey):
        facility = make_facility(source_release=survey, services="opioid-treatment-program")
        assert reasons(facility) == {"contradiction": 6}

        make_verification(facility=facility, fact="service:opioid-treatment-program")
        log_changes()

        assert reasons(facility) == {}

    def test_are_a_number_shared_by_strangers_and_a_point_that_is_a_guess(self, survey):
        shared = {"source_release": survey, "phone": "518-555-0101"}
        alder = make_facility(name="Alder", position_origin="zip", **NEW_YORK, **shared)
        make_facility(name="Zinnia Clinic", **shared)

        assert reasons(alder) == {"shared-phone": 10, "approximate": 2}

    def test_are_what_waits_from_outside(self, survey):
        facility = make_facility(source_release=survey)
        make_report(facility=facility)
        make_report(facility=facility, topic="insurance", state=Report.State.CORRECTED)
        Conflict.objects.create(facility=facility, fact="phone", release=survey)
        Proposal.objects.create(
            facility=facility, fact="phone", value="518-555-0102", origin="curator", method="phone",
            made_at=MONDAY,
        )  # fmt: skip

        assert reasons(facility) == {"report-phone": 60, "second-check": 130, "conflict-phone": 50}

    def test_are_a_website_gone_until_somebody_looks(self, survey):
        facility = make_facility(source_release=survey, website="https://a.example")
        WebsiteCheck.objects.create(
            facility=facility, website="https://a.example", outcome="moved", checked_at=MONDAY
        )
        assert reasons(facility) == {"website-moved": 15}

        make_verification(facility=facility, fact="website", days_ago=-9)

        assert reasons(facility, now=MONDAY + timedelta(days=10)) == {}

    def test_are_a_number_that_nobody_could_confirm(self, survey):
        facility = make_facility(source_release=survey)
        make_verification(facility=facility, fact="phone", outcome="not_confirmed")

        assert reasons(facility) == {"phone-missed": 55}


class TestQueue:
    def test_puts_a_report_before_the_oldest_of_claims(self, ana):
        release = make_release(edition="2015")
        old = make_facility(source_release=release, services="detox methadone medicaid")
        reported = make_facility(source_release=release)
        make_report(facility=reported, topic="closed")

        assert waiting(ana) == [reported.pk, old.pk]

    def test_holds_what_is_listed_and_what_has_something_waiting(self, ana):
        old = {"source_release": make_release(edition="2015")}
        listed = make_facility(**old)
        withdrawn, asked_about = (make_facility(status="withdrawn", **old) for _ in range(2))
        make_facility(status="hidden", **old)
        make_facility(status="draft", **old)
        make_report(facility=asked_about)

        assert waiting(ana) == [asked_about.pk, listed.pk]
        assert withdrawn.pk not in waiting(ana)

    def test_holds_the_service_area_alone(self, ana):
        old = {"source_release": make_release(edition="2015")}
        ohio = make_facility(state="OH", county_fips="39049", **old)
        travis = make_facility(state="TX", county_fips="48453", **old)
        elsewhere = make_facility(state="TX", county_fips="48001", **old)
        make_report(facility=elsewhere)

        found = waiting(ana, area=read_service_area(["OH", "Travis County, TX"]))

        assert set(found) == {ohio.pk, travis.pk}

    def test_narrows_by_state_and_by_where_it_is_time_to_call(self, ana):
        old = {"source_release": make_release(edition="2015")}
        east, west = make_facility(**NEW_YORK, **old), make_facility(**HONOLULU, **old)

        assert waiting(ana, state="HI") == [west.pk]
        assert waiting(ana, zone=CALLABLE_NOW) == [east.pk]
        assert waiting(ana, zone="hawaii") == [west.pk]
        assert waiting(ana, zone=CALLABLE_NOW, now=MONDAY + timedelta(hours=5)) != []
        assert waiting(ana, zone=CALLABLE_NOW, now=MONDAY + timedelta(hours=9)) == [west.pk]

    def test_tells_whose_turn_it_is(self, ana, ben):
        old = {"source_release": make_release(edition="2015")}
        free, own, other, put_off = (make_facility(**old).pk for _ in range(4))
        assignments.claim_facility(own, ana)
        assignments.claim_facility(other, ben)
        assignments.snooze_facility(put_off, MONDAY + timedelta(days=3), now=MONDAY)

        shown = {whose: set(waiting(ana, whose=whose)) for whose in (OPEN, MINE, TAKEN, RESTING)}

        assert shown == {OPEN: {free}, MINE: {own}, TAKEN: {own, other}, RESTING: {put_off}}
        assert put_off in waiting(ana, now=MONDAY + timedelta(days=3))

    def test_wakes_what_was_put_off_when_a_report_comes(self, ana):
        facility = make_facility(source_release=make_release(edition="2015"))
        assignments.snooze_facility(facility.pk, MONDAY + timedelta(days=30), now=MONDAY)
        make_report(facility=facility)

        assert waiting(ana) == [facility.pk]


class TestTurn:
    def test_is_never_that_of_two(self, ana, ben):
        facility = make_facility(source_release=make_release(edition="2015"))

        assert assignments.claim_facility(facility.pk, ana)
        assert not assignments.claim_facility(facility.pk, ben)
        assert assignments.claim_facility(facility.pk, ana)

    def test_goes_on_to_the_next_where_somebody_was_quicker(self, ana, ben):
        old = {"source_release": make_release(edition="2015")}
        for _ in range(2):
            make_facility(**old)
        entries = read_queue(EVERYWHERE, MONDAY).filter(QueueQuery(), ana.pk)

        taken = [
            assignments.claim_first_free(entries, user, now=MONDAY) for user in (ana, ben, ana)
        ]

        assert len(set(taken[:2])) == 2
        assert taken == [entries[0].facility_id, entries[1].facility_id, entries[0].facility_id]

    def test_passes_over_what_was_just_dealt_with(self, ana, ben):
        facility = make_facility(source_release=make_release(edition="2015"))
        entries = read_queue(EVERYWHERE, MONDAY).filter(QueueQuery(), ben.pk)
        assignments.snooze_facility(facility.pk, MONDAY + timedelta(days=30), now=MONDAY)

        assert assignments.claim_first_free(entries, ben, now=MONDAY) is None

    def test_is_given_and_put_back(self, ana, ben):
        key = make_facility().pk
        assignments.assign_facility(key, ben)
        assert assignments.assignment_for(key).assigned_to == ben

        assignments.unassign_facility(key)

        assert assignments.claim_facility(key, ana)

    def test_tells_who_reported_that_somebody_is_at_it(self, ana):
        report = make_report(facility=make_facility())

        assignments.claim_facility(report.facility_id, ana)
        report.refresh_from_db()

        assert report.state == Report.State.IN_PROGRESS
