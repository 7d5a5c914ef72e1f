"""The queue in the admin: a curator clears it, two do not meet, strangers stay out."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from facilities.models import Facility, Turn, Verification

from .factories import make_listing, make_release
from .staff import client_of, staff_member

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


def make_listings(count: int) -> list[Facility]:
    release = make_release(edition="2022")
    return [make_listing(release=release, name1=f"House {number}") for number in range(count)]


def shown_by(answer) -> str:
    return re.search(r'name="shown" value="([^"]+)"', answer.content.decode())[1]


def end_call(client, answer, outcome, **more):
    """Press an outcome on the page of a call, and follow to what comes next."""
    fields = {"outcome": outcome, "shown": shown_by(answer), **more}
    return client.post(answer.request["PATH_INFO"], fields, follow=True)


class TestCurator:
    def test_clears_ten_entries_one_after_the_other(self, client, ana):
        listings = make_listings(10)

        page = client.post(NEXT, follow=True)
        for _ in range(9):
            page = end_call(client, page, "confirmed")
        page = end_call(client, page, "confirmed")

        assert "Nothing waits here now" in page.content.decode()
        checked = Verification.objects.filter(fact="phone", checked_by=ana, outcome="confirmed")
        assert {each.facility_id for each in checked} == {each.pk for each in listings}
        assert not Turn.objects.filter(assigned_to__isnull=False).exists()
