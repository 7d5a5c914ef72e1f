"""What a facility says of today through its link: shown with its time, gone within hours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from facilities.curation.self_service.availability import availability_hours_choices
from facilities.models import Availability

from ...support.factories import make_listing
from ...support.html import Page
from ...support.self_service_client import address_for, send, today

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, 20, tzinfo=UTC)  # 10:20 a.m. in New York
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ secret }}"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def listing():
    return make_listing(name1="Alder House")


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def address(listing) -> str:
    return address_for(listing, NOW)


class TestToday:
    def test_is_shown_at_once_with_its_time(self, client, clock, listing, address):
        today(client, address, clock, services="outpatient")

        html = client.get(f"/facility/{listing.slug}/").content.decode()

        assert "The facility said at 10:20 a.m. that it can take new people today." in html
        assert "That is for: Outpatient care." in html
        assert "until 6:20 p.m. (Eastern time). Call first." in html

    def test_is_on_the_card_of_a_search(self, client, clock, listing, address):
        today(client, address, clock, can_admit="no", hours=2)

        html = client.get("/search/?place=12207").content.decode()

        assert "that it cannot take new people today" in html

    def test_stands_beside_the_first_question_of_a_call_sheet(
        self, client, clock, listing, address
    ):
        today(client, address, clock)

        sheet = Page(client.get(f"/call/{listing.code}/"))

        beside = sheet.texts(".ask li:first-child .listing")[0]
        assert "The facility said at 10:20 a.m. that it can take new people today." in beside

    def test_goes_by_itself(self, client, clock, listing, address):
        today(client, address, clock, hours=4)

        clock.move_to(NOW + timedelta(hours=4, seconds=19))
        assert "can take new people" in client.get(f"/facility/{listing.slug}/").content.decode()
        clock.shift(timedelta(seconds=2))

        assert (
            "can take new people" not in client.get(f"/facility/{listing.slug}/").content.decode()
        )

    def test_may_be_said_anew_until_the_link_expires(self, client, clock, listing, address):
        send(client, address, clock, **{"to-fax": "518-555-0105"})
        today(client, address, clock)
        today(client, address, clock, can_admit="no")

        html = client.get(f"/facility/{listing.slug}/").content.decode()

        assert "it cannot take new people" in html
        assert Availability.objects.count() == 1

    def test_may_be_taken_down(self, client, clock, address):
        today(client, address, clock)

        send(client, address, clock, act="withdraw")

        assert not Availability.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "most"), [({}, 8), ({"hours": 12}, 12), ({"days": 3}, 24), ({"hours": 1}, 1)]
    )
    def test_lasts_no_longer_than_the_shelf_life_or_a_day(self, changed, most, settings):
        if changed:
            settings.FACT_MAX_AGE = {"availability": timedelta(**changed)}

        assert max(availability_hours_choices()) == most

    # This facility has no live-in treatment.
    @pytest.mark.parametrize(
        "fields",
        [{"hours": 24}, {"can_admit": ""}, {"services": HOSTILE}, {"services": "residential"}],
    )
    def test_of_what_cannot_be_is_not_shown(self, client, clock, address, fields):
        response = today(client, address, clock, **fields)

        assert response.status_code == 400
        assert not Availability.objects.exists()

    def test_shows_no_words_of_one_person(self, client, clock, listing, address):
        today(client, address, clock, words="Call 888-555-0166 instead")
        Availability.objects.update(words="Call 888-555-0166 instead")  # as earlier versions did

        for page in (f"/facility/{listing.slug}/", "/search/?place=12207", address):
            html = client.get(page).content.decode()
            assert "888-555-0166" not in html
            # Without its words the statement would say more than was stated.
            assert "can take new people today" not in html or page == address

    def test_names_its_programs_in_the_language_of_the_page(self, client, clock, listing, address):
        today(client, address, clock, services="outpatient")

        html = client.get(f"/es/facility/{listing.slug}/").content.decode()

        assert "Es para: Atención ambulatoria." in html
