"""Links for facilities and the changes they propose, in the staff's site."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from facilities.curation import FactCheck, record_checks
from facilities.curation.self_service.links import create_update_link
from facilities.models import Proposal, UpdateLink

from ..support.accounts import client_of, staff_member
from ..support.factories import make_listing
from ..support.html import Page

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
LINKS, PROPOSALS = "/admin/facilities/updatelink/", "/admin/facilities/proposal/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ secret }}"
CONFIRMED = {"sent_to": "518-555-0101", "is_confirmed": "on"}


@pytest.fixture
def listing():
    return make_listing(name1="Alder House")


@pytest.fixture
def editor():
    return staff_member("editor")


@pytest.fixture
def client(editor):
    return client_of(editor)


def propose(listing, **facts) -> list[Proposal]:
    link, _token = create_update_link(listing, sent_to="518-555-0101", by=None, now=NOW)
    checks = [
        FactCheck(fact, "corrected", value, method="facility") for fact, value in facts.items()
    ]
    done = record_checks(listing, checks, by=None, now=NOW, origin="facility", update_link=link)
    return list(done.proposals)


class TestMakingALink:
    def address(self, listing) -> str:
        return f"{LINKS}add/?facility={listing.code}"

    def test_shows_it_once(self, client, listing, editor):
        response = client.post(self.address(listing), CONFIRMED)
        address = Page(response).attribute('input[value^="http://testserver/update/"]', "value")
        link = UpdateLink.objects.get()

        assert b"Alder House" in Client().get(address).content
        assert (link.sent_to, link.made_by) == ("518-555-0101", editor)
        assert link.expires_at - link.made_at == timedelta(days=14)
        assert "no-store" in response["Cache-Control"]
        token = address.partition("link=")[2]
        for page in (LINKS, f"{LINKS}{link.pk}/change/"):
            assert token not in client.get(page).content.decode()

    @pytest.mark.parametrize("fields", [{}, {"sent_to": "518-555-0101"}, {"is_confirmed": "on"}])
    def test_needs_a_confirmed_address(self, client, listing, fields):
        html = client.post(self.address(listing), fields).content.decode()

        assert "No link was made yet" in html
        assert not UpdateLink.objects.exists()

    def test_mails_nothing_without_a_server(self, client, listing, mailoutbox):
        html = client.get(self.address(listing)).content.decode()
        client.post(self.address(listing), CONFIRMED | {"is_mailed": "on"})

        assert "is_mailed" not in html
        assert mailoutbox == []

    def test_mails_it_where_asked(self, client, listing, settings, mailoutbox):
        settings.EMAIL_ENABLED = True
        fields = {"sent_to": "intake@example.org", "is_confirmed": "on", "is_mailed": "on"}

        response = client.post(self.address(listing), fields)

        (message,) = mailoutbox
        assert message.to == ["intake@example.org"]
        assert "/update/?link=" in message.body
        assert "It was mailed to intake@example.org" in response.content.decode()

    @pytest.mark.parametrize(
        "sent_to", ["518-555-0101", "a@b", "a@example.org\nBcc: all@example.org"]
    )
    def test_mails_to_an_email_address_alone(self, client, listing, settings, mailoutbox, sent_to):
        settings.EMAIL_ENABLED = True

        client.post(self.address(listing), {**CONFIRMED, "sent_to": sent_to, "is_mailed": "on"})

        assert mailoutbox == []
        assert not UpdateLink.objects.exists()

    def test_is_for_editors(self, listing):
        curator = client_of(staff_member("curator"))

        assert curator.get(self.address(listing)).status_code == 403
        assert curator.post(self.address(listing), CONFIRMED).status_code == 403
        assert not UpdateLink.objects.exists()

    def test_is_led_to_from_the_facility(self, client, listing):
        page = client.get(f"/admin/facilities/facility/{listing.pk}/change/").content.decode()

        assert self.address(listing) in page

    @pytest.mark.parametrize("code", ["", "zzzzzzzz"])
    def test_of_no_facility_is_not_found(self, client, code):
        assert client.get(f"{LINKS}add/?facility={code}").status_code == 404

    def test_shows_hostile_words_as_words(self, client, listing):
        client.post(self.address(listing), CONFIRMED | {"sent_to": HOSTILE})

        for page in (LINKS, f"{LINKS}{UpdateLink.objects.get().pk}/change/"):
            html = client.get(page).content.decode()
            assert "<img src=x" not in html
            assert "&lt;img src=x" in html


class TestRevoking:
    def test_is_for_editors_and_ends_the_link(self, client, listing):
        link, token = create_update_link(listing, sent_to="", by=None, now=datetime.now(UTC))
        page = f"{LINKS}{link.pk}/change/"

        assert client_of(staff_member("curator")).post(page).status_code == 403
        assert Client().get(f"/update/?link={token}").status_code == 200
        client.post(page)

        assert Client().get(f"/update/?link={token}").status_code == 410
        assert "Revoke it" not in client.get(page).content.decode()


class TestProposals:
    def page(self, proposal) -> str:
        return f"{PROPOSALS}{proposal.pk}/change/"

    def test_list_has_what_waits(self, client, listing):
        fax, _words = propose(listing, fax="518-555-0105", admission_exclusions=HOSTILE)
        Proposal.objects.filter(pk=fax.pk).update(state="refused", settled_at=NOW)

        def count(query):
            return len(client.get(PROPOSALS + query).context["cl"].result_list)

        assert [count(query) for query in ("", "?is=settled", "?is=all")] == [1, 1, 2]
        html = client.get(PROPOSALS).content.decode()
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html

    def test_of_one_facility_are_settled_in_one_go(self, client, listing, editor):
        changes = {
            "fax": "518-555-0105",
            "service:detox": "denied",
            "admission_exclusions": "Nobody",
        }
        fax, detox, words = propose(listing, **changes)

        client.post(
            self.page(fax),
            {
                f"do-{fax.pk}": "accept",
                f"do-{detox.pk}": "refuse",
                "note": "They told us yes.",
                "method": "document",
            },
        )

        listing.refresh_from_db()
        states = dict(Proposal.objects.values_list("fact", "state"))
        assert states == {
            "fax": "accepted",
            "service:detox": "refused",
            "admission_exclusions": "waiting",
        }
        assert (listing.fax, "detox" in listing.offered) == ("518-555-0105", True)
        detox.refresh_from_db()
        assert (detox.answer, detox.settled_by) == ("They told us yes.", editor)

    def test_stand_beside_what_is_shown_with_warnings(self, client, listing):
        (phone,) = propose(listing, phone="800-555-0177")

        html = client.get(self.page(phone)).content.decode()

        assert html.index("518-555-0101") < html.index("800-555-0177")
        assert "A toll-free number replaces a local one" in html

    def test_are_not_accepted_over_what_somebody_changed_meanwhile(self, client, listing, editor):
        (hours,) = propose(listing, admission_hours="At ten")
        record_checks(
            listing, [FactCheck("admission_hours", "corrected", "At nine")], by=editor, now=NOW
        )

        html = client.post(
            self.page(hours), {f"do-{hours.pk}": "accept", f"seen-{hours.pk}": '""'}, follow=True
        ).content.decode()

        assert "Somebody else changed this meanwhile" in html
        listing.refresh_from_db()
        assert listing.admission_hours == "At nine"
        client.post(self.page(hours), {f"do-{hours.pk}": "accept", f"seen-{hours.pk}": '"At nine"'})
        listing.refresh_from_db()
        assert listing.admission_hours == "At ten"

    def test_with_hostile_words_are_shown_as_words(self, client, listing):
        (words,) = propose(listing, admission_exclusions=HOSTILE)

        html = client.get(self.page(words)).content.decode()

        assert "<img src=x" not in html
        assert "&lt;img src=x" in html

    @pytest.mark.parametrize("key", ["0", "x", "9" * 40])
    def test_of_nothing_are_not_found(self, client, key):
        assert client.get(f"{PROPOSALS}{key}/change/").status_code == 404
        assert client.get(f"{LINKS}{key}/change/").status_code == 404
