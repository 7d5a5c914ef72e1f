"""The pages on which staff decide conflicts, join records, keep them apart and take back."""

import pytest
import time_machine
from django.urls import reverse

from facilities.curation import FactCheck, accept_proposal, record_checks
from facilities.models import (
    Assignment,
    Conflict,
    DistinctPair,
    Facility,
    LikelyPair,
    Merge,
    Proposal,
    Release,
)

from ..support import release_upload
from ..support.accounts import client_of, staff_client, staff_member
from ..support.factories import ON_PAPER, make_facility, make_release
from ..support.html import Page
from ..support.releases import NOW, house, load_edition, state
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
CONFLICTS = reverse("admin:facilities_conflict_changelist")
PAIRS = reverse("admin:facilities_likelypair_changelist")
MERGES = reverse("admin:facilities_merge_changelist")
UNDO = reverse("admin:facilities_release_undo")


@pytest.fixture
def curator(db):
    return staff_member("curator")


@pytest.fixture
def alder(tmp_path, curator):
    """A facility with a checked city, website and number that the newest file contradicts."""
    line = house("Alder House", www="https://alder.example.org")
    load_edition(tmp_path, 2022, line)
    facility = Facility.objects.get()
    checks = [FactCheck("city", "corrected", "Troy"), FactCheck("phone", "confirmed")]
    record_seconded(facility, checks, by=curator, now=NOW)
    load_edition(tmp_path, 2023, line | {"city": "Cohoes", "phone": "518-555-0199"})
    facility.refresh_from_db()
    return facility


def press(client, decision: str, fact: str, method: str = "phone"):
    conflict = Conflict.objects.get(fact=fact)
    form = {decision: conflict.pk, "method": method}
    return client.post(CONFLICTS, form, follow=True)


