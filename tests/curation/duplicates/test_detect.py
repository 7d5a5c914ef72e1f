"""Two records of one facility: found, told from two programs of one house, kept apart."""

import pytest
from django.core.management import call_command

from facilities.curation.duplicates.detect import detect_duplicates, mark_distinct
from facilities.curation.duplicates.features import DuplicateFeatures
from facilities.curation.duplicates.merge import merge
from facilities.curation.duplicates.pairing import candidate_pairs, find_likely_pairs
from facilities.curation.duplicates.scoring import pair_score, pair_score_terms
from facilities.models import Facility, LikelyPair

from ...support.factories import make_cells, make_row, write_directory
from ...support.releases import NOW, house, load_edition, load_twins

# Row numbers of the 2023 workbook, looked at by hand: one facility twice.
TWICE = [(1539, 1540), (12094, 12095), (7063, 7064), (9448, 9451), (6450, 6451), (11369, 11371)]
# One house, and two programs in it.
TWO_PROGRAMS = [(7802, 7803), (12308, 12309), (9443, 9444), (8172, 8173), (996, 997)]


def sight(key: int, name="Alder House", program="", *, is_listed=True, at=None, **fields):
    row = make_row(name=name, program_name=program, **fields)
    return DuplicateFeatures.of(key, row, at, is_exact=at is not None, is_listed=is_listed)


def points_of(**other) -> int:
    return pair_score(pair_score_terms(sight(1), sight(2, **other)))


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def twins(db, tmp_path):
    return load_twins(tmp_path)


class TestScore:
    def test_is_full_for_what_is_the_same_in_all(self):
        assert points_of() == 100

    def test_is_what_its_terms_add_up_to(self):
        found = pair_score_terms(sight(1, street2="Suite 1"), sight(2, street2="Suite 2"))

        assert found == {"name": 45, "street": 25, "other unit": -10, "phone": 20}

    @pytest.mark.parametrize(
        "other",
        [
            {"street": "1 Main St."},
            {"name": "The Alder House, Inc."},
            {"name": "Alder Hause"},
            {"phone": "518-555-0199"},
            {"phone": ""},
        ],
        ids=str,
    )
    def test_is_high_for_what_is_written_otherwise(self, other):
        assert points_of(**other) >= 70

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Mens Program", "Womens Program"),
            ("Adult Services", "Adolescent Services"),
            ("Detox", "Outpatient"),
            ("Unit 1", "Unit 2"),
            ("Cedar", "Willow"),
        ],
    )
    def test_is_low_for_two_programs_of_one_house(self, one, other):
        assert pair_score(pair_score_terms(sight(1, program=one), sight(2, program=other))) < 60

    def test_is_low_for_two_sites_with_one_number(self):
        assert points_of(street="9 Elm Street", zip="12208") < 60

    def test_knows_who_moved_by_a_number_that_nobody_else_has(self):
        moved = sight(2, street="9 Elm Street", zip="12208", is_listed=False)

        assert pair_score(pair_score_terms(sight(1), moved, share_phone_alone=True)) == 80
        assert pair_score(pair_score_terms(sight(1), moved)) < 60


class TestPairs:
    def test_are_sought_where_something_is_shared(self):
        far = sight(3, "Cedar", street="9 Elm Street", zip="99501", phone="907-555-0101")

        assert candidate_pairs([sight(1), sight(2), far]) == {(1, 2)}

    def test_are_not_sought_through_a_number_that_all_have(self):
        chain = [sight(key, f"Name{key}", street="", zip=str(10000 + key)) for key in range(1, 100)]

        assert candidate_pairs(chain) == set()

    def test_leave_out_what_was_kept_apart(self):
        assert find_likely_pairs([sight(1), sight(2)], apart=[(2, 1)]) == []

    def test_of_the_real_directory_are_those_seen_by_hand(self, reading_2023):
        sights = [
            DuplicateFeatures.of(
                row.row_number, row, row.position.point, is_exact=row.position.origin == "street"
            )
            for row in reading_2023.rows
        ]

        found = {(pair.first, pair.second) for pair in find_likely_pairs(sights)}

        assert found >= {*TWICE}
        assert found.isdisjoint(TWO_PROGRAMS)
        assert len(found) == 20


class TestSearch:
    def test_keeps_what_it_finds_and_forgets_what_it_found(self, twins):
        detect_duplicates(now=NOW)
        detect_duplicates(now=NOW)

        pair = LikelyPair.objects.get()
        assert {pair.first, pair.second} == {*twins}
        assert pair.score == sum(pair.terms.values()) == 90

    def test_proposes_nothing_that_was_kept_apart(self, twins, ana):
        detect_duplicates(now=NOW)
        mark_distinct(*twins, by=ana, now=NOW)

        assert not LikelyPair.objects.exists()
        assert detect_duplicates(now=NOW) == []

    def test_keeps_apart_what_a_record_has_become(self, twins, ana, tmp_path):
        birch = Facility.objects.get(name="Birch House")
        mark_distinct(birch, twins[1], by=ana, now=NOW)
        merge(twins[0], birch, by=ana, now=NOW)

        assert detect_duplicates(now=NOW) == []

    def test_is_told_on_the_terminal(self, twins, capsys):
        call_command("find_duplicates")

        told = capsys.readouterr().out
        assert "1 likely pairs." in told
        assert all(facility.code in told for facility in twins)


class TestLoad:
    def test_ends_with_a_search_for_known_facilities_among_new(self, db, tmp_path, capsys):
        alder = house("Alder Recovery Center")
        load_edition(tmp_path, 2022, alder, house("Birch House"))
        # Too little is alike to join the row unasked.
        renamed = alder | {"name1": "Alder House Recovery", "phone": "518-555-0177"}
        path = tmp_path / "directory-2023.xlsx"
        write_directory(path, [make_cells(**line) for line in (renamed, house("Birch House"))])

        call_command("load_directory", path, edition="2023", allow_withdrawals=True)

        pair = LikelyPair.objects.get()
        assert "1 likely pairs of a new facility and a known one" in capsys.readouterr().out
        assert {pair.first.name, pair.second.name} == {alder["name1"], renamed["name1"]}
