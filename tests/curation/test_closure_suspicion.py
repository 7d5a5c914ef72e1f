"""A page tells of calls that nobody answered and of reports, with their day, and nothing more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ..support.factories import make_facility, make_report, make_verification

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
CALLED = "We called on March 1, 2024 and could not reach it."
REPORTED = "Several people told us that it has closed, last on March 1, 2024."
pytestmark = pytest.mark.django_db


def call(facility, outcome, *, days_ago=0, **fields) -> None:
    made_at = NOON - timedelta(days=days_ago)
    facility.calls.create(outcome=outcome, made_at=made_at, assignment_before={}, **fields)


def page(client, facility, *, days_later=0) -> str:
    with time_machine.travel(NOON + timedelta(days=days_later)):
        return client.get(f"/facility/{facility.code}/", follow=True).text


@pytest.fixture
def facility():
    return make_facility(phone="518-555-0101")


class TestCalls:
    def test_that_nobody_answered_on_two_days_are_told(self, client, facility):
        call(facility, "no_answer")
        assert CALLED not in page(client, facility)
        call(facility, "left_message", days_ago=3)
        assert CALLED in page(client, facility)

    def test_before_somebody_answered_are_not(self, client, facility):
        call(facility, "no_answer")
        call(facility, "confirmed", days_ago=1)
        call(facility, "no_answer", days_ago=2)
        assert CALLED not in page(client, facility)

    def test_before_a_check_of_the_number_or_undone_are_not(self, client, facility):
        call(facility, "no_answer", days_ago=12)
        call(facility, "no_answer", days_ago=13)
        call(facility, "no_answer", days_ago=1, undone_at=NOON)
        make_verification(facility=facility, fact="phone", outcome="confirmed", days_ago=2)
        assert "could not reach it" not in page(client, facility)


class TestReports:
    def test_of_two_people_are_told_for_30_days(self, client, facility):
        make_report(facility=facility, topic="closed")
        assert REPORTED not in page(client, facility)
        make_report(facility=facility, topic="closed")
        assert REPORTED in page(client, facility, days_later=30)
        assert REPORTED not in page(client, facility, days_later=31)

    def test_that_were_closed_are_not(self, client, facility):
        for _number in range(2):
            make_report(facility=facility, topic="closed", state="confirmed")
        assert REPORTED not in page(client, facility)
