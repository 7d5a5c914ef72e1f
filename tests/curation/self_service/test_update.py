"""A facility's own update: through its link it proposes changes and says what is so today."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test import Client

from facilities.curation import accept_proposal, listing_doubt
from facilities.curation.self_service.links import (
    InvalidLink,
    LinkAlreadyUsed,
    create_update_link,
    find_open_link,
    propose_changes,
    revoke_link,
)
from facilities.models import Availability, Proposal, UpdateLink

from ...support.factories import TODAY, make_facility, make_listing
from ...support.self_service_client import OURS, URLENCODED, address_for, fields_in, send, today

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


class TestLink:
    def test_is_kept_as_a_hash_alone(self, listing):
        link, token = create_update_link(listing, sent_to="518-555-0101", by=None, now=NOW)

        assert len(token) >= 43  # 32 bytes
        assert token not in str(vars(link))
        assert find_open_link(token, now=NOW) == link

    def test_opens_for_14_days(self, listing):
        _link, token = create_update_link(listing, sent_to="518-555-0101", by=None, now=NOW)

        find_open_link(token, now=NOW + timedelta(days=14, seconds=-1))
        with pytest.raises(InvalidLink):
            find_open_link(token, now=NOW + timedelta(days=14))

    @pytest.mark.parametrize("change", [{"status": "hidden"}, {"status": "draft"}])
    def test_of_a_facility_not_shown_is_void(self, change):
        _link, token = create_update_link(make_facility(**change), sent_to="", by=None, now=NOW)

        with pytest.raises(InvalidLink):
            find_open_link(token, now=NOW)

    def test_revoked_is_void_and_takes_down_what_it_says_of_today(self, client, clock, listing):
        link, token = create_update_link(listing, sent_to="518-555-0101", by=None, now=NOW)
        today(client, f"/update/?link={token}", clock)

        revoke_link(link, now=NOW)

        assert not Availability.objects.exists()
        assert client.get(f"/update/?link={token}").status_code == 410
        with pytest.raises(InvalidLink):
            propose_changes(link, [], now=NOW)

    @pytest.mark.parametrize("token", ["", "x", "%00", "%ff", "\ud83d", "x" * 5000, "' OR 1=1 --"])
    def test_that_never_was_one_is_void(self, client, address, token):
        response = client.get("/update/", {"link": token.encode(errors="replace")})

        assert response.status_code == 410
        assert "Ask whoever sent it to you" in response.content.decode()

    def test_is_for_one_facility(self, client, clock, listing, address):
        other = make_listing(name1="Birch House")

        html = client.get(address).content.decode()
        send(client, address, clock, **{"to-fax": "518-555-0105", "facility": str(other.pk)})

        assert "Alder House" in html
        assert "Birch House" not in html
        assert Proposal.objects.get().facility == listing

    def test_page_sets_no_cookie_and_is_kept_by_no_cache(self, client, address):
        response = client.get(address)

        assert response.cookies == {}
        assert "no-store" in response["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in response.content.decode()

    def test_page_costs_five_queries(self, client, address, django_assert_num_queries):
        # the link with its facility, today, disputes, what it sent, the release of the footer
        with django_assert_num_queries(5):
            client.get(address)


class TestChanges:
    def test_wait_for_a_curator(self, client, clock, listing, address):
        changes = {
            "to-fax": "518-555-0105", "to-hours": "mon-tue 08:00-17:00",
            "service-methadone": "yes", "service-detox": "no", "note": "New rooms",
        }  # fmt: skip

        response = send(client, address, clock, **changes)

        assert response.status_code == 200
        waiting = {each.fact: each for each in Proposal.objects.all()}
        assert {fact: each.value for fact, each in waiting.items()} == {
            "fax": "518-555-0105",
            "hours": {day: [["08:00", "17:00"]] for day in ("mon", "tue")},
            "service:methadone": "offered",
            "service:detox": "denied",
        }
        said = Proposal.objects.values_list("origin", "state", "method", "note", "made_by")
        assert set(said) == {("facility", "waiting", "facility", "New rooms", None)}
        listing.refresh_from_db()
        assert (listing.fax, "detox" in listing.offered) == ("", True)

    def test_are_shown_once_accepted(self, client, clock, listing, address, django_user_model):
        send(client, address, clock, **{"service-methadone": "yes"})

        ana = django_user_model.objects.create_user("ana")
        accept_proposal(Proposal.objects.get(), by=ana, now=NOW)

        listing.refresh_from_db()
        assert "methadone" in listing.offered
        assert "Accepted" in client.get(address).content.decode()

    def test_of_a_number_put_the_old_one_in_doubt(self, client, clock, listing, address):
        send(client, address, clock, **{"to-phone": "518-555-0177"})

        assert "may be wrong" in listing_doubt(listing, TODAY)
        assert Proposal.objects.get().value == "518-555-0177"

    def test_are_sent_once(self, client, clock, listing, address):
        send(client, address, clock, **{"to-fax": "518-555-0105"})

        html = client.get(address).content.decode()

        assert 'id="changes"' not in html
        assert "518-555-0105" in html
        with pytest.raises(LinkAlreadyUsed):
            propose_changes(UpdateLink.objects.get(), [], now=NOW)

    def test_from_two_windows_are_taken_once(self, client, clock, address):
        first = client.get(address).content.decode()
        fields = fields_in(first) | {"to-fax": "518-555-0105", "act": "changes"}
        send(client, address, clock, **{"to-fax": "518-555-0106"})

        response = client.post(address, urlencode(fields), content_type=URLENCODED, headers=OURS)

        assert "Changes were already sent" in response.content.decode()
        assert Proposal.objects.get().value == "518-555-0106"

    def test_that_are_none_do_not_use_the_link_up(self, client, clock, address):
        response = send(client, address, clock)

        assert "You changed nothing" in response.content.decode()
        assert not Proposal.objects.exists()
        assert UpdateLink.objects.get().used_at is None

    def test_of_what_cannot_be_are_marked_and_kept(self, client, clock, address):
        changes = {"to-fax": "call us", "to-website": "javascript:alert(1)", "note": "New rooms"}
        html = (response := send(client, address, clock, **changes)).content.decode()

        assert response.status_code == 400
        assert "Write the number as 518-555-0101" in html
        assert "Write the address as https://example.org" in html
        assert 'value="call us"' in html
        assert "New rooms" in html
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize("field", ["to-fax", "to-admission_hours", "note"])
    def test_with_a_null_character_are_refused(self, client, clock, address, field):
        changes = {"to-website": "https://example.org"} | {field: "a\0b"}

        html = (response := send(client, address, clock, **changes)).content.decode()

        assert response.status_code == 400
        assert "Null characters are not allowed" in html
        assert f'href="#{field}"' in html
        assert not Proposal.objects.exists()

    def test_are_taken_from_a_page_older_than_a_fact(self, client, clock, listing, address):
        """A fact that was registered after the page was sent was not shown, so it is left out."""
        link = UpdateLink.objects.get()
        shown = [{"fax": ""}, listing.offered.slugs(), listing.denied.slugs()]
        seen = signing.dumps(shown, salt=f"facilities.updating.{link.token_hash}", compress=True)

        send(client, address, clock, seen=seen, **{"to-fax": "518-555-0105", "to-hours": "always"})

        assert [each.fact for each in Proposal.objects.all()] == ["fax"]

    def test_of_what_a_curator_changed_meanwhile_are_told(self, client, clock, listing, address):
        listing.admission_hours = ""
        html = client.get(address).content.decode()
        fields = fields_in(html) | {"to-admission_hours": "At ten", "act": "changes"}
        other = f"/update/?link={create_update_link(listing, sent_to='', by=None, now=NOW)[1]}"
        send(client, other, clock, **{"to-admission_hours": "At nine"})
        accept_proposal(Proposal.objects.get(), by=None, now=NOW)

        response = client.post(address, urlencode(fields), content_type=URLENCODED, headers=OURS)

        assert "Somebody else changed this meanwhile" in response.content.decode()

    @pytest.mark.parametrize("seen", ["", "forged", "x:y:z"])
    def test_that_came_damaged_propose_nothing(self, client, clock, address, seen):
        response = send(client, address, clock, seen=seen, **{"to-fax": "518-555-0105"})

        assert "damaged on its way" in response.content.decode()
        assert not Proposal.objects.exists()

    def test_with_hostile_words_are_shown_as_words(self, client, clock, address):
        changes = {"to-admission_exclusions": HOSTILE, "to-referral_requirements": HOSTILE}
        html = send(client, address, clock, **changes).content.decode()

        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


class TestRobots:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"comment": "pills"}, "only programs fill it in"),
            ({"seconds": 1}, "That was very quick"),
            ({"form_token": "forged"}, "not sent from its own page"),
        ],
    )
    def test_are_turned_away(self, client, clock, address, fields, sentence):
        html = send(client, address, clock, **{"to-fax": "518-555-0105"}, **fields).content.decode()

        assert sentence in html
        assert 'value="518-555-0105"' in html
        assert not Proposal.objects.exists()

    def test_from_another_site_are_refused(self, client, address):
        response = client.post(address, {}, headers={"Sec-Fetch-Site": "cross-site"})

        assert response.status_code == 403
