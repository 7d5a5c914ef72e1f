"""Finding and handling many listings: filters, the service area, bulk actions, recent changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.curation import FactCheck, record_checks, revert_verification
from facilities.models import Assignment, Verification

from ..support.accounts import client_of, staff_client, staff_member
from ..support.factories import make_facility, make_listing, make_release
from ..support.html import Page

pytestmark = pytest.mark.django_db
LIST = reverse("admin:facilities_facility_changelist")
CHANGES = reverse("admin:facilities_verification_changelist")
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)


def names(client, query: str) -> list[str]:
    return sorted(Page(client.get(f"{LIST}?{query}")).texts("#result_list tbody th a"))


@pytest.fixture
def listings():
    """Two facilities of two counties, of which one has a conflict."""
    travis = make_facility(
        name="Alder", street="9 Bayshore Boulevard", state="TX", county_fips="48453",
        services="medicaid",
    )  # fmt: skip
    make_facility(name="Birch", street="1 Elm Street", state="OH", county_fips="39035")
    travis.conflicts.create(fact="phone", release=make_release())
    return travis


class TestFacilities:
    @pytest.mark.parametrize(
        "query",
        [
            "q=bayshore+boulevard",
            "county=Travis+County,+TX",
            "county=TX",
            "service=medicaid",
            "service=Medicaid",
            "conflict=yes",
        ],
    )
    def test_are_found_by(self, listings, query):
        assert names(staff_client(), query) == ["Alder"]

    @pytest.mark.parametrize("query", ["county=Nowhere", "service=juggling"])
    def test_are_none_for_a_place_or_service_that_does_not_exist(self, listings, query):
        assert names(staff_client(), query) == []

    def test_are_those_of_the_service_area_unless_somebody_asks_for_all(self, listings, settings):
        settings.SERVICE_AREA = ["Travis County, TX"]
        client = staff_client()

        assert names(client, "") == ["Alder"]
        assert names(client, "area=all") == ["Alder", "Birch"]
        conflicts = reverse("admin:facilities_conflict_changelist")
        settings.SERVICE_AREA = ["OH"]
        assert "Alder" not in Page(client.get(conflicts)).text
        assert "Alder" in Page(client.get(f"{conflicts}?area=all")).text


class TestBulkActions:
    def test_show_what_they_would_do_first(self, listings):
        ben = staff_member("curator", name="ben")
        posted = {"action": "assign_all", "_selected_action": [listings.pk]}
        client = staff_client()

        page = Page(client.post(LIST, posted))
        assert "1 listing is chosen: Alder," in page.text
        assert not Assignment.objects.exists()

        client.post(LIST, posted | {"apply": "1", "to": ben.pk})
        assert Assignment.objects.get().assigned_to == ben

    def test_put_off_until_a_morning(self, listings):
        day = timezone.localdate() + timedelta(days=10)
        posted = {"action": "put_off_all", "_selected_action": [listings.pk], "apply": "1"}

        staff_client().post(LIST, posted | {"until": day.isoformat()})

        assert Assignment.objects.get().snoozed_until.date() >= day

    def test_refuse_a_day_of_the_past(self, listings):
        posted = {"action": "put_off_all", "_selected_action": [listings.pk], "apply": "1"}

        page = Page(staff_client().post(LIST, posted | {"until": "2020-01-01"}))

        assert "Choose a day within the next year." in page.text
        assert not Assignment.objects.exists()


class TestRecentChanges:
    @pytest.fixture
    def people(self):
        """Ana said that hours are not reported, which Ben took back; Ben confirmed a street."""
        ana, ben = (staff_member("curator", name=name) for name in ("ana", "ben"))
        listing, now = make_listing(), timezone.now()
        record_checks(listing, [FactCheck("hours", "corrected", {})], by=ana, now=now)
        (check,) = Verification.objects.all()
        revert_verification(check, by=ben, now=now, why="Wrong house.")
        record_checks(listing, [FactCheck("street", "confirmed")], by=ben, now=now)
        return ana, ben

    def test_are_shown_over_all_people_or_for_one(self, people):
        ana, ben = people
        client = client_of(ana)

        everybody, only_ben = (Page(client.get(CHANGES + query)) for query in ("", f"?by={ben.pk}"))

        assert len(everybody.texts("#result_list tbody tr")) == 2
        assert "taken back by ben" in everybody.text
        assert len(only_ben.texts("#result_list tbody tr")) == 1

    def test_are_counted_for_each_person(self, people):
        page = Page(client_of(people[0]).get(reverse("admin:people")))

        assert page.texts("tbody tr") == ["ana 1 0 0 0 1", "ben 1 0 0 0 0"]
