"""The page of one facility in the staff's site: every fact from two sides, checked in one step."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.curation import FactCheck, record_checks
from facilities.models import Credential, Facility, Proposal, Verification

from ..support.accounts import client_of, staff_client, staff_member
from ..support.factories import ON_PAPER, make_facility, make_listing
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
NEW = "518-555-0102"
HOSTILE = '"><script>alert(1)</script>{{ 7|add:7 }}'


@pytest.fixture
def listing():
    return make_listing(name1="Alder House")


@pytest.fixture
def curator():
    return staff_member("curator")


def address(listing) -> str:
    return reverse("admin:facilities_facility_change", args=[listing.pk])


def filled(listing, **found) -> dict:
    """The form as the page offers it, with some boxes filled in."""
    offered, denied = listing.offered.slugs(), listing.denied.slugs()
    seen = {f"seen-{fact}": json.dumps(getattr(listing, fact)) for fact in ("name", "phone", "fax",
            "hours", "website", "admission_exclusions", "status")}  # fmt: skip
    services = {"seen-services": json.dumps([offered, denied])}
    return {**seen, **services, "method": "phone", "note": "", "evidence_url": "", **found}


def post(client, listing, **found):
    return client.post(address(listing), filled(listing, **found))


class TestTheForm:
    def test_shows_what_the_file_says_beside_what_we_say(self, listing, curator):
        record_seconded(listing, [FactCheck("name", "corrected", "Birch")], by=curator, now=NOW)

        html = client_of(curator).get(address(listing)).content.decode()

        row = html[html.index('<tr class="differs">') :]
        assert row.index("Alder House") < row.index("Birch") < row.index("</tr>")

    def test_confirms_corrects_and_gives_up_in_one_step(self, listing, curator):
        response = post(
            client_of(curator), listing,
            **{"do-phone": "confirmed", "to-name": "Birch", "do-website": "not_confirmed",
               "to-admission_exclusions": "Nobody", "do-service:detox": "denied",
               "to-hours": "mon-tue 08:00-17:00", "note": "Mo"},
        )  # fmt: skip

        assert response.status_code == 302
        outcomes = dict(Verification.objects.values_list("fact", "outcome"))
        assert outcomes == {
            "phone": "confirmed", "admission_exclusions": "corrected", "website": "not_confirmed",
            "service:detox": "corrected", "hours": "corrected",
        }  # fmt: skip
        listing.refresh_from_db()
        assert (listing.admission_exclusions, "detox" in listing.denied) == ("Nobody", True)
        assert (listing.name, Proposal.objects.get().value) == ("Alder House", "Birch")
        assert listing.hours == {day: [["08:00", "17:00"]] for day in ("mon", "tue")}
        assert set(Verification.objects.values_list("checked_by", "note")) == {(curator.pk, "Mo")}

    def test_records_nothing_for_what_was_left_alone(self, listing, curator):
        response = post(client_of(curator), listing, **{"to-name": "Alder House"})

        assert "nothing was recorded" in response.content.decode()
        assert not Verification.objects.exists()

    def test_tells_of_a_concurrent_edit_and_loses_nothing(self, listing, curator):
        first_seen = filled(listing, **{"to-name": "Cedar", "to-fax": "518-555-0109"})
        ben = staff_member("curator", name="ben")
        record_seconded(listing, [FactCheck("name", "corrected", "Birch")], by=ben, now=NOW)

        response = client_of(curator).post(address(listing), first_seen)

        html = response.content.decode()
        assert response.status_code == 409
        assert "It is now: Birch." in html
        assert "By ben" in html
        assert 'value="Cedar"' in html
        assert 'value="518-555-0109"' in html
        assert Verification.objects.count() == 1

    def test_asks_to_look_twice_before_a_toll_free_number(self, listing, curator):
        client = client_of(curator)
        asked = post(client, listing, **{"to-phone": "800-555-0102"})
        (warning,) = asked.context["warnings"]
        assert not Proposal.objects.exists()

        post(client, listing, **{"to-phone": "800-555-0102", "heeded": warning})

        assert Proposal.objects.get().value == "800-555-0102"

    def test_finds_services_by_any_name_without_a_script(self, listing, curator):
        html = client_of(curator).get(address(listing), {"services": "suboxone"}).content.decode()

        assert 'name="do-service:buprenorphine"' in html
        assert 'name="do-service:methadone"' not in html

    def test_holds_every_service_once(self, listing, curator):
        html = client_of(curator).get(address(listing)).content.decode()

        assert html.count('name="do-service:detox"') == 1
        assert html.count('name="do-service:') > 250

    @pytest.mark.parametrize(
        "fact", ["name", "phone", "fax", "hours", "website", "admission_exclusions"]
    )
    def test_keeps_hostile_words_inert(self, listing, curator, fact):
        response = post(client_of(curator), listing, **{f"to-{fact}": HOSTILE, "note": HOSTILE})

        html = (response if response.status_code == 409 else client_of(curator).get(
            address(listing))).content.decode()  # fmt: skip
        assert "<script>alert" not in html
        assert "14" not in html.split("script&gt;")[1][:6]

    @pytest.mark.parametrize("seen", ["{", "7", '{"mon": 3}', "null", '[["mon"]]'])
    def test_refuses_hours_seen_that_are_none(self, listing, curator, seen):
        form = filled(listing, **{"seen-hours": seen, "to-hours": "mon 08:00-17:00"})

        response = client_of(curator).post(address(listing), form)

        assert response.status_code == 409
        assert not Verification.objects.exists()

    def test_keeps_a_note_of_any_length_to_its_limit(self, listing, curator):
        long = {"do-phone": "confirmed", "note": "x" * 2_001}

        response = post(client_of(curator), listing, **long)

        assert response.status_code == 409
        assert "Keep the note under 2,000 characters." in response.content.decode()
        assert not Verification.objects.exists()

    def test_survives_a_damaged_form(self, listing, curator):
        damaged = {"seen-name": "{", "to-name": "X", "seen-services": "[1]", "method": "telepathy",
                   "do-service:detox": "offered", "do-service:nonsense": "offered"}  # fmt: skip

        response = client_of(curator).post(address(listing), damaged)

        assert response.status_code == 409
        assert not Verification.objects.exists()


class TestEvidence:
    def test_is_filled_in_by_the_person_alone(self, listing, curator):
        html = client_of(curator).get(address(listing)).text
        form = filled(listing, **{"do-phone": "confirmed", "method": ""})

        answer = client_of(curator).post(address(listing), form)

        assert not re.search(r'name="method"[^>]*checked', html)
        assert "Choose what you found and how you found it." in answer.text
        assert not Verification.objects.exists()


class TestANumber:
    def test_changes_after_a_second_check(self, client, listing, curator):
        post(client_of(curator), listing, **{"to-phone": NEW})
        public = client.get(f"/facility/{listing.slug}/").content.decode()
        assert "518-555-0101" in public
        assert "may be wrong" in public
        (waiting,) = Proposal.objects.all()

        ben = client_of(staff_member("curator", name="ben"))
        ben.post(reverse("admin:facilities_facility_settle", args=[listing.pk, waiting.pk]),
                 {"answer": "accept", **ON_PAPER})  # fmt: skip

        public = client.get(f"/facility/{listing.slug}/").content.decode()
        assert NEW in public
        assert "may be wrong" not in public
        assert "Checked by us on" in public


class TestWhoMay:
    @pytest.mark.parametrize(("role", "proposes"), [("curator", False), ("editor", True)])
    def test_hide_are_editors_alone(self, listing, role, proposes):
        post(staff_client(role), listing, **{"to-status": "hidden"})

        listing.refresh_from_db()
        assert listing.status == "listed"
        assert Proposal.objects.filter(value="hidden").exists() == proposes

    def test_hide_are_two_of_whom_one_is_an_editor(self, listing, curator):
        post(staff_client("editor"), listing, **{"to-status": "hidden"})
        settle = reverse("admin:facilities_facility_settle",
                         args=[listing.pk, Proposal.objects.get().pk])  # fmt: skip

        client_of(curator).post(settle, {"answer": "accept", **ON_PAPER})

        listing.refresh_from_db()
        assert listing.status == "hidden"

    def test_close_are_two_curators(self, client, listing, curator):
        post(client_of(curator), listing, **{"to-status": "withdrawn"})
        own = client_of(curator).get(address(listing)).text
        ben = client_of(staff_member("curator", name="ben"))
        other = ben.get(address(listing)).text
        settle = reverse("admin:facilities_facility_settle",
                         args=[listing.pk, Proposal.objects.get().pk])  # fmt: skip

        assert ("Waits for a second person." in own, "I found the same" in own) == (True, False)
        assert ("Waits for a second person." in other, "I found the same" in other) == (False, True)
        for evidence, status in (({}, "listed"), (ON_PAPER, "withdrawn")):
            ben.post(settle, {"answer": "accept", **evidence})
            listing.refresh_from_db()
            assert listing.status == status

    def test_show_a_hidden_listing_again_are_editors_alone(self, listing, curator):
        record_seconded(listing, [FactCheck("status", "corrected", "hidden")], by=curator, now=NOW)

        post(client_of(curator), listing, **{"to-status": "listed"})

        listing.refresh_from_db()
        assert listing.status == "hidden"

    def test_see_it_are_staff_alone(self, client, listing):
        assert client.get(address(listing)).status_code == 302
        assert client.post(address(listing), filled(listing, **{"to-name": "X"})).status_code == 302
        assert not Verification.objects.exists()

    def test_add_a_listing_are_editors_alone(self):
        new = reverse("admin:facilities_facility_add")

        assert staff_client("curator").get(new).status_code == 403
        assert staff_client("editor").get(new).status_code == 200


class TestANewListing:
    def test_is_a_draft_whose_facts_are_checks(self):
        given = {"name": "Cedar House", "city": "Albany", "state": "NY", "zip": "12207",
                 "phone": "518-555-0106"}  # fmt: skip
        form = {f"to-{fact}": value for fact, value in given.items()}
        form |= {"key": "5a3c7e0e-0000-4000-8000-000000000001", "method": "phone"}
        client = staff_client("editor")
        for _ in range(2):
            client.post(reverse("admin:facilities_facility_add"), form)

        made = Facility.objects.get()
        assert (made.name, made.status, made.phone) == ("Cedar House", "draft", "518-555-0106")
        assert client.get(f"/facility/{made.slug}/").status_code == 404

    def test_without_a_city_is_not_made(self):
        form = {"to-name": "Cedar House", "key": "5a3c7e0e-0000-4000-8000-000000000001",
                "method": "phone"}  # fmt: skip

        response = staff_client("editor").post(reverse("admin:facilities_facility_add"), form)

        assert "This cannot be empty." in response.content.decode()
        assert not Facility.objects.exists()


class TestTakingBack:
    def test_is_a_button_beside_the_newest_check(self, listing, curator):
        found = [FactCheck("admission_hours", "corrected", "Mornings")]
        (made,) = record_checks(listing, found, by=curator, now=NOW).verifications
        client = client_of(curator)
        button = reverse("admin:facilities_facility_revert", args=[listing.pk, made.pk])
        assert button in client.get(address(listing)).content.decode()

        client.post(button, {"why": "I <called> another house."})

        listing.refresh_from_db()
        html = client.get(address(listing)).content.decode()
        assert listing.admission_hours == ""
        assert button not in html
        assert "<q>I &lt;called&gt; another house.</q>" in html

    def test_without_a_reason_is_refused_in_words(self, listing, curator):
        (made,) = record_seconded(listing, [FactCheck("name", "corrected", "Birch")], by=curator,
                         now=NOW).verifications  # fmt: skip
        button = reverse("admin:facilities_facility_revert", args=[listing.pk, made.pk])

        html = client_of(curator).post(button, {"why": " "}, follow=True).content.decode()

        listing.refresh_from_db()
        assert listing.name == "Birch"
        assert "Say why you take it back." in html


class TestTheList:
    def test_is_searched_by_name_phone_and_place(self, listing, curator):
        make_facility(name="Zinnia")
        client = client_of(curator)
        for words in ("alder", "HOUSE álder", "518-555-0101", "12207", "albany", listing.code):
            html = client.get(
                reverse("admin:facilities_facility_changelist"), {"q": words}
            ).content.decode()
            assert ("Alder House" in html, "Zinnia" in html) == (True, False), words

    @pytest.mark.parametrize(
        "query", ["", "q=house", "state=NY&checked=never&status__exact=listed"]
    )
    def test_takes_as_many_queries_for_sixty_as_for_one(self, curator, query):
        for number in range(60):
            make_facility(name=f"House {number}")
        client = client_of(curator)

        with CaptureQueriesContext(connection) as queries:
            client.get(f"{reverse('admin:facilities_facility_changelist')}?{query}")

        # session, user, device, two of permissions, tags, version of the data, count, page
        assert len(queries) <= 10, [query["sql"][:80] for query in queries]

    def test_counts_once_until_the_data_change(self, listing, curator):
        client = client_of(curator)
        address = reverse("admin:facilities_facility_changelist") + "?q=alder"

        said, counted = [], []
        for is_new in (False, False, True):
            if is_new:
                make_listing(name1="Alder House", city="Troy")
            with CaptureQueriesContext(connection) as queries:
                said.append(client.get(address).content.decode())
            counted.append(sum("COUNT(" in query["sql"] for query in queries))

        assert counted == [1, 0, 1]
        assert ["1 facility" in page for page in said] == [True, True, False]
        assert "2 facilities" in said[-1]


class TestCredentials:
    def test_are_an_editors_and_keep_their_history(self, listing):
        editor = staff_client("editor")
        form = {"facility": listing.pk, "kind": "license", "issuer": "State of New York",
                "number": "A-1", "checked_on": "2024-03-01"}  # fmt: skip

        editor.post(reverse("admin:facilities_credential_add"), form)

        made = Credential.objects.get()
        assert (made.checked_by.username, made.is_confirmed) == ("editor", False)
        assert made.history.get().history_user.username == "editor"

    def test_are_shown_once_a_second_person_saw_the_document(self, client, listing, curator):
        form = {"facility": listing.pk, "kind": "license", "issuer": "Bureau of Care",
                "number": "A-1", "checked_on": "2024-03-01"}  # fmt: skip
        editor = staff_client("editor")
        editor.post(reverse("admin:facilities_credential_add"), form)
        confirm = reverse("admin:facilities_credential_confirm", args=[Credential.objects.get().pk])
        ben = client_of(curator)
        shown = []
        for who, evidence in ((editor, ON_PAPER), (ben, {}), (ben, ON_PAPER)):
            who.post(confirm, evidence)
            shown.append("Bureau of Care" in client.get(f"/facility/{listing.slug}/").text)

        assert shown == [False, False, True]
        assert Credential.objects.get().confirmed_by == curator

    def test_lapse_by_themselves_in_public(self, client, listing, curator):
        Credential.objects.create(
            facility=listing, kind="accreditation", issuer="CARF", number="7",
            expires_on="2020-01-01", checked_on="2019-06-01",
        )  # fmt: skip

        html = client.get(f"/facility/{listing.slug}/").content.decode()

        assert "Expired on Jan. 1, 2020." in html or "Expired on January 1, 2020." in html
