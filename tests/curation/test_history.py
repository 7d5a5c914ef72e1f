"""The public history of a listing: what changed, when, and by which role."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from facilities.curation import FactCheck, accept_proposal, record_checks, revert_verification

from ..support.factories import ON_PAPER, make_listing, make_release, restate
from ..support.html import Page
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana-the-curator")


@pytest.fixture
def listing():
    return make_listing(name1="Alder House", street1="12 Quiet Lane")


def page(client, listing) -> str:
    listing.refresh_from_db()
    return client.get(reverse("facilities:facility_history", args=[listing.slug])).content.decode()


def corrected(fact, value) -> FactCheck:
    return FactCheck(fact, "corrected", value, note="told by Mrs. Doe")


class TestHistory:
    def test_tells_what_a_new_file_changed(self, client, listing):
        newer = make_release(edition="2024")
        restate(listing, newer, name1="Birch House", street1="12 Quiet Lane", codes="SA DT BU")

        text = Page(page(client, listing)).text

        assert "Alder House → Birch House" in text
        assert "not reported → yes" in text
        assert "a new file from SAMHSA, SAMHSA National Directory 2024" in text

    def test_tells_what_a_file_says_beside_a_check(self, client, listing, ana):
        record_seconded(listing, [corrected("name", "Cedar")], by=ana, now=NOW)
        restate(listing, make_release(edition="2024"), name1="Birch House", street1="12 Quiet Lane")

        html = page(client, listing)

        assert "Alder House → Birch House" in html
        assert "(in the file only; what we show stayed)" in html

    def test_tells_when_a_file_left_it_out(self, client, listing):
        make_release(edition="2024")

        assert "Listed → No longer in the newest list" in page(client, listing)

    def test_tells_a_closing_from_being_left_out(self, client, listing, ana):
        record_seconded(listing, [corrected("status", "withdrawn")], by=ana, now=NOW)

        assert "Listed → closed, as we were told" in page(client, listing)

    def test_names_roles_and_no_people(self, client, listing, ana):
        record_seconded(listing, [corrected("name", "Birch")], by=ana, now=NOW)

        html = page(client, listing)

        assert "Alder House → Birch" in html
        assert "a curator of this directory, by phone" in Page(html).text
        assert "ana-the-curator" not in html
        assert "Mrs. Doe" not in html

    def test_tells_what_the_facility_said_as_its_word(self, client, listing, ana):
        told = record_checks(listing, [corrected("fax", "518-555-0107")], by=None, now=NOW,
                      origin="facility")  # fmt: skip
        accept_proposal(told.proposals[0], by=ana, now=NOW, **ON_PAPER)

        html = page(client, listing)

        assert "518-555-0107" in html
        assert '<span class="source">the facility,' in html

    def test_keeps_what_was_taken_back(self, client, listing, ana):
        (made,) = record_checks(
            listing, [corrected("admission_hours", "Mornings")], by=ana, now=NOW
        ).verifications
        revert_verification(made, by=ana, now=NOW)

        assert "the check was taken back: Mornings → not reported" in page(client, listing)

    def test_leaves_out_an_address_that_is_kept_private(self, client, listing, ana):
        restate(listing, make_release(edition="2024"), street1="99 Loud Road", zip="12208")
        assert "Quiet Lane" in page(client, listing)
        checks = [corrected("is_address_confidential", True), corrected("zip", "12209")]
        record_seconded(listing, [*checks, corrected("position", [42.7, -73.8])], by=ana, now=NOW)

        html = page(client, listing)

        for secret in ("Quiet Lane", "Loud Road", "12207", "12208", "12209", "42.7"):
            assert secret not in html

    def test_of_a_hidden_listing_is_gone(self, client, listing, ana):
        record_seconded(listing, [corrected("status", "hidden")], by=ana, now=NOW)
        listing.refresh_from_db()

        response = client.get(reverse("facilities:facility_history", args=[listing.slug]))

        assert response.status_code == 410
        assert "Alder House" not in response.content.decode()

    def test_shows_hostile_values_inert(self, client, listing, ana):
        record_seconded(listing, [corrected("name", "<script>alert(1)</script>")], by=ana, now=NOW)

        assert "<script>alert" not in page(client, listing)
