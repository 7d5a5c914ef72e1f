"""A database that takes nothing for the moment: nothing typed is lost or said to be sent.

SQLite refuses to write here as it does on a full disk or behind a lock that is held too long.
"""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from facilities.models import Proposal, Report, Verification

from ..admin.test_facility import address as staff_address
from ..admin.test_facility import filled
from ..support import self_service_client
from ..support.accounts import client_of, staff_member
from ..support.factories import make_facility, make_listing
from ..views.test_reports import report_on, send

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = datetime(2024, 3, 1, 15, 20, tzinfo=UTC)
TYPED = "It burned down on Monday."


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def refuse_writes():
    """Make the database refuse whatever is written from now on."""

    def refuse():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")

    yield refuse
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = OFF")


def assert_kept_to_send_again(response, typed: str) -> None:
    html = response.content.decode()
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert typed in html
    assert "nothing was sent" in html
    assert "We lost nothing" not in html


class TestReport:
    def test_is_given_back_to_send_again(self, clock, refuse_writes):
        facility = make_facility()
        client = Client(enforce_csrf_checks=True)
        refuse_writes()

        response = send(client, report_on(facility), clock, about="closed", words=TYPED)

        assert_kept_to_send_again(response, TYPED)
        assert not Report.objects.exists()


class TestUpdateOfAFacility:
    def test_is_given_back_to_send_again(self, clock, refuse_writes):
        client = Client(enforce_csrf_checks=True)
        address = self_service_client.address_for(make_listing(), NOW)
        refuse_writes()

        response = self_service_client.send(
            client, address, clock, **{"to-referral_requirements": TYPED}
        )

        assert_kept_to_send_again(response, TYPED)
        assert not Proposal.objects.exists()


class TestCheckOfACurator:
    def test_is_given_back_to_send_again(self, clock, refuse_writes):
        listing, client = make_listing(), client_of(staff_member("curator"))
        client.get(staff_address(listing))
        refuse_writes()

        form = filled(listing, **{"do-phone": "confirmed", "to-referral_requirements": TYPED})
        response = client.post(staff_address(listing), form)

        assert_kept_to_send_again(response, TYPED)
        assert not Verification.objects.filter(fact="phone").exists()


class TestAnyOtherForm:
    def test_gives_back_what_was_typed_and_does_not_say_that_it_is_safe(self, clock, refuse_writes):
        client = client_of(staff_member("curator"))
        client.raise_request_exception = False
        facility = make_facility()
        refuse_writes()

        response = client.post(f"/admin/queue/{facility.code}/turn/", {"do": "take", "note": TYPED})

        html = response.content.decode()
        assert response.status_code == 503
        assert "Retry-After" in response.headers
        assert TYPED in html
        assert "probably not saved" in html
        assert "988" in html
