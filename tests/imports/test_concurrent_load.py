"""A load among people who save ends, loses nothing, and gives what one after the other would."""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count

from facilities.curation import FactCheck, create_facility, record_checks, revert_verification
from facilities.curation.duplicates.merge import MergeRefused, active_merges, merge, undo_merge
from facilities.facts.findings import CheckNotRecorded
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions, LoadPlan
from facilities.imports.planning import make_load_plan, update_load_plan
from facilities.imports.row_decisions import ambiguous_rows, assign_row, current_candidates
from facilities.models import (
    Change,
    Conflict,
    DataVersion,
    Facility,
    Merge,
    Release,
    SourceRow,
    Verification,
)
from facilities.resolution.recompute import recompute_facilities
from facilities.sources.samhsa_directory import read_directory

from ..support.factories import TODAY
from ..support.loading import ZIPS
from ..support.releases import NOW, load_edition, read_edition
from ..support.two_people import record_seconded

OPTIONS = LoadOptions(allows_withdrawals=True)
NAMES = ["North House", "South House", "Mouth House", "Alder House", "Alder Home"]
STREETS = ["1 Main Street", "2 Oak Avenue", "5 Elm Street"]
PLACES = [("Albany", "12207"), ("Brooklyn", "11206"), ("New York", "10001")]
PHONES = ["518-555-0101", "518-555-0102", "518-555-0103", ""]
CODES = ["SA DT * OP", "SA OP BU", "SA RES"]


def invented_line(chance: random.Random) -> dict:
    """A line that is easily mistaken for another."""
    city, code = chance.choice(PLACES)
    return {
        "name1": chance.choice(NAMES), "street1": chance.choice(STREETS), "city": city,
        "zip": code, "phone": chance.choice(PHONES), "service_code_info": chance.choice(CODES),
    }  # fmt: skip


def next_edition(lines: list[dict], chance: random.Random) -> list[dict]:
    kept = [line for line in lines if chance.random() < 0.85]
    changed = [
        line | {key: invented_line(chance)[key] for key in chance.sample([*line], 2)}
        if chance.random() < 0.4
        else line
        for line in kept
    ]
    return [*changed, *(invented_line(chance) for _ in range(2))]


def save_something(chance: random.Random, moment) -> None:
    """Do one of the things that curators do, to listings that are chosen at random."""
    whole = list(Facility.objects.filter(merged_into=None).order_by("pk"))
    one, other = chance.sample(whole, 2)
    line = invented_line(chance)
    facts = {
        "name": line["name1"], "street": line["street1"], "zip": line["zip"],
        "status": chance.choice(["listed", "hidden", "withdrawn"]),
        "service:methadone": chance.choice(["offered", "denied"]),
        "is_address_confidential": chance.random() < 0.5,
    }  # fmt: skip
    fact = chance.choice([*facts])
    match chance.choice(["check", "check", "check", "revert", "merge", "undo", "create", "assign"]):
        case "check":
            record_checks(one, [FactCheck(fact, "corrected", facts[fact])], by=None, now=moment)
        case "revert":
            if check := one.verifications.standing().order_by("pk").last():
                revert_verification(check, by=None, now=moment)
        case "merge":
            merge(one, other, by=None, now=moment)
        case "undo":
            if done := active_merges(Merge.objects).order_by("pk").last():
                undo_merge(done, now=moment)
        case "create":
            place = {"city": line["city"], "state": "NY", "zip": line["zip"]}
            given = {"name": line["name1"], "street": line["street1"]} | place
            checks = [FactCheck(name, "corrected", value) for name, value in given.items()]
            key = uuid.UUID(int=chance.getrandbits(128))
            create_facility(checks, by=None, now=moment, key=key)
        case "assign":
            if row := ambiguous_rows().order_by("pk").first():
                key = chance.choice([None, *current_candidates(row)])
                facility = Facility.objects.filter(pk=key).first()
                assign_row(row, facility, by=None, now=moment)


def content(plan: LoadPlan) -> dict:
    """All that a plan holds, in a form in which two plans are alike if they do alike."""
    snapshot = plan.snapshot
    return {
        **{name: getattr(plan, name) for name in
           ("assigned", "merged_from", "candidates", "new", "rows", "new_positions", "statements")},
        **{name: getattr(plan.changes, name) for name in
           ("added", "changed", "redated", "unchanged")},
        "withdrawn": sorted(plan.changes.withdrawn),
        "conflicts": sorted(plan.changes.conflicts, key=repr),
        "report": plan.report.as_json(),
        "known": (snapshot.columns, snapshot.statements, snapshot.uuids, snapshot.conflicts),
        "checks": {key: [check.pk for check in checks]
                   for key, checks in snapshot.checks.items() if checks},
    }  # fmt: skip


