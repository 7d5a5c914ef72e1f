"""Telling which row of a new file is which facility: by hand-made rows and by the real editions."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from facilities.geo import Point
from facilities.imports.record_linkage import MatchReader
from facilities.imports.row_matching import match_rows
from facilities.matching.similarity import MatchFeatures, is_same_street, normalize_street
from facilities.places.tables import zip_code_table

from ..support.factories import make_row

READER = MatchReader(zip_code_table())
HERE = Point(42.0001, -73.0001)
FIFTY_STEPS_AWAY = Point(42.0004, -73.0001)  # 36 yards north
AROUND_THE_CORNER = Point(42.0011, -73.0001)  # 120 yards north


def judged_pairs(verdict):
    """Rows of 2022 and 2023 that look alike, with what a person who read both found."""
    with (Path(__file__).parent / "judged_pairs.csv").open(newline="") as table:
        return [
            pytest.param(
                int(pair["row_2022"]), int(pair["row_2023"]),
                id=f"{pair['change']}: {pair['row_2022']}-{pair['row_2023']}",
            )
            for pair in csv.DictReader(table)
            if pair["verdict"] == verdict
        ]  # fmt: skip


def look(key, at=None, **fields):
    return MatchFeatures.of(key, make_row(**fields), at, is_exact=at is not None)


@pytest.fixture(scope="module")
def matching(reading_2022, reading_2023):
    """The rows of 2023 matched with those of 2022; facilities are named by row of 2022."""
    return match_rows(
        [READER.features(row.row_number, row) for row in reading_2023.rows],
        [READER.features(row.row_number, row) for row in reading_2022.rows],
    )


class TestStreets:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("750 Highway 31 South", "750 Hwy 31 S"),
            ("1 Main Street, Suite 200", "1 Main St"),
            ("915 North Grand Street", "915 North Grand Street Unit 4"),
            ("580 Old Sanford-Oviedo Road", "580 Old Sanford Oviedo Road"),
            ("146 Communication Drive", "146 Communications Drive"),
        ],
    )
    def test_are_the_same(self, one, other):
        assert is_same_street(look(1, street=one), look(2, street=other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("12 Main Street", "112 Main Street"),
            ("7 Elm Street", "7 Oak Avenue"),
            ("", ""),
            ("5055 East 12th Street", "5055 East 13th Street"),
            ("P.O. Box 12", "P.O. Box 21"),
        ],
    )
    def test_are_not_the_same(self, one, other):
        assert not is_same_street(look(1, street=one), look(2, street=other))

    def test_keep_a_number_that_is_all_they_have(self):
        assert normalize_street("Unit 7 Industrial Park") != ""


class TestMatch:
    def test_pairs_what_is_exact_but_for_case_and_spaces(self):
        found = match_rows([look(9, name="EXAMPLE  house", phone="")], [look(1)])

        assert found.pairs == {9: 1}

    def test_pairs_by_phone_when_the_name_changed_on_the_same_street(self):
        found = match_rows([look(9, name="Quite Another Name")], [look(1)])

        assert found.pairs == {9: 1}

    def test_pairs_by_phone_when_a_similar_name_moved_within_its_zip(self):
        found = match_rows([look(9, street="80 Elm Avenue")], [look(1)])

        assert found.pairs == {9: 1}

    def test_does_not_pair_by_phone_and_zip_alone(self):
        found = match_rows([look(9, name="Quite Another Name", street="80 Elm Avenue")], [look(1)])

        assert (found.pairs, found.new) == ({}, (9,))

    def test_pairs_by_street_when_phone_and_spelling_changed(self):
        found = match_rows([look(9, name="Exemple House Inc", phone="518-555-0109")], [look(1)])

        assert found.pairs == {9: 1}

    def test_does_not_pair_two_programs_of_one_organization(self):
        row = look(9, program_name="Youth Outpatient", phone="518-555-0109")

        assert match_rows([row], [look(1, program_name="Women's Residence")]).new == (9,)

    def test_is_one_to_one(self):
        rows = [look(8), look(9)]

        found = match_rows(rows, [look(1)])

        assert (found.pairs, found.new) == ({8: 1}, (9,))

    def test_pairs_twins_by_their_services(self):
        known = [look(1, services="detox"), look(2, services="outpatient methadone")]

        found = match_rows(
            [look(8, services="methadone outpatient"), look(9, services="detox")], known
        )

        assert found.pairs == {8: 2, 9: 1}

    @pytest.mark.parametrize(
        ("one", "other"),
        [("Fathers Program", "Mothers Program"), ("Adult Treatment", "Youth Treatment")],
    )
    def test_does_not_pair_programs_for_opposite_people_at_one_number(self, one, other):
        row = look(9, program_name=one)

        assert match_rows([row], [look(1, program_name=other)]).new == (9,)

    def test_prefers_the_same_building_to_the_same_phone(self):
        known = [look(1, name="Crossroads East", phone="518-555-0102")]
        rows = [
            look(8, name="Crossroads", program_name="Main Office", street="2 Elm Street",
                 phone="518-555-0102"),
            look(9, name="Crossroads", program_name="East"),
        ]  # fmt: skip

        assert match_rows(rows, known).pairs == {9: 1}

    def test_leaves_a_row_between_two_equals_to_a_person(self):
        known = [look(1, name="North House"), look(2, name="South House")]

        found = match_rows([look(9, name="Mouth House")], known)

        assert (found.pairs, found.ambiguous, found.new) == ({}, {9: (1, 2)}, ())

    def test_leaves_two_equal_rows_to_a_person(self):
        rows = [look(8, name="North House"), look(9, name="South House")]

        found = match_rows(rows, [look(1, name="Mouth House")])

        assert found.ambiguous == {8: (1,), 9: (1,)}

    def test_knows_a_facility_by_any_of_its_looks(self):
        known = [look(1), look(1, name="Corrected Name", street="5 Elm Street", phone="")]

        found = match_rows([look(9, name="Corrected Name", street="5 Elm Street", phone="")], known)

        assert found.pairs == {9: 1}

    def test_does_not_depend_on_order(self, reading_2022):
        rows = [MatchFeatures.of(row.row_number, row) for row in reading_2022.rows[:600]]
        known = [MatchFeatures.of(row.row_number, row) for row in reading_2022.rows[300:900]]

        assert match_rows(rows, known) == match_rows(rows[::-1], known[::-1])


class TestMatchAcrossZipCodes:
    def test_pairs_by_street_when_the_zip_was_corrected(self):
        found = match_rows([look(9, zip="12208", phone="518-555-0109")], [look(1)])

        assert found.pairs == {9: 1}

    def test_pairs_by_position_when_the_street_is_written_in_another_way(self):
        row = look(9, FIFTY_STEPS_AWAY, street="Corner of Elm", zip="12208", phone="518-555-0109")

        assert match_rows([row], [look(1, HERE)]).pairs == {9: 1}

    def test_does_not_pair_by_position_what_is_around_the_corner(self):
        row = look(9, AROUND_THE_CORNER, street="Corner of Elm", zip="12208", phone="518-555-0109")

        assert match_rows([row], [look(1, HERE)]).new == (9,)

    def test_does_not_pair_two_house_numbers_by_position(self):
        row = look(9, FIFTY_STEPS_AWAY, street="14 Main Street", phone="518-555-0109")

        assert match_rows([row], [look(1, HERE, street="12 Main Street")]).new == (9,)

    def test_does_not_pair_men_with_women_in_one_building(self):
        row = look(9, HERE, program_name="Womens Residential", zip="12208")

        assert match_rows([row], [look(1, HERE, program_name="Mens Residential")]).new == (9,)

    def test_pairs_what_moved_with_its_name_and_phone(self):
        row = look(9, street="80 Elm Avenue", city="Troy", zip="12180")

        assert match_rows([row], [look(1)]).pairs == {9: 1}

    def test_does_not_pair_what_moved_to_another_state(self):
        row = look(9, street="80 Elm Avenue", city="Bennington", state="VT", zip="05201")

        assert match_rows([row], [look(1)]).new == (9,)

    def test_leaves_houses_of_one_name_and_phone_to_a_person(self):
        known = [look(1), look(2, street="7 Oak Street", zip="12110")]
        rows = [look(8, street="7 Oak Street", zip="12110"), look(9, street="80 Elm", zip="12180")]

        found = match_rows(rows, known)

        assert (found.pairs, found.ambiguous) == ({8: 2}, {9: (1,)})

    def test_leaves_what_moved_and_changed_its_services_to_a_person(self):
        row = look(9, street="80 Elm", zip="12180", services="methadone outpatient")

        assert match_rows([row], [look(1, services="detox")]).ambiguous == {9: (1,)}

    def test_takes_houses_far_apart_for_two(self):
        known = [look(1), look(2, street="7 Oak Street", zip="12110")]
        rows = [
            look(8, street="7 Oak Street", zip="12110"),
            look(9, Point(43.0, -76.0), street="80 Elm", zip="13202"),
        ]

        assert match_rows(rows, [look(1, HERE), known[1]]).new == (9,)

    def test_pairs_a_row_without_a_street_by_its_name(self):
        found = match_rows([look(9, street="- - -", phone="518-555-0109")], [look(1)])

        assert found.pairs == {9: 1}

    def test_pairs_a_row_without_a_street_by_its_position(self):
        row = look(9, FIFTY_STEPS_AWAY, street="", zip="12208", phone="518-555-0109")

        assert match_rows([row], [look(1, HERE)]).pairs == {9: 1}

    def test_leaves_a_row_without_a_street_between_two_houses_to_a_person(self):
        known = [look(1), look(2, street="7 Oak Street")]

        found = match_rows([look(9, street="", phone="518-555-0109")], known)

        assert found.ambiguous == {9: (1, 2)}


class TestEditions:
    @pytest.mark.parametrize(("before", "now"), judged_pairs("same"))
    def test_keep_a_facility_through_a_change_of(self, matching, before, now):
        assert matching.pairs.get(now) == before

    @pytest.mark.parametrize(("before", "now"), judged_pairs("different"))
    def test_tell_apart(self, matching, before, now):
        assert matching.pairs.get(now) != before

    @pytest.mark.parametrize(("before", "now"), judged_pairs("unsure"))
    def test_do_not_join_unasked(self, matching, before, now):
        assert matching.pairs.get(now) != before

    def test_leave_few_facilities_withdrawn_beside_a_new_one_of_their_name_and_phone(
        self, matching, reading_2022, reading_2023
    ):
        waiting = {facility for ids in matching.ambiguous.values() for facility in ids}
        gone = {row.row_number for row in reading_2022.rows}
        gone -= {*matching.pairs.values(), *waiting}
        new = set(matching.new)
        appeared = {_name_and_phone(row) for row in reading_2023.rows if row.row_number in new}

        split = [
            row.row_number
            for row in reading_2022.rows
            if row.row_number in gone and row.phone and _name_and_phone(row) in appeared
        ]

        # 145 before matching looked across ZIP codes. These are houses far from the new ones.
        assert len(split) == 8

    def test_account_for_every_row(self, matching):
        counts = len(matching.pairs), len(matching.ambiguous), len(matching.new)

        assert sum(counts) == 12_744
        assert counts == (9_792, 64, 2_888)

    def test_give_no_facility_to_two_rows(self, matching):
        assert len(set(matching.pairs.values())) == len(matching.pairs)

    def test_find_all_whose_phone_alone_changed(self, matching, reading_2022, reading_2023):
        expected = {
            now.row_number: before.row_number
            for before, now in identical(reading_2022, reading_2023)
            if before.raw["phone"] != now.raw["Phone"]
        }

        assert len(expected) == 662  # 667 with those that share all else with another row
        assert {row: matching.pairs.get(row) for row in expected} == expected

    def test_join_no_pair_that_differs_in_both_name_and_street(self, matching, reading_2022,
                                                               reading_2023):  # fmt: skip
        before = {row.row_number: row for row in reading_2022.rows}
        now = {row.row_number: row for row in reading_2023.rows}

        for row, facility in matching.pairs.items():
            one, other = MatchFeatures.of(0, before[facility]), MatchFeatures.of(0, now[row])
            names = {one.name, one.program_name} & {other.name, other.program_name} - {""}
            alike = is_same_street(one, other) or names
            assert alike or _shared_word(one.name, other.name), (facility, row)


def identical(before, now):
    """(row, row) of those that one file each has once with this name, program, street and ZIP."""
    groups = defaultdict(lambda: ([], []))
    for side, reading in enumerate((before, now)):
        for row in reading.rows:
            key = (row.name, row.program_name, row.street, row.zip)
            groups[tuple(part.lower() for part in key)][side].append(row)
    return [(one[0], two[0]) for one, two in groups.values() if len(one) == len(two) == 1]


def _name_and_phone(row):
    return " ".join(MatchFeatures.of(0, row).plain_names[1].split()), row.phone


def _shared_word(one: str, other: str) -> bool:
    return bool({word for word in one.split() if len(word) > 3} & set(other.split()))
