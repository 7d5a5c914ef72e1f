"""Finding and handling many listings: filters, the service area, bulk actions, recent changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from facilities.admin.spreadsheet import transfer
from facilities.curation import FactCheck, record_checks, revert_verification
from facilities.models import (
    Assignment,
    Facility,
    ListingTag,
    Proposal,
    SavedView,
    UpdateLink,
    Verification,
    WorkerProcess,
)

from ..support.accounts import client_of, staff_client, staff_member
from ..support.background import run_jobs
from ..support.factories import make_facility, make_listing, make_release
from ..support.html import Page
from ..support.spreadsheet_client import rows_of

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
        services="medicaid", phone="518-555-0101", last_verified_on="2024-03-01",
        intake_phones=[{"number": "518-555-0102", "extension": ""}],
    )  # fmt: skip
    travis.tags.create(name="call back", added_at=NOW)
    travis.reports.create(topic="phone", receipt="R1", reported_on=NOW.date())
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
            "q=(518)+555-0101",
            "q=518.555.0102",
            "tag=call+back",
            "waits=report",
            "since=2024-02-01",
            "checked=stale&before=2024-03-02",
        ],
    )
    def test_are_found_by(self, listings, query):
        assert names(staff_client(), query) == ["Alder"]

    @pytest.mark.parametrize("query", ["county=Nowhere", "service=juggling", "since=soon"])
    def test_are_none_for_what_does_not_exist(self, listings, query):
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

    def test_hide_nothing_before_a_second_person_says_so(self):
        listing = make_listing(name1="Alder")
        posted = {"action": "hide_all", "_selected_action": [listing.pk], "apply": "1"}
        client = staff_client("editor")

        nothing = Page(client.post(LIST, posted | {"method": "phone", "note": ""}))
        client.post(LIST, posted | {"method": "phone", "note": "Closed, says 518-555-0109."})

        listing.refresh_from_db()
        assert (listing.status, Proposal.objects.get().value) == ("listed", "hidden")
        assert "counts like a report of its closure" in nothing.text
        assert names(client, "waits=proposal") == ["Alder"]

    def test_put_a_tag_on_and_take_it_off(self, listings):
        birch = Facility.objects.get(name="Birch")
        posted = {"_selected_action": [listings.pk, birch.pk], "apply": "1", "tag": " Call  BACK"}
        client = staff_client()

        client.post(LIST, posted | {"action": "tag_all"})
        assert names(client, "tag=call+back") == ["Alder", "Birch"]
        client.post(LIST, posted | {"action": "untag_all"})
        assert not ListingTag.objects.exists()

    def test_export_what_is_ticked(self, listings):
        client = staff_client()
        ticked = {"_selected_action": [listings.pk]}

        page = Page(client.post(LIST, ticked | {"action": "export_chosen"}))
        action = page.attribute("main form[method=post]", "action")
        written = client.post(
            action, ticked | {"facts": ["city"], "labels": "plain", "file": "csv"}
        )

        assert [row["name"] for row in rows_of(written.content)] == ["Alder"]

    def test_export_all_pages_of_the_list(self, listings):
        """What is ticked is one page; "select all" means the list under its filters."""
        client = staff_client()
        of_all = {"_selected_action": [listings.pk], "select_across": "1"}

        page = Page(client.post(LIST, of_all | {"action": "export_chosen"}))
        action = page.attribute("main form[method=post]", "action")
        keys = page.attributes("main [name=_selected_action]", "value")
        asked = {"_selected_action": keys, "facts": ["city"], "labels": "plain", "file": "csv"}
        written = client.post(action, asked)

        assert {"Alder", "Birch"} <= {row["name"] for row in rows_of(written.content)}

    def test_survive_a_key_that_is_none(self, listings):
        client = staff_client()
        for key in ("x", "9" * 30):
            posted = {"_selected_action": [key], "action": "tag_all"}
            assert client.post(LIST, posted).status_code in (200, 302)

    def test_export_many_cells_in_the_background(self, listings, monkeypatch, settings, tmp_path):
        settings.UPLOAD_ROOT = tmp_path
        monkeypatch.setattr(transfer, "MAX_CELLS_AT_ONCE", 3)
        WorkerProcess.objects.create(worker_id="w", seen_at=timezone.now())
        client, asked = staff_client(), {"facts": ["city"], "labels": "plain", "file": "csv"}

        job = client.post(reverse("admin:facilities_facility_export"), asked).url
        run_jobs()
        page = Page(client.get(job))
        written = client.get(page.attribute("#job a.button", "href"))

        assert "The sheet with 2 listings is ready." in page.text
        assert len(rows_of(b"".join(written.streaming_content))) == 2
        other = client_of(staff_member("curator", name="ben"))
        assert other.get(f"{job}file/").status_code == 404

    @pytest.mark.parametrize("role", ["curator", "editor"])
    def test_are_offered_to_those_who_may_do_them(self, listings, role):
        page = Page(staff_client(role).get(LIST))

        offered = page.attributes("select[name=action] option", "value")
        assert ("hide_all" in offered, "ask_all" in offered) == (role == "editor",) * 2


class TestAskingManyFacilities:
    def ask(self, client, *listings):
        keys = [each.pk for each in listings]
        posted = {"action": "ask_all", "_selected_action": keys, "apply": "1"}
        return client.post(LIST, posted | {"is_confirmed": "on"})

    def test_prints_a_letter_with_a_link_that_works(self, listings):
        Facility.objects.filter(pk=listings.pk).update(street="9 Elm Street", city="Austin")

        answer = self.ask(staff_client("editor"), listings)
        address = Page(answer).one(".letter code").text()

        assert "no-store" in answer["Cache-Control"]
        assert Client().get(address).status_code == 200
        assert UpdateLink.objects.get().sent_to.startswith("9 Elm Street, Austin, TX")

    def test_mails_where_an_earlier_link_went(self, listings, settings):
        settings.EMAIL_ENABLED = True
        old = {"made_at": NOW, "expires_at": NOW, "token_hash": "x"}
        listings.update_links.create(sent_to="intake@example.org", **old)

        self.ask(staff_client("editor"), listings)

        assert [message.to for message in mail.outbox] == [["intake@example.org"]]

    @pytest.mark.parametrize(
        "fields", [{"street": ""}, {"is_address_confidential": True}, {"status": "hidden"}]
    )
    def test_leaves_out_those_it_cannot_write_to(self, listings, fields):
        Facility.objects.filter(pk=listings.pk).update(**fields)

        self.ask(staff_client("editor"), listings)

        assert not UpdateLink.objects.exists()

    def test_leaves_out_those_that_have_a_link_and_those_that_may_have_moved(self, listings):
        client = staff_client("editor")
        self.ask(client, listings)
        birch = Facility.objects.get(name="Birch")
        birch.proposals.create(fact="street", method="phone", made_at=NOW)

        self.ask(client, listings, birch)

        assert UpdateLink.objects.count() == 1


class TestSavedViews:
    SAVE = reverse("admin:facilities_facility_save_view")

    def test_have_an_address_that_all_staff_open(self, listings):
        query = "?county=Travis+County%2C+TX&p=3"
        staff_client("editor").post(self.SAVE, {"name": "Travis, now", "query": query})

        curator = client_of(staff_member("curator", name="ben"))
        address = Page(curator.get(LIST)).attribute(".saved-views a", "href")
        answer = curator.get(address, follow=True)

        assert address == "/admin/facilities/facility/views/travis-now/"
        assert answer.redirect_chain[0][0] == f"{LIST}?county=Travis+County%2C+TX"
        assert Page(answer).texts("#result_list tbody th a") == ["Alder"]

    def test_have_one_name_each_and_can_be_deleted(self, listings):
        client = staff_client("editor")
        for _time in range(2):
            again = client.post(self.SAVE, {"name": "Mine", "query": ""}, follow=True)
        assert "Another view has this name." in Page(again).text

        client.post(reverse("admin:facilities_facility_delete_view", args=["mine"]))
        assert not SavedView.objects.exists()


class TestTheWayBack:
    def test_from_a_facility_leads_to_the_same_list(self, listings):
        client = staff_client()
        listed = Page(client.get(f"{LIST}?state=TX"))

        page = Page(client.get(listed.attribute("#result_list tbody th a", "href")))

        assert f"{LIST}?state=TX" in page.attributes(".breadcrumbs a", "href")


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
