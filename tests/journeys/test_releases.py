"""Two real editions and fifty corrections: what people checked outlives the next file and its undo.

An administrator loads 2022, curators correct fifty facts, 2023 is loaded and taken back. What must
be in conflict is worked out from the two workbooks alone.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from facilities.curation import FactCheck, accept_proposal, record_checks
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.imports.report import LoadReport
from facilities.imports.row_matching import match_rows
from facilities.imports.undo import undo_release
from facilities.matching.similarity import MatchFeatures
from facilities.models import Conflict, Facility, SourceRow
from facilities.places.tables import zip_code_table
from facilities.resolution.changes import ChangeSet
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import ON_PAPER, TODAY
from ..support.releases import NOW, TABLES

pytestmark = pytest.mark.django_db
FACTS = ("name", "program_name", "street2", "phone")
CHANGED, SAME, LEFT_OUT = 25, 20, 5


@dataclass
class Journey:
    """What was seen on the way. Corrections are by facility: (fact, value, row of 2022)."""

    corrections: dict[int, tuple] = field(default_factory=dict)
    corrected: str = ""
    listed: int = 0
    report: LoadReport | None = None
    shown: dict[int, dict] = field(default_factory=dict)
    conflicts: set[tuple] = field(default_factory=set)
    listed_then: int = 0
    facilities: int = 0
    placed: int = 0
    undone: str = ""
    rebuilt: ChangeSet | None = None


def fingerprint() -> str:
    """One hash over every column of every record that a load writes."""
    digest = hashlib.sha256()
    for table in TABLES:
        for row in table.objects.order_by("pk").values_list().iterator():
            digest.update(repr(row).encode())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def successors(reading_2022, reading_2023) -> dict:
    """Row of 2022 -> the row of 2023 that speaks of the same facility, matched without us."""
    found = match_rows(
        [MatchFeatures.of(row.row_number, row) for row in reading_2023.rows],
        [MatchFeatures.of(row.row_number, row) for row in reading_2022.rows],
    )
    later = {row.row_number: row for row in reading_2023.rows}
    in_doubt = {row for rows in found.ambiguous.values() for row in rows}
    pairs = {old: later[new] for new, old in found.pairs.items()}
    return {
        row.row_number: pairs.get(row.row_number)
        for row in reading_2022.rows
        if row.row_number not in in_doubt
    }


@pytest.fixture(scope="session")
def choice(reading_2022, successors) -> list[tuple]:
    """(row of 2022, fact): facts that 2023 changes, facts that it does not, rows it leaves out."""
    kinds = {"changed": [], "same": [], "left out": []}
    for row in reading_2022.rows:
        fact = FACTS[row.row_number % len(FACTS)]
        later = successors.get(row.row_number, row)
        if later is None:
            kinds["left out"].append((row, fact))
        elif later is not row:
            is_same = getattr(row, fact) == getattr(later, fact)
            kinds["same" if is_same else "changed"].append((row, fact))
    return [*kinds["changed"][:CHANGED], *kinds["same"][:SAME], *kinds["left out"][:LEFT_OUT]]


def correct(facility: Facility, fact: str, value: str, ana: User, ben: User) -> None:
    """By the one who called; a number shows once somebody else has it on paper."""
    done = record_checks(facility, [FactCheck(fact, "corrected", value)], by=ana, now=NOW)
    for proposal in done.proposals:
        accept_proposal(proposal, by=ben, now=NOW + timedelta(hours=1), **ON_PAPER)


@pytest.fixture(scope="session")
def journey(databases, reading_2023, choice, django_db_setup, django_db_blocker) -> Journey:
    """All of it, in a database of its own that begins with the edition of 2022."""
    with django_db_blocker.unblock(), databases.using_new("edition_2022"):
        return databases.once.result("journey", lambda: travelled(reading_2023, choice))


def travelled(reading_2023, choice) -> Journey:
    seen = Journey()
    ana, ben = (User.objects.create_user(name) for name in ("ana", "ben"))
    of_row = dict(SourceRow.objects.values_list("row_number", "facility_id"))
    for number, (row, fact) in enumerate(choice):
        value = f"518-555-{100 + number:04d}" if fact == "phone" else f"Corrected {number}"
        facility = Facility.objects.get(pk=of_row[row.row_number])
        correct(facility, fact, value, ana, ben)
        seen.corrections[facility.pk] = fact, value, row
    seen.corrected, seen.listed = fingerprint(), Facility.objects.listed().count()
    options = LoadOptions(allows_withdrawals=True)
    seen.report = load_parsed_file(reading_2023, options, today=TODAY)
    seen.shown = {
        row["id"]: row for row in Facility.objects.filter(pk__in=seen.corrections).values()
    }
    seen.conflicts = {
        *Conflict.objects.values_list("facility_id", "fact", "shown_value", "source_value")
    }
    seen.listed_then, seen.facilities = Facility.objects.listed().count(), Facility.objects.count()
    seen.placed = SourceRow.objects.filter(release__edition="2023", facility__isnull=False).count()
    undo_release(today=TODAY)
    seen.undone = fingerprint()
    seen.rebuilt = recompute_facilities(zip_code_table(), today=TODAY)
    return seen


class TestFiftyCorrections:
    def test_are_fifty(self, journey):
        assert len(journey.corrections) == 50

    def test_stand_after_the_next_edition(self, journey):
        for facility, (fact, value, _) in journey.corrections.items():
            assert journey.shown[facility][fact] == value

    def test_keep_listed_what_the_next_edition_leaves_out(self, journey):
        assert {row["status"] for row in journey.shown.values()} == {"listed"}

    def test_are_in_conflict_where_the_file_changed_its_mind(self, journey, successors):
        expected = set()
        for facility, (fact, value, row) in journey.corrections.items():
            later = successors[row.row_number]
            if later is None:
                expected.add((facility, "status", "listed", "withdrawn"))
            elif getattr(later, fact) != getattr(row, fact):
                expected.add((facility, fact, value, getattr(later, fact)))

        corrected = {each for each in journey.conflicts if each[0] in journey.corrections}
        assert corrected == expected
        assert len(expected) == CHANGED + LEFT_OUT

    def test_are_all_named_in_the_report(self, journey):
        assert len(journey.report.conflicts) == len(journey.conflicts)

    def test_are_the_only_conflicts_but_for_numbers_of_unrelated_facilities(self, journey):
        others = [each for each in journey.conflicts if each[0] not in journey.corrections]

        assert {fact for _, fact, _, _ in others} == {"phone"}
        assert len(others) == len(journey.report.withheld) == len(journey.report.shared_numbers)


class TestCounts:
    def test_of_rows_add_up(self, journey):
        report = journey.report

        assert report.rows_read == 12_744
        assert journey.placed + len(report.ambiguous) == report.rows_read

    def test_of_facilities_add_up(self, journey):
        report = journey.report

        assert journey.facilities == 12_176 + report.added
        assert journey.listed_then == journey.listed + report.added - report.withdrawn


class TestTheUndo:
    def test_restores_the_former_state_exactly(self, journey):
        assert journey.undone == journey.corrected

    def test_leaves_nothing_for_rebuild(self, journey):
        assert not journey.rebuilt.writes_facts
        assert len(journey.rebuilt.unchanged) == 12_176
