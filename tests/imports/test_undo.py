"""Taking the newest release back: exactly what was there before, and nobody's work lost."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from facilities.curation import FactCheck, record_checks
from facilities.curation.duplicates.merge import merge, undo_merge
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.imports.undo import undo_release
from facilities.models import Conflict, Facility, Merge, Release, RowDecision, SourceRow
from facilities.places.tables import zip_code_table
from facilities.resolution.changes import ImportRefused
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import TODAY
from ..support.releases import NOW, house, load_again, load_edition, read_edition, shown, state
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
ALDER, BIRCH, CEDAR = (house(name) for name in ("Alder House", "Birch House", "Cedar House"))


@pytest.fixture
def folder(tmp_path):
    """Two facilities, both listed by 2022."""
    load_edition(tmp_path, 2022, ALDER, BIRCH)
    return tmp_path


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


def named(name: str) -> Facility:
    return Facility.objects.get(name=name)


def correct(name: str, fact: str, value, by) -> None:
    record_seconded(named(name), [FactCheck(fact, "corrected", value)], by=by, now=NOW)


class TestUndo:
    def test_restores_every_column_of_every_record(self, folder):
        before = state()
        load_edition(folder, 2023, ALDER | {"street2": "Suite 2"}, CEDAR)

        undone = undo_release(today=TODAY)

        assert (undone.removed, undone.changed) == (1, 2)
        assert state() == before

    @pytest.mark.parametrize("work", ["check", "report", "call", "hold"])
    def test_keeps_what_people_worked_on_as_a_draft(self, folder, ana, work):
        load_edition(folder, 2023, ALDER, BIRCH, CEDAR, house("Dogwood House"))
        cedar = named("Cedar House")
        if work == "check":
            record_checks(
                cedar, [FactCheck("admission_hours", "corrected", "9 to 5")], by=ana, now=NOW
            )
        elif work == "report":
            cedar.reports.create(receipt="x", reported_on=NOW.date())
        elif work == "hold":
            cedar.legal_holds.create(reason="A letter", placed_at=NOW)
        else:
            cedar.calls.create(outcome="no_answer", made_at=NOW, assignment_before={})
        before = {each: getattr(cedar, each) for each in ("street", "city", "zip", "phone", "code")}

        undone = undo_release(today=TODAY)

        draft = named("Cedar House")
        assert (undone.removed, undone.kept, draft.status) == (1, 1, "draft")
        assert {each: getattr(draft, each) for each in before} == before
        assert (draft.reports.count(), draft.calls.count()) == (work == "report", work == "call")
        assert draft.admission_hours == ("9 to 5" if work == "check" else "")
        assert (draft.last_verified_on is not None) == (work == "check")
        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts

    def test_takes_the_same_file_again_over_a_draft(self, folder, ana):
        load_edition(folder, 2023, ALDER, BIRCH, CEDAR)
        named("Cedar House").reports.create(receipt="x", reported_on=NOW.date())
        undo_release(today=TODAY)

        load_edition(folder, 2023, ALDER, BIRCH, CEDAR)

        assert named("Cedar House").status == "draft"
        assert undo_release(today=TODAY).removed == 0
        assert named("Cedar House").reports.count() == 1

    def test_leaves_nothing_for_rebuild(self, folder):
        load_edition(folder, 2023, ALDER, CEDAR)
        undo_release(today=TODAY)

        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts

    def test_keeps_what_people_checked_since(self, folder, ana):
        load_edition(folder, 2023, ALDER | {"street2": "Suite 2"}, CEDAR)
        correct("Alder House", "city", "Troy", ana)

        undo_release(today=TODAY)

        alder = named("Alder House")
        assert (alder.city, alder.street2) == ("Troy", "")
        assert alder.verifications.count() == 1

    def test_brings_back_the_conflicts_of_before(self, folder, ana):
        correct("Alder House", "city", "Troy", ana)
        load_edition(folder, 2023, ALDER | {"city": "Cohoes"}, BIRCH)
        assert Conflict.objects.get().source_value == "Cohoes"

        undo_release(today=TODAY)

        assert not Conflict.objects.exists()
        assert named("Alder House").city == "Troy"

    def test_can_be_followed_by_the_same_file(self, folder):
        load_edition(folder, 2023, ALDER | {"street2": "Suite 2"}, CEDAR)
        loaded = shown()
        undo_release(today=TODAY)

        load_again(folder, 2023)

        assert shown() == loaded

    def test_takes_one_release_after_the_other(self, folder):
        load_edition(folder, 2023, ALDER, CEDAR)

        undo_release(today=TODAY)
        undo_release(today=TODAY)

        assert state() == [[], [], [], [], []]

    def test_takes_an_archived_edition_back_without_a_trace(self, folder):
        before = state()
        load_edition(folder, 2021, ALDER, CEDAR)

        assert undo_release(today=TODAY).removed == 0
        assert state() == before

    def test_keeps_what_a_later_edition_of_the_same_year_found_there(self, folder):
        load_edition(folder, 2023, ALDER, BIRCH, CEDAR)
        reading = read_edition(folder, 2023, ALDER, BIRCH, CEDAR, house("Dogwood House"))
        load_parsed_file(reading, LoadOptions(), today=TODAY)

        assert undo_release(today=TODAY).removed == 1
        assert not Facility.objects.filter(name="Dogwood House").exists()
        assert named("Cedar House").status == "listed"

    def test_keeps_decisions_about_rows_for_the_next_loading(self, folder):
        report = load_edition(folder, 2023, ALDER, CEDAR)
        sha256 = Release.objects.last().sha256
        RowDecision.objects.create(sha256=sha256, row_number=2, decided_at=NOW)

        undo_release(today=TODAY)

        assert RowDecision.objects.filter(sha256=sha256).exists()
        assert report.added == 1


class TestUndoRefuses:
    def test_without_a_release(self, db):
        with pytest.raises(ImportRefused, match="No release"):
            undo_release(today=TODAY)

    def test_another_release_than_the_one_meant(self, folder):
        with pytest.raises(ImportRefused, match="meanwhile"):
            undo_release(today=TODAY, expected=0)

    def test_until_a_merge_with_what_it_brought_is_undone(self, folder, ana):
        load_edition(folder, 2023, ALDER, BIRCH, CEDAR)
        merge(named("Alder House"), named("Cedar House"), by=ana, now=NOW)
        with pytest.raises(ImportRefused, match="Undo that merge first"):
            undo_release(today=TODAY)

        undo_merge(Merge.objects.get(), now=NOW)

        assert undo_release(today=TODAY).removed == 1


class TestUndoCommand:
    def test_asks_first(self, folder, monkeypatch):
        monkeypatch.setattr("builtins.input", lambda words: "n")

        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("undo_release")
        assert Release.objects.count() == 1

    def test_changes_nothing_where_nobody_can_answer(self, folder, monkeypatch):
        monkeypatch.setattr("sys.stdin", StringIO())

        with pytest.raises(CommandError, match="give --yes"):
            call_command("undo_release")
        assert Release.objects.count() == 1

    def test_says_what_it_did(self, folder, capsys):
        call_command("undo_release", "--yes")

        assert "2 facilities went with it" in capsys.readouterr().out
        assert not SourceRow.objects.exists()
