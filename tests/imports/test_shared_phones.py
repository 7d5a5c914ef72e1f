"""A number that a file changes to that of unrelated facilities waits until somebody checks it."""

from datetime import timedelta

import pytest

from facilities.curation import FactCheck, accept_proposal, listing_doubt, record_checks
from facilities.curation.conflicts import ConflictDecision, resolve_conflict
from facilities.curation.duplicates.merge import merge, undo_merge
from facilities.imports.undo import undo_release
from facilities.models import Conflict, Facility, Proposal
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import ON_PAPER, TODAY
from ..support.releases import NOW, load_again, load_edition, state

pytestmark = pytest.mark.django_db
OLD, SHARED = "518-555-0110", "800-555-0120"
ALDER = {"name1": "Alder House", "street1": "1 Main Street", "phone": f"{OLD} x7"}
BIRCH = {"name1": "Birch Clinic", "street1": "90 Elm Street", "phone": SHARED}
CHANGED = ALDER | {"phone": SHARED}


@pytest.fixture
def folder(tmp_path):
    """2023 gives Alder House the number of Birch Clinic."""
    load_edition(tmp_path, 2022, ALDER, BIRCH)
    load_edition(tmp_path, 2023, CHANGED, BIRCH)
    return tmp_path


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


def alder() -> Facility:
    return Facility.objects.get(name="Alder House")


def number() -> tuple[str, str]:
    return alder().phone, alder().phone_extension


class TestAWithheldNumber:
    def test_leaves_the_old_one_with_its_extension_and_is_a_conflict(self, folder):
        conflict = Conflict.objects.get()

        assert number() == (OLD, "7")
        assert (conflict.fact, conflict.shown_value, conflict.source_value) == (
            "phone",
            OLD,
            SHARED,
        )

    def test_is_said_on_the_public_page(self, folder, client):
        page = client.get(f"/facility/{alder().slug}/").content.decode()

        assert OLD in page
        assert "This number may be wrong. It is being checked." in page

    def test_stays_withheld_when_rebuilt_and_when_loaded_again(self, folder):
        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts
        load_again(folder, 2023)

        assert number() == (OLD, "7")

    def test_stays_withheld_in_the_next_edition_that_repeats_it(self, folder):
        load_edition(folder, 2024, CHANGED, BIRCH)

        assert number() == (OLD, "7")
        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts

    def test_shows_once_no_stranger_has_it_in_the_next_edition(self, folder):
        load_edition(folder, 2024, CHANGED, BIRCH | {"phone": "518-555-0199"})

        assert number() == (SHARED, "")
        assert not listing_doubt(alder(), TODAY)
        assert not Conflict.objects.exists()

    def test_goes_with_its_release(self, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        before = state()
        load_edition(tmp_path, 2023, CHANGED, BIRCH)

        undo_release(today=TODAY)

        assert state() == before

    def test_outlives_a_merge_and_its_undoing(self, folder, ana):
        before = state(Facility, Conflict)
        merged = merge(alder(), Facility.objects.get(name="Birch Clinic"), by=ana, now=NOW)
        assert number() == (OLD, "7")

        undo_merge(merged, now=NOW)

        assert [row[1:] for row in state(Conflict)[0]] == [row[1:] for row in before[1]]
        assert state(Facility)[0] == before[0]


class TestDecidingIt:
    def test_keeps_the_old_one_without_doubt_once_somebody_confirmed_it(self, folder, ana):
        resolve_conflict(
            Conflict.objects.get(), ConflictDecision.KEEP, method="phone", by=ana, now=NOW
        )

        assert number() == (OLD, "7")
        assert not listing_doubt(alder(), TODAY)
        assert not Conflict.objects.exists()

    def test_takes_the_new_one_after_a_second_check_two_days_later(self, folder, ana):
        resolve_conflict(
            Conflict.objects.get(), ConflictDecision.TAKE, method="phone", by=ana, now=NOW
        )
        assert number() == (OLD, "7")

        later = NOW + timedelta(days=2)
        accept_proposal(Proposal.objects.get(), by=ana, now=later, **ON_PAPER)

        assert number() == (SHARED, "")
        assert not listing_doubt(alder(), TODAY)
        assert not Conflict.objects.exists()

    def test_is_never_needed_where_somebody_checked_before(self, tmp_path, ana):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        record_checks(alder(), [FactCheck("phone", "confirmed")], by=ana, now=NOW)
        load_edition(tmp_path, 2023, CHANGED, BIRCH)

        assert number()[0] == OLD
        assert Conflict.objects.get().source_value == SHARED
        assert not listing_doubt(alder(), TODAY)
