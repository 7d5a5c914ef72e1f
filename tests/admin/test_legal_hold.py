"""A legal hold on one facility, and the page of what was deleted."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from facilities.models import LegalHold

from ..support.accounts import client_of, staff_client, staff_member
from ..support.factories import make_listing
from ..support.html import Page

pytestmark = pytest.mark.django_db


class TestLegalHold:
    def test_is_placed_shown_to_all_staff_and_lifted(self):
        listing, client = make_listing(), client_of(staff_member("administrator", name="eva"))
        page = reverse("admin:facilities_facility_change", args=[listing.pk])
        place = reverse("admin:facilities_facility_hold", args=[listing.pk])

        client.post(place, {"reason": ""})
        assert not LegalHold.objects.exists()
        client.post(place, {"reason": "Letter of May 2"})
        again = client.post(place, {"reason": "Another letter"}, follow=True)

        hold = LegalHold.objects.get()
        curator = Page(staff_client().get(page))
        assert "There is a legal hold already." in Page(again).text
        assert "eva: Letter of May 2" in curator.text
        assert "Lift the hold" not in curator.text
        lift = reverse("admin:facilities_facility_lift", args=[listing.pk, hold.pk])
        client.post(lift)
        assert "Letter of May 2" not in Page(client.get(page)).text
        hold.refresh_from_db()
        assert hold.lifted_by.username == "eva"


class TestDeletions:
    RUNS = reverse("admin:scheduled_runs")

    def test_are_listed_run_by_run(self, settings):
        settings.STAFF_NOTES_KEPT = timedelta(days=730)
        for _run in range(2):
            call_command("delete_expired", stdout=StringIO())

        page = Page(staff_client("administrator").get(self.RUNS))

        assert len(page.texts("tbody tr")) == 2
        assert "Notes of staff are deleted after 730 days." in page.text
        assert "0 notes of staff older than 730 days" in page.text

    def test_say_that_no_schedule_is_set(self):
        page = Page(staff_client("administrator").get(self.RUNS))

        assert "kept for good" in page.text