class TestConflicts:
    def test_show_both_values_and_the_file(self, alder, curator):
        page = client_of(curator).get(CONFLICTS).text

        for words in ("Troy", "Cohoes", "518-555-0199", "SAMHSA National Directory 2023"):
            assert words in page

    def test_are_kept_by_a_click(self, alder, curator):
        page = press(client_of(curator), "keep", "city")

        alder.refresh_from_db()
        assert (alder.city, "Settled." in page.text) == ("Troy", True)
        assert [*Conflict.objects.values_list("fact", flat=True)] == ["phone"]

    def test_are_taken_by_two_people(self, alder, curator):
        ben = staff_member("curator", name="ben")

        press(client_of(curator), "take", "city")
        waiting = Proposal.objects.get(state="waiting")
        accept_proposal(waiting, by=ben, now=NOW, **ON_PAPER)

        alder.refresh_from_db()
        assert alder.city == "Cohoes"
        assert not Conflict.objects.filter(fact="city").exists()

    def test_of_a_number_wait_for_a_second_check(self, alder, curator):
        page = press(client_of(curator), "take", "phone")

        assert "waits for a second check" in page.text
        assert Proposal.objects.get(state="waiting").value == "518-555-0199"
        assert Conflict.objects.filter(fact="phone").exists()

    def test_to_ask_about_stay_and_come_back_into_the_queue(self, alder, curator):
        Assignment.objects.create(facility=alder, snoozed_until=NOW)

        press(client_of(curator), "ask", "city", method="")

        assert Conflict.objects.filter(fact="city").exists()
        assert Assignment.objects.get().snoozed_until is None

    def test_are_not_settled_before_it_is_said_how(self, alder, curator):
        page = press(client_of(curator), "keep", "city", method="")

        assert "First say how you know." in page.text
        assert Conflict.objects.count() == 2

    def test_remember_how_from_one_click_to_the_next(self, alder, curator):
        client = client_of(curator)

        page = press(client, "keep", "city", method="website").text

        assert 'value="website" checked' in page

    def test_that_are_gone_are_said_to_be(self, alder, curator):
        page = client_of(curator).post(CONFLICTS, {"keep": "1234567"}, follow=True)

        assert "not there any more" in page.text

    def test_are_not_settled_by_two_buttons_at_once(self, alder, curator):
        city, phone = Conflict.objects.order_by("fact")
        form = {"keep": city.pk, "take": phone.pk, "method": "phone"}

        page = client_of(curator).post(CONFLICTS, form, follow=True)

        assert "Press the button of one conflict." in page.text
        assert Conflict.objects.count() == 2

    def test_keep_how_where_a_button_fails(self, alder, curator):
        client = client_of(curator)

        page = client.post(CONFLICTS, {"keep": "0", "method": "website"}, follow=True)

        assert Page(page).one("input[name=method][checked]").attributes["value"] == "website"

    @pytest.mark.parametrize("method", ["gossip", "phone\0", "9" * 5_000])
    def test_are_not_settled_by_an_unknown_how(self, alder, curator, method):
        page = press(client_of(curator), "keep", "city", method)

        assert "First say how you know." in page.text
        assert Conflict.objects.count() == 2

    @time_machine.travel(NOW)
    def test_of_a_status_are_for_editors(self, tmp_path, curator):
        load_edition(tmp_path, 2022, house("Alder House"), house("Birch House"))
        alder = Facility.objects.get(name="Alder House")
        record_checks(alder, [FactCheck("city", "confirmed")], by=curator, now=NOW)
        load_edition(tmp_path, 2023, house("Birch House"))

        assert press(client_of(curator), "take", "status").status_code == 403
        press(staff_client("editor"), "keep", "status")

        alder.refresh_from_db()
        assert (alder.status, Conflict.objects.count()) == ("listed", 0)

    def test_are_filtered_by_fact_and_state(self, alder, curator):
        client = client_of(curator)

        one = client.get(CONFLICTS, {"fact": "city"}).context["cl"].result_count
        none = client.get(CONFLICTS, {"state": "TX"}).context["cl"].result_count

        assert (one, none) == (1, 0)

    def test_are_listed_in_as_many_queries_however_many(self, curator, django_assert_num_queries):
        release, client = make_release(), client_of(curator)
        for number in range(60):
            facility = make_facility(name=f"House {number}")
            Conflict.objects.create(
                facility=facility, fact="city", shown_value="x", release=release
            )

        # session, user, factor, permissions (2), facts, states, count, rows
        with django_assert_num_queries(9):
            assert client.get(CONFLICTS).context["cl"].result_count == 60


@pytest.fixture
def twins(db, tmp_path):
    alder = house("Alder House")
    load_edition(tmp_path, 2023, alder, alder | {"street2": "Suite 2"})
    return Facility.objects.order_by("street2")


@pytest.fixture
def editor(db):
    return staff_client("editor")


def comparison(twins) -> str:
    first, second = twins
    address = reverse("admin:facilities_likelypair_compare")
    return f"{address}?first={first.code}&second={second.code}"