@pytest.mark.django_db
class TestUpdatedPlan:
    @pytest.mark.parametrize("is_repeated", [False, True])
    @pytest.mark.parametrize("seed", range(12))
    def test_is_the_plan_that_would_be_made_now(self, tmp_path, seed, is_repeated):
        chance = random.Random(seed)
        lines = [invented_line(chance) for _ in range(14)]
        load_edition(tmp_path, 2021, *lines)
        lines = next_edition(lines, chance)
        load_edition(tmp_path, 2022, *lines)
        if is_repeated:
            reading = read_directory(tmp_path / "directory-2022.xlsx", edition="2022")
        else:
            reading = read_edition(tmp_path, 2023, *next_edition(lines, chance))
        plan = make_load_plan(reading, OPTIONS, ZIPS, TODAY)
        assert bool(plan.repeated) == is_repeated

        for number in range(10):
            try:
                save_something(chance, NOW + timedelta(hours=number))
            except (CheckNotRecorded, MergeRefused):
                continue
            update_load_plan(plan, OPTIONS, ZIPS, TODAY)
            made = content(make_load_plan(reading, OPTIONS, ZIPS, TODAY))
            updated = content(plan)
            for name, expected in made.items():
                assert updated[name] == expected, (name, number)


def tables() -> list[list[dict]]:
    """All rows that curators and loads write, but for their own keys and when they were written."""
    left_out = {
        Facility: set(), Conflict: {"id"}, SourceRow: {"id"},
        Verification: {"id"}, Release: {"loaded_at"},
    }  # fmt: skip
    return [
        sorted(
            ({name: row[name] for name in row.keys() - names} for row in model.objects.values()),
            key=lambda row: repr(sorted(row.items())),
        )
        for model, names in left_out.items()
    ]


class Curator:
    """Somebody who corrects one listing after another, every 50 ms, until told to stop."""

    def __init__(self, keys: list[int]) -> None:
        self.keys = keys
        self.saved: list[tuple[int, str, str, int]] = []
        self.is_over = threading.Event()

    def work(self) -> None:
        try:
            for number, key in enumerate(self.keys):
                if self.is_over.wait(0.05):
                    return
                self.save(number, key)
        finally:
            connection.close()

    def save(self, number: int, key: int) -> None:
        fact, value = [("name", f"House {number}"), ("program_name", f"Program {number}"),
                       ("zip", "12207"), ("service:methadone", "offered")][number % 4]  # fmt: skip
        facility = Facility.objects.get(pk=key)
        now = NOW + timedelta(seconds=number)
        with transaction.atomic():
            checks = [FactCheck(fact, "corrected", value)]
            done = record_seconded(facility, checks, by=None, now=now)
            assert done.verifications
            version = DataVersion.current().number  # nobody else can change it yet
        self.saved.append((number, key, version))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestLoadOfRealData:
    def test_among_saves_loses_nothing_and_gives_what_one_after_the_other_would(
        self, databases, reading_2023
    ):
        with databases.using_new("edition_2022"):
            keys = list(Facility.objects.order_by("code").values_list("pk", flat=True))
            curator = Curator(keys)
            with ThreadPoolExecutor(1) as pool:
                working = pool.submit(curator.work)
                report = load_parsed_file(reading_2023, OPTIONS, today=TODAY)
                # A check may list one facility again; only the load changes thousands.
                sizes = Change.objects.values("revision").annotate(size=Count("pk"))
                number_of_load = sizes.order_by("size").last()["revision"]
                curator.is_over.set()
                working.result(60)
            among_saves = tables()
            version = DataVersion.current().number
            assert not recompute_facilities(ZIPS, today=TODAY).writes_facts

        before = [(number, key) for number, key, at in curator.saved if at < number_of_load]
        after = [(number, key) for number, key, at in curator.saved if at > number_of_load]
        assert len(before) > 5
        with databases.using_new("edition_2022"):
            alone = Curator(keys)
            for number, key in before:
                alone.save(number, key)
            report_alone = load_parsed_file(reading_2023, OPTIONS, today=TODAY)
            for number, key in after:
                alone.save(number, key)
            assert version == DataVersion.current().number
            for found, expected in zip(among_saves, tables(), strict=True):
                assert found == expected

        assert report.as_json() == report_alone.as_json()
