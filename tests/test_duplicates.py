"""Two records of one facility: found, kept apart, joined with nothing lost, taken apart exactly."""

import pytest
from django.core.management import call_command

from facilities.curating import Check, record
from facilities.duplicates.finding import candidates, likely_pairs
from facilities.duplicates.merging import AT_MOST_ONE, HANDED, NotMerged, merge, undo_merge
from facilities.duplicates.scoring import score, terms
from facilities.duplicates.searching import keep_apart, search
from facilities.duplicates.sight import Sight
from facilities.loading.load import rebuild
from facilities.models import (
    Availability,
    Conflict,
    Credential,
    Facility,
    LikelyPair,
    Report,
    SourceRow,
    Turn,
    UpdateLink,
)
from facilities.places.tables import zip_places

from .factories import TODAY, make_facility
from .releases import NOW, TABLES, house, load_again, load_edition, state

# Row numbers of the 2023 workbook, looked at by hand: one facility twice.
TWICE = [(1539, 1540), (12094, 12095), (7063, 7064), (9448, 9451), (6450, 6451), (11369, 11371)]
# One house, and two programs in it.
TWO_PROGRAMS = [(7802, 7803), (12308, 12309), (9443, 9444), (8172, 8173), (996, 997)]
ALL = (*TABLES, *HANDED, *AT_MOST_ONE)


def sight(key: int, name="Alder House", program="", **fields) -> Sight:
    street, zip_code = fields.pop("street", "1 Main Street"), fields.pop("zip", "12207")
    phone = fields.pop("phone", "518-555-0101")
    unit = fields.pop("street2", "")
    return Sight(key, name, program, street, unit, zip_code, "NY", phone, **fields)


def points_of(**other) -> int:
    return score(terms(sight(1), sight(2, **other)))


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def twins(db, tmp_path):
    """One facility twice in the 2023 edition, with other services, and a third beside it."""
    alder = house("Alder House", service_code_info="SA DT * OP")
    load_edition(
        tmp_path, 2023, alder, alder | {"street2": "Suite 2", "service_code_info": "SA * RES"},
        house("Birch House"),
    )  # fmt: skip
    kept, gone = Facility.objects.filter(name="Alder House").order_by("street2")
    return kept, gone


class TestScore:
    def test_is_full_for_what_is_the_same_in_all(self):
        assert points_of() == 100

    def test_is_what_its_terms_add_up_to(self):
        found = terms(sight(1, street2="Suite 1"), sight(2, street2="Suite 2"))

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
        assert score(terms(sight(1, program=one), sight(2, program=other))) < 60

    def test_is_low_for_two_sites_with_one_number(self):
        assert points_of(street="9 Elm Street", zip="12208") < 60

    def test_knows_who_moved_by_a_number_that_nobody_else_has(self):
        moved = sight(2, street="9 Elm Street", zip="12208", is_listed=False)

        assert score(terms(sight(1), moved, share_phone_alone=True)) == 80
        assert score(terms(sight(1), moved)) < 60


class TestPairs:
    def test_are_sought_where_something_is_shared(self):
        far = sight(3, "Cedar", street="9 Elm Street", zip="99501", phone="907-555-0101")

        assert candidates([sight(1), sight(2), far]) == {(1, 2)}

    def test_are_not_sought_through_a_number_that_all_have(self):
        chain = [sight(key, f"Name{key}", street="", zip=str(10000 + key)) for key in range(1, 100)]

        assert candidates(chain) == set()

    def test_leave_out_what_was_kept_apart(self):
        assert likely_pairs([sight(1), sight(2)], apart=[(2, 1)]) == []

    def test_of_the_real_directory_are_those_seen_by_hand(self, reading_2023):
        sights = [
            Sight(row.row_number, row.name, row.program_name, row.street, row.street2, row.zip,
                  row.state, row.phone, row.position.point if row.position.origin == "street"
                  else None)
            for row in reading_2023.rows
        ]  # fmt: skip

        found = {(pair.first, pair.second) for pair in likely_pairs(sights)}

        assert found >= {*TWICE}
        assert found.isdisjoint(TWO_PROGRAMS)
        assert len(found) == 18


