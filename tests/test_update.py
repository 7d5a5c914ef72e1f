"""A facility's own update: through its link it proposes changes and says what is so today."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from facilities.curating import accept, phone_doubt
from facilities.freshness import SHELF_LIVES
from facilities.models import Availability, Proposal, UpdateLink
from facilities.updating.availability import choices
from facilities.updating.links import AlreadyUsed, Void, new_link, opened, propose, revoke

from .factories import make_facility, make_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, 20, tzinfo=UTC)  # 10:20 a.m. in New York
OURS = {"Sec-Fetch-Site": "same-origin"}
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
    return address_for(listing)


def address_for(facility) -> str:
    _link, token = new_link(facility, sent_to="518-555-0101", by=None, now=NOW)
    return f"/update/?link={token}"


def fields_in(html: str) -> dict[str, str]:
    """What the browser would send of the form of changes, nothing changed."""
    form = html[html.index('id="changes"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    texts = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', form))
    areas = dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form))
    selects = re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', form)
    chosen = {name: re.search(r'value="(\w+)" selected', body)[1] for name, body in selects}
    return hidden | texts | areas | chosen


def send(client, address, clock, *, visitor="203.0.113.9", seconds=20, **changes):
    html = client.get(address).content.decode()
    fields = fields_in(html) if 'id="changes"' in html else {}
    token = re.search(r'name="form_token" value="([^"]+)"', html)[1]
    clock.shift(timedelta(seconds=seconds))
    fields |= {"form_token": token, "act": "changes"} | changes
    return Client(enforce_csrf_checks=True).post(
        address, encoded(fields), content_type="application/x-www-form-urlencoded", headers=OURS,
        REMOTE_ADDR=visitor,
    )  # fmt: skip


def encoded(fields: dict) -> str:
    return urlencode(fields)


def today(client, address, clock, **fields):
    return send(client, address, clock, **{"act": "today", "can_admit": "yes", "hours": 8} | fields)


class TestLink:
    def test_is_kept_as_a_hash_alone(self, listing):
        link, token = new_link(listing, sent_to="518-555-0101", by=None, now=NOW)

        assert len(token) >= 43  # 32 bytes
        assert token not in str(vars(link))
        assert opened(token, now=NOW) == link

    def test_opens_for_14_days(self, listing):
        _link, token = new_link(listing, sent_to="518-555-0101", by=None, now=NOW)

        opened(token, now=NOW + timedelta(days=14, seconds=-1))
        with pytest.raises(Void):
            opened(token, now=NOW + timedelta(days=14))

    @pytest.mark.parametrize("change", [{"status": "hidden"}, {"status": "draft"}])
    def test_of_a_facility_not_shown_is_void(self, change):
        _link, token = new_link(make_facility(**change), sent_to="", by=None, now=NOW)

        with pytest.raises(Void):
            opened(token, now=NOW)

    def test_revoked_is_void_and_takes_down_what_it_says_of_today(self, client, clock, listing):
        link, token = new_link(listing, sent_to="518-555-0101", by=None, now=NOW)
        today(client, f"/update/?link={token}", clock)

        revoke(link, now=NOW)

        assert not Availability.objects.exists()
        assert client.get(f"/update/?link={token}").status_code == 410
        with pytest.raises(Void):
            propose(link, [], now=NOW)

    @pytest.mark.parametrize("token", ["", "x", "%00", "%ff", "\ud83d", "x" * 5000, "' OR 1=1 --"])
    def test_that_never_was_one_is_void(self, client, address, token):
        response = client.get("/update/", {"link": token.encode(errors="replace")})

        assert response.status_code == 410
        assert "Ask the person here" in response.content.decode()

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

    def test_page_costs_four_queries(self, client, address, django_assert_num_queries):
        # the link with its facility, today, what it sent, the release of the footer
        with django_assert_num_queries(4):
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
        said = Proposal.objects.values_list("origin", "state", "how", "note", "made_by")
        assert set(said) == {("facility", "waiting", "facility", "New rooms", None)}
        listing.refresh_from_db()
        assert (listing.fax, "detox" in listing.offered) == ("", True)

    def test_are_shown_once_accepted(self, client, clock, listing, address, django_user_model):
        send(client, address, clock, **{"service-methadone": "yes"})

        ana = django_user_model.objects.create_user("ana")
        accept(Proposal.objects.get(), by=ana, now=NOW)

        listing.refresh_from_db()
        assert "methadone" in listing.offered
        assert "Accepted" in client.get(address).content.decode()

    def test_of_a_number_put_the_old_one_in_doubt(self, client, clock, listing, address):
        send(client, address, clock, **{"to-phone": "518-555-0177"})

        assert "may be wrong" in phone_doubt(listing)
        assert Proposal.objects.get().value == "518-555-0177"

    def test_are_sent_once(self, client, clock, listing, address):
        send(client, address, clock, **{"to-fax": "518-555-0105"})

        html = client.get(address).content.decode()

        assert 'id="changes"' not in html
        assert "518-555-0105" in html
        with pytest.raises(AlreadyUsed):
            propose(UpdateLink.objects.get(), [], now=NOW)

    def test_from_two_windows_are_taken_once(self, client, clock, address):
        first = client.get(address).content.decode()
        fields = fields_in(first) | {"to-fax": "518-555-0105", "act": "changes"}
        send(client, address, clock, **{"to-fax": "518-555-0106"})

        response = client.post(
            address, encoded(fields), content_type="application/x-www-form-urlencoded", headers=OURS
        )

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

    def test_of_what_a_curator_changed_meanwhile_are_told(self, client, clock, listing, address):
        listing.fax = ""
        html = client.get(address).content.decode()
        fields = fields_in(html) | {"to-fax": "518-555-0105", "act": "changes"}
        other = f"/update/?link={new_link(listing, sent_to='', by=None, now=NOW)[1]}"
        send(client, other, clock, **{"to-fax": "518-555-0106"})
        accept(Proposal.objects.get(), by=None, now=NOW)

        response = client.post(
            address, encoded(fields), content_type="application/x-www-form-urlencoded", headers=OURS
        )

        assert "Somebody else changed this meanwhile" in response.content.decode()

    @pytest.mark.parametrize("seen", ["", "forged", "x:y:z"])
    def test_that_came_damaged_propose_nothing(self, client, clock, address, seen):
        response = send(client, address, clock, seen=seen, **{"to-fax": "518-555-0105"})

        assert "damaged on its way" in response.content.decode()
        assert not Proposal.objects.exists()

    def test_with_hostile_words_are_shown_as_words(self, client, clock, address):
        changes = {"to-not_admitted": HOSTILE, "to-referral_requirements": HOSTILE}
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


class TestToday:
    def test_is_shown_at_once_with_its_time(self, client, clock, listing, address):
        today(client, address, clock, words="Two beds for women")

        html = client.get(f"/facility/{listing.slug}/").content.decode()

        assert "The facility said at 10:20 a.m. that it can take new people today." in html
        assert "“Two beds for women”" in html
        assert "until 6:20 p.m. (Eastern time). Call first." in html

    def test_is_on_the_card_of_a_search(self, client, clock, places, listing, address):
        today(client, address, clock, can_admit="no", hours=2)

        html = client.get("/search/?place=12207").content.decode()

        assert "that it cannot take new people today" in html

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
    def test_lasts_no_longer_than_the_shelf_life_or_a_day(self, changed, most, monkeypatch):
        if changed:
            monkeypatch.setitem(SHELF_LIVES, "availability", timedelta(**changed))

        assert max(choices()) == most

    @pytest.mark.parametrize("fields", [{"hours": 24}, {"can_admit": ""}, {"words": "x" * 201}])
    def test_of_what_cannot_be_is_not_shown(self, client, clock, address, fields):
        response = today(client, address, clock, **fields)

        assert response.status_code == 400
        assert not Availability.objects.exists()

    def test_with_hostile_words_is_shown_as_words(self, client, clock, places, listing, address):
        today(client, address, clock, words=HOSTILE)

        for page in (f"/facility/{listing.slug}/", "/search/?place=12207", address):
            html = client.get(page).content.decode()
            assert "<img src=x" not in html
            assert "&lt;img src=x" in html
