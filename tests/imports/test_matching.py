"""Telling which row of a new file is which facility: by hand-made rows and by the real editions."""

from collections import defaultdict

import pytest

from facilities.imports.row_matching import match_rows
from facilities.matching.similarity import MatchFeatures, is_same_street, normalize_street

from ..support.factories import make_row

# Pairs looked at by hand: row of 2022, row of 2023, one facility.
SAME = {
    "nothing but services changed": [(2, 2), (3, 3), (504, 572), (505, 573)],
    "phone": [(6893, 7303), (2731, 2903), (8564, 9014), (4040, 4179)],
    "suite": [(12006, 12580), (1120, 1223), (9871, 10380), (6474, 6864)],
    "spelling of the street": [(2846, 3038), (5907, 6254), (7368, 7822), (11959, 12532)],
    "street, having moved": [(1962, 2112), (8611, 9070), (693, 771), (1368, 1482), (7383, 7837)],
    "name": [(11952, 12533), (6045, 6420), (5406, 5715), (11452, 12023), (8948, 9423)],
    "program": [(379, 413), (378, 414), (385, 423), (391, 427), (389, 428), (7777, 8240)],
    "phone and program": [(6382, 6772), (8326, 8752), (12121, 12692), (4261, 4425)],
}
# Pairs looked at by hand that are alike and are two facilities.
DIFFERENT = {
    "another house of one organization": [(8082, 8531), (12063, 12638), (11064, 11623)],
    "another kind of care": [(9530, 10034), (8374, 8806), (9624, 10126)],
    "another office": [(3541, 3704), (383, 423), (378, 413), (3616, 3777)],
    "another organization in the same building": [(1897, 2042), (116, 151)],
    "another organization with the same phone": [(4327, 4495), (5000, 5284)],
}


def pairs_of(table):
    return [
        pytest.param(*pair, id=f"{what}: {pair[0]}-{pair[1]}")
        for what, pairs in table.items()
        for pair in pairs
    ]


def look(key, **fields):
    return MatchFeatures.of(key, make_row(**fields))


@pytest.fixture(scope="module")
def matching(reading_2022, reading_2023):
    """The rows of 2023 matched with those of 2022; facilities are named by row of 2022."""
    return match_rows(
        [MatchFeatures.of(row.row_number, row) for row in reading_2023.rows],
        [MatchFeatures.of(row.row_number, row) for row in reading_2022.rows],
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


class TestEditions:
    @pytest.mark.parametrize(("before", "now"), pairs_of(SAME))
    def test_keep_a_facility_through_a_change_of(self, matching, before, now):
        assert matching.pairs.get(now) == before

    @pytest.mark.parametrize(("before", "now"), pairs_of(DIFFERENT))
    def test_tell_apart(self, matching, before, now):
        assert matching.pairs.get(now) != before

    def test_account_for_every_row(self, matching):
        counts = len(matching.pairs), len(matching.ambiguous), len(matching.new)

        assert sum(counts) == 12_744
        assert counts == (9_674, 39, 3_031)

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


def _shared_word(one: str, other: str) -> bool:
    return bool({word for word in one.split() if len(word) > 3} & set(other.split()))