class TestSearch:
    def test_keeps_what_it_finds_and_forgets_what_it_found(self, twins):
        search(now=NOW)
        search(now=NOW)

        pair = LikelyPair.objects.get()
        assert {pair.first, pair.second} == {*twins}
        assert pair.score == sum(pair.terms.values()) == 90

    def test_proposes_nothing_that_was_kept_apart(self, twins, ana):
        search(now=NOW)
        keep_apart(*twins, by=ana, now=NOW)

        assert not LikelyPair.objects.exists()
        assert search(now=NOW) == []

    def test_keeps_apart_what_a_record_has_become(self, twins, ana, tmp_path):
        birch = Facility.objects.get(name="Birch House")
        keep_apart(birch, twins[1], by=ana, now=NOW)
        merge(twins[0], birch, by=ana, now=NOW)

        assert search(now=NOW) == []

    def test_is_told_on_the_terminal(self, twins, capsys):
        call_command("find_duplicates")

        told = capsys.readouterr().out
        assert "1 likely pairs." in told
        assert all(facility.code in told for facility in twins)


class TestMerge:
    def test_shows_the_kept_record_with_the_services_of_both(self, twins, ana):
        kept, gone = twins
        before = kept.offered | gone.offered

        merge(kept, gone, by=ana, now=NOW)

        kept.refresh_from_db()
        assert (kept.street2, kept.status, kept.offered) == ("", "listed", before)

    def test_keeps_the_facts_of_the_one_that_is_chosen(self, twins, ana):
        first, second = twins

        merge(second, first, by=ana, now=NOW)

        second.refresh_from_db()
        assert second.street2 == "Suite 2"

    def test_leads_from_the_old_address_to_the_new_one(self, twins, ana, client):
        kept, gone = twins
        merge(kept, gone, by=ana, now=NOW)

        answer = client.get(f"/facility/{gone.slug}/")

        assert (answer.status_code, answer["Location"]) == (301, f"/facility/{kept.slug}/")

    def test_leads_on_when_the_kept_one_is_merged_too(self, twins, ana, client):
        kept, gone = twins
        birch = Facility.objects.get(name="Birch House")
        merge(kept, gone, by=ana, now=NOW)
        merge(birch, kept, by=ana, now=NOW)

        answer = client.get(f"/facility/{gone.slug}/")

        assert answer["Location"] == f"/facility/{birch.slug}/"

    def test_leaves_nothing_for_rebuild(self, twins, ana):
        merge(*twins, by=ana, now=NOW)

        assert not rebuild(zip_places(), today=TODAY).writes_facts

    def test_hands_over_what_people_found(self, twins, ana):
        kept, gone = twins
        record(gone, [Check("city", "corrected", "Troy")], by=ana, now=NOW)

        merge(kept, gone, by=ana, now=NOW)

        kept.refresh_from_db()
        assert (kept.city, kept.last_verified_on) == ("Troy", NOW.date())

    def test_does_not_hide_the_kept_record_with_the_other(self, twins, ana):
        kept, gone = twins
        record(gone, [Check("status", "corrected", "hidden")], by=ana, now=NOW)

        merge(kept, gone, by=ana, now=NOW)

        kept.refresh_from_db()
        assert kept.status == "listed"

    def test_knows_every_table_that_speaks_of_a_facility(self):
        apart = {"Conflict", "Facility", "Merge", "SourceRow", "RowDecision"}

        speaking = {each.related_model.__name__ for each in Facility._meta.related_objects}

        assert speaking - apart == {each.__name__ for each in (*HANDED, *AT_MOST_ONE)} - apart

    def test_is_refused_for_one_record_and_for_a_merged_one(self, twins, ana):
        kept, gone = twins
        merge(kept, gone, by=ana, now=NOW)

        for pair in ((kept, kept), (gone, kept), (kept, gone)):
            with pytest.raises(NotMerged):
                merge(*pair, by=ana, now=NOW)

    def test_is_refused_where_nothing_stands_behind_a_record(self, twins, ana):
        with pytest.raises(NotMerged, match="No file"):
            merge(twins[0], make_facility(), by=ana, now=NOW)