class TestLikelyDuplicates:
    def test_are_sought_by_a_click(self, editor, twins):
        editor.post(reverse("admin:facilities_likelypair_search"))

        page = editor.get(PAIRS)
        assert page.context["cl"].result_count == 1
        assert all(facility.code in page.text for facility in twins)
        assert "same building +25" in page.text

    def test_stand_side_by_side(self, editor, twins):
        page = editor.get(comparison(twins))

        assert page.context["score"] == 90
        rows = {
            fact: (one, other) for fact, one, other, differs in page.context["facts"] if differs
        }
        assert rows == {"Suite or floor": ("not reported", "Suite 2")}

    def test_have_the_score_of_the_list_where_one_has_moved(self, editor):
        one = {"name": "Alder House", "phone": "518-555-0101", "zip": "12207"}
        moved = make_facility(**one, street="90 Elm Street", status="withdrawn")
        here = make_facility(**one, street="1 Main Street")
        editor.post(reverse("admin:facilities_likelypair_search"))

        page = editor.get(comparison((moved, here)))

        assert page.context["score"] == LikelyPair.objects.get().score == 80

    def test_are_kept_apart_by_a_click(self, editor, twins):
        editor.post(reverse("admin:facilities_likelypair_search"))

        editor.post(comparison(twins), {"do": "apart"})

        assert DistinctPair.objects.get().decided_by.username == "editor"
        assert not LikelyPair.objects.exists()

    def test_are_joined_by_a_click_and_taken_apart_by_another(self, editor, twins):
        first, second = twins
        before = state()

        page = editor.post(comparison(twins), {"do": "second", "note": "I called"}, follow=True)
        done = Merge.objects.get()
        assert (done.kept, done.absorbed, done.note) == (second, first, "I called")
        assert "Joined." in page.text
        assert "I called" in editor.get(MERGES).text

        editor.post(MERGES, {"undo": done.pk})
        assert state() == before

    def test_that_were_joined_are_not_listed(self, editor, twins):
        editor.post(reverse("admin:facilities_likelypair_search"))
        editor.post(comparison(twins), {"do": "first"})

        assert editor.get(PAIRS).context["cl"].result_count == 0

    def test_are_for_editors(self, twins):
        curator = staff_client("curator")

        answers = [curator.get(PAIRS), curator.post(comparison(twins), {"do": "first"})]

        assert [answer.status_code for answer in answers] == [403, 403]
        assert not Merge.objects.exists()

    @pytest.mark.parametrize("query", ["", "?first=x&second=y", "?first=1&second="])
    def test_have_to_be_named(self, editor, twins, query):
        answer = editor.get(comparison(twins).partition("?")[0] + query, follow=True)

        assert "Name two listings" in answer.text

    def test_are_listed_in_as_many_queries_however_many(self, editor, django_assert_num_queries):
        for number in range(60):
            one, other = sorted(
                (make_facility(name=f"House {number}") for _ in "ab"), key=lambda each: each.pk
            )
            LikelyPair.objects.create(
                first=one, second=other, score=90, terms={"name": 45}, found_at=NOW
            )

        # session, user, factor, permissions (2), newest, states, count, rows
        with django_assert_num_queries(9):
            assert editor.get(PAIRS).context["cl"].result_count == 60


class TestUndoOfARelease:
    def test_is_said_before_it_is_done(self, tmp_path):
        load_edition(tmp_path, 2023, house("Alder House"))
        page = staff_client("administrator").get(UNDO).text

        assert "1 facility that only this release lists goes with it." in page
        assert Release.objects.count() == 1

    def test_names_the_drafts_beforehand(self, tmp_path):
        load_edition(tmp_path, 2023, house("Alder House"), house("Birch House"))
        alder = Facility.objects.get(name="Alder House")
        alder.reports.create(receipt="x", reported_on=NOW.date())
        client = staff_client("administrator")

        page = client.get(UNDO).text
        done = release_upload.press(client, UNDO, release=Release.objects.get().pk).text

        assert "1 facility that only this release lists goes with it." in page
        assert "1 new listing that people worked on becomes a draft" in page
        assert "Alder House" in page
        assert "Birch House" not in page
        assert "1 listing that people worked on became a draft." in done

    def test_is_done_by_an_administrator(self, tmp_path):
        load_edition(tmp_path, 2022, house("Alder House"))
        before = state()
        load_edition(tmp_path, 2023, house("Alder House"), house("Birch House"))
        client = staff_client("administrator")

        page = release_upload.press(client, UNDO, release=Release.objects.last().pk)

        assert "Taken back: SAMHSA National Directory 2023" in page.text
        assert state() == before

    def test_is_not_done_to_another_release_than_was_shown(self, tmp_path):
        load_edition(tmp_path, 2022, house("Alder House"))
        seen = Release.objects.get().pk
        load_edition(tmp_path, 2023, house("Alder House"))

        client = staff_client("administrator")
        page = release_upload.press(client, UNDO, release=seen)

        assert "Look again" in page.text
        assert Release.objects.count() == 2

    @pytest.mark.parametrize("role", ["curator", "editor"])
    def test_is_for_nobody_else(self, tmp_path, role):
        load_edition(tmp_path, 2023, house("Alder House"))

        assert staff_client(role).post(UNDO, {"release": 1}).status_code == 403
        assert Release.objects.count() == 1
