"""Two records of one facility: joined with nothing lost, taken apart exactly."""

import pytest

from facilities.curation import FactCheck, record_checks
from facilities.curation.duplicates.merge import (
    REASSIGNED_MODELS,
    UNIQUE_MODELS,
    MergeRefused,
    merge,
    undo_merge,
)
from facilities.models import (
    Assignment,
    Availability,
    Conflict,
    Credential,
    Facility,
    Report,
    SourceRow,
    UpdateLink,
)
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities

from ...support.factories import TODAY, make_facility
from ...support.releases import NOW, TABLES, house, load_again, load_edition, load_twins, state
from ...support.two_people import record_seconded

ALL = (*TABLES, *REASSIGNED_MODELS, *UNIQUE_MODELS)


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def twins(db, tmp_path):
    return load_twins(tmp_path)


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

        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts

    def test_hands_over_what_people_found(self, twins, ana):
        kept, gone = twins
        record_seconded(gone, [FactCheck("city", "corrected", "Troy")], by=ana, now=NOW)

        merge(kept, gone, by=ana, now=NOW)

        kept.refresh_from_db()
        assert (kept.city, kept.last_verified_on) == ("Troy", NOW.date())

    def test_does_not_hide_the_kept_record_with_the_other(self, twins, ana):
        kept, gone = twins
        record_seconded(gone, [FactCheck("status", "corrected", "hidden")], by=ana, now=NOW)

        merge(kept, gone, by=ana, now=NOW)

        kept.refresh_from_db()
        assert kept.status == "listed"

    def test_knows_every_table_that_speaks_of_a_facility(self):
        apart = {"Conflict", "Facility", "Merge", "SourceRow", "RowDecision", "RowProposal"}

        speaking = {each.related_model.__name__ for each in Facility._meta.related_objects}

        assert (
            speaking - apart
            == {each.__name__ for each in (*REASSIGNED_MODELS, *UNIQUE_MODELS)} - apart
        )

    def test_is_refused_for_one_record_and_for_a_merged_one(self, twins, ana):
        kept, gone = twins
        merge(kept, gone, by=ana, now=NOW)

        for pair in ((kept, kept), (gone, kept), (kept, gone)):
            with pytest.raises(MergeRefused):
                merge(*pair, by=ana, now=NOW)

    def test_is_refused_where_nothing_stands_behind_a_record(self, twins, ana):
        with pytest.raises(MergeRefused, match="No file"):
            merge(twins[0], make_facility(), by=ana, now=NOW)


def burden(facility: Facility, by) -> None:
    """One of everything that may hang on a facility."""
    record_seconded(facility, [FactCheck("city", "corrected", "Troy")], by=by, now=NOW)
    record_checks(facility, [FactCheck("phone", "corrected", "518-555-0177")], by=by, now=NOW)
    Report.objects.create(facility=facility, receipt=facility.code, reported_on=TODAY)
    Credential.objects.create(facility=facility, kind="license", issuer="NY", checked_on=TODAY)
    link = UpdateLink.objects.create(
        facility=facility, token_hash=facility.code, made_at=NOW, expires_at=NOW
    )
    Availability.objects.create(
        facility=facility, can_admit=True, stated_at=NOW, link=link,
        expires_at=NOW.replace(hour=23),
    )  # fmt: skip
    Assignment.objects.create(facility=facility, assigned_to=by)


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
        with pytest.raises(MergeRefused, match="undo that first"):
            undo_merge(first, now=NOW)

        undo_merge(second, now=NOW)
        undo_merge(first, now=NOW)

        assert state(*ALL) == before

    def test_is_done_once(self, twins, ana):
        done = merge(*twins, by=ana, now=NOW)
        undo_merge(done, now=NOW)

        with pytest.raises(MergeRefused, match="already"):
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
            rows = facility.source_rows.order_by("release__edition")
            editions = rows.values_list("release__edition", flat=True)
            assert ([*editions], facility.status) == (["2023", "2024"], "listed")
        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts

    def test_are_loaded_again_as_they_were(self, twins, merged, tmp_path):
        self.next_edition(tmp_path)
        before = state(Facility, SourceRow)

        assert load_again(tmp_path, 2024).is_repeated

        assert state(Facility, SourceRow) == before


class TestConflictsOfMergedRecords:
    def test_are_asked_about_and_go_with_the_undoing(self, twins, ana):
        kept, gone = twins
        record_checks(gone, [FactCheck("street2", "confirmed")], by=ana, now=NOW)

        done = merge(kept, gone, by=ana, now=NOW)

        conflict = Conflict.objects.get()
        assert (conflict.facility_id, conflict.shown_value, conflict.source_value) == (
            kept.pk,
            "Suite 2",
            "",
        )
        undo_merge(done, now=NOW)
        assert not Conflict.objects.exists()