def burden(facility: Facility, by) -> None:
    """One of everything that may hang on a facility."""
    record(facility, [Check("city", "corrected", "Troy")], by=by, now=NOW)
    record(facility, [Check("phone", "corrected", "518-555-0177")], by=by, now=NOW)
    Report.objects.create(facility=facility, receipt=facility.code, made_at=NOW)
    Credential.objects.create(facility=facility, kind="licence", body="NY", checked_on=TODAY)
    link = UpdateLink.objects.create(
        facility=facility, token_hash=facility.code, made_at=NOW, expires_at=NOW
    )
    Availability.objects.create(
        facility=facility, can_admit=True, stated_at=NOW, link=link,
        expires_at=NOW.replace(hour=23),
    )  # fmt: skip
    Turn.objects.create(facility=facility, assigned_to=by)


class TestUndoneMerge:
    def test_leaves_every_table_as_it_was(self, twins, ana):
        kept, gone = twins
        burden(gone, ana)
        before = state(*ALL)
        done = merge(kept, gone, by=ana, now=NOW)
        assert state(*ALL) != before

        undo_merge(done, now=NOW)

        assert state(*ALL) == before

    def test_leaves_each_its_own_turn(self, twins, ana):
        kept, gone = twins
        for facility in twins:
            burden(facility, ana)
        before = state(*ALL)

        undo_merge(merge(kept, gone, by=ana, now=NOW), now=NOW)

        assert state(*ALL) == before

    def test_of_two_in_a_row_leaves_what_was_before_both(self, twins, ana):
        kept, gone = twins
        before = state(*ALL)
        first = merge(kept, gone, by=ana, now=NOW)
        second = merge(Facility.objects.get(name="Birch House"), kept, by=ana, now=NOW)
        with pytest.raises(NotMerged, match="undo that first"):
            undo_merge(first, now=NOW)

        undo_merge(second, now=NOW)
        undo_merge(first, now=NOW)

        assert state(*ALL) == before

    def test_is_done_once(self, twins, ana):
        done = merge(*twins, by=ana, now=NOW)
        undo_merge(done, now=NOW)

        with pytest.raises(NotMerged, match="already"):
            undo_merge(done, now=NOW)


class TestMergedRecords:
    """Two rows of a file go on being two in its next edition."""

    @pytest.fixture
    def merged(self, twins, ana):
        return merge(*twins, by=ana, now=NOW)

    def next_edition(self, folder, *more):
        alder = house("Alder House", service_code_info="SA DT * OP")
        again = alder | {"street2": "Suite 2", "service_code_info": "SA * RES"}
        return load_edition(folder, 2024, alder, again, house("Birch House"), *more)

    def test_are_one_in_the_next_edition(self, twins, merged, tmp_path):
        report = self.next_edition(tmp_path)

        assert (report.added, report.withdrawn, report.ambiguous) == (0, 0, [])
        assert Facility.objects.filter(status="listed").count() == 2

    def test_are_one_though_the_next_edition_has_one_row(self, twins, merged, tmp_path):
        lines = house("Alder House", service_code_info="SA DT * OP"), house("Birch House")
        report = load_edition(tmp_path, 2024, *lines)

        assert (report.added, report.withdrawn) == (0, 0)

    def test_are_told_apart_again_with_the_rows_of_the_next_edition(
        self, twins, merged, tmp_path, ana
    ):
        self.next_edition(tmp_path)

        undo_merge(merged, now=NOW)

        for facility in twins:
            facility.refresh_from_db()
            editions = facility.source_rows.values_list("release__edition", flat=True)
            assert ([*editions], facility.status) == (["2023", "2024"], "listed")
        assert not rebuild(zip_places(), today=TODAY).writes_facts

    def test_are_loaded_again_as_they_were(self, twins, merged, tmp_path):
        self.next_edition(tmp_path)
        before = state(Facility, SourceRow)

        assert load_again(tmp_path, 2024).is_repeated

        assert state(Facility, SourceRow) == before


class TestConflictsOfMergedRecords:
    def test_are_asked_about_and_go_with_the_undoing(self, twins, ana):
        kept, gone = twins
        record(gone, [Check("street2", "confirmed")], by=ana, now=NOW)

        done = merge(kept, gone, by=ana, now=NOW)

        conflict = Conflict.objects.get()
        assert (conflict.facility_id, conflict.ours, conflict.theirs) == (kept.pk, "Suite 2", "")
        undo_merge(done, now=NOW)
        assert not Conflict.objects.exists()
