"""Loading small files: what is added, changed, withdrawn and kept."""

import json

import pytest

from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.models import Conflict, Facility, Release, SourceRow
from facilities.resolution.changes import ImportRefused
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import TODAY, make_cells, make_facility, make_verification
from ..support.loading import HOUSES, ZIPS, everything, statuses

pytestmark = pytest.mark.django_db


class TestFirstLoad:
    def test_adds_every_row_with_its_county_and_position(self, run):
        report = run(HOUSES)

        house = Facility.objects.get(name="Alder House")
        assert (report.rows_read, report.added) == (7, 7)
        assert (house.county_fips, house.position_origin) == ("36001", "zip")
        assert house.source_release.edition == "2022"
        assert "opioid-detox" in house.offered

    def test_keeps_the_report_and_the_counts(self, run):
        report = run([*HOUSES, make_cells(zip="")])

        release = Release.objects.get()
        assert release.counts["rejected"] == 1
        assert release.report["rejected"] == [{"row_number": 9, "reason": "no ZIP code"}]
        assert release.report == json.loads(json.dumps(report.as_json()))

    def test_reports_unknown_codes_and_contradictions(self, run):
        report = run([make_cells(codes="SA NOOP ODTX ZZZ"), make_cells(name1="B", codes="SA ZZZ")])

        assert report.unknown == {"ZZZ": 2}
        assert report.contradictions == {"no-opioid-treatment / opioid-detox": 1}
        assert report.contradicting_facilities == 1

    def test_gives_the_same_identity_wherever_it_happens(self, run):
        run(HOUSES)
        first = list(Facility.objects.order_by("pk").values_list("uuid", "code"))
        Facility.objects.all().delete()
        Release.objects.all().delete()

        run(HOUSES)

        assert list(Facility.objects.order_by("pk").values_list("uuid", "code")) == first

    def test_gives_no_address_a_second_time(self, run, client):
        run(HOUSES)
        wanted = Facility.objects.get(name="Alder House").code
        Facility.objects.all().delete()
        Release.objects.all().delete()
        other = make_facility(name="Other House")
        Facility.objects.filter(pk=other.pk).update(code=wanted)
        other.refresh_from_db()

        run(HOUSES)

        house = Facility.objects.get(name="Alder House")
        assert house.code != wanted
        assert b"Other House" in client.get(other.get_absolute_url()).content
        assert b"Alder House" in client.get(house.get_absolute_url()).content


class TestWhatFollowsTheLoad:
    def test_gets_the_release_that_was_written(self, read):
        seen = []

        load_parsed_file(read(HOUSES), LoadOptions(), today=TODAY, after_write=seen.append)

        assert seen == [Release.objects.get()]

    def test_takes_the_load_back_if_it_fails(self, read):
        before = everything()

        def fail(release):
            raise ValueError(release)

        with pytest.raises(ValueError, match="2022"):
            load_parsed_file(read(HOUSES), LoadOptions(), today=TODAY, after_write=fail)

        assert everything() == before


class TestSameFileAgain:
    def test_changes_nothing_and_says_so(self, run):
        run(HOUSES)
        before = everything()

        report = run(HOUSES)

        assert everything() == before
        assert "Nothing changed: this file is already loaded." in report.as_text()
        assert (report.added, report.changed, report.unchanged) == (0, 0, 7)

    def test_keeps_twins_apart(self, run):
        twins = [HOUSES[0], HOUSES[0], HOUSES[0]]
        run(twins)

        report = run(twins)

        assert (report.unchanged, Facility.objects.listed().count()) == (3, 3)

    def test_keeps_a_correction(self, run):
        run(HOUSES)
        house = Facility.objects.get(name="Alder House")
        make_verification(facility=house, fact="phone", value_after="518-555-0199",
                          source_value=house.phone)  # fmt: skip
        recompute_facilities(ZIPS, today=TODAY)

        run(HOUSES)

        house.refresh_from_db()
        assert house.phone == "518-555-0199"


class TestNextEdition:
    def test_keeps_identity_through_small_changes(self, run):
        run(HOUSES)
        before = dict(Facility.objects.values_list("name", "uuid"))
        changed = [
            HOUSES[0] | {"phone": "518-555-0150"},
            HOUSES[1] | {"name1": "Beech House Inc"},
            HOUSES[2] | {"street2": "Suite 4"},
            *HOUSES[3:],
        ]

        report = run(changed, edition="2023")

        after = dict(Facility.objects.values_list("name", "uuid"))
        assert set(after.values()) == set(before.values())
        assert after["Beech House Inc"] == before["Beech House"]
        assert (report.added, report.changed, report.unchanged) == (0, 3, 4)

    def test_withdraws_what_it_leaves_out(self, run):
        run(HOUSES)

        report = run(HOUSES[1:], edition="2023")

        assert report.withdrawn == 1
        assert statuses()["Alder House"] == "withdrawn"
        assert statuses()["Beech House"] == "listed"

    def test_lists_again_what_comes_back(self, run):
        run(HOUSES)
        run(HOUSES[1:], edition="2023")

        report = run(HOUSES, edition="2024")

        assert (report.added, report.changed) == (0, 1)
        assert statuses()["Alder House"] == "listed"

    def test_stops_above_fifteen_per_cent(self, run):
        run(HOUSES)
        before = everything()

        with pytest.raises(ImportRefused, match="leaves out 2 of 7 listed facilities"):
            run(HOUSES[2:], edition="2023")

        assert everything() == before

    def test_goes_on_when_withdrawals_are_allowed(self, run):
        run(HOUSES)

        assert run(HOUSES[2:], edition="2023", allows_withdrawals=True).withdrawn == 2

    def test_that_is_partial_withdraws_nothing(self, run):
        run(HOUSES)

        report = run(HOUSES[:1], edition="2023", is_partial=True)

        assert report.withdrawn == 0
        assert set(statuses().values()) == {"listed"}
        assert recompute_facilities(ZIPS, today=TODAY).writes_facts is False

    def test_keeps_listed_what_was_just_verified_and_notes_the_conflict(self, run):
        run(HOUSES)
        house = Facility.objects.get(name="Alder House")
        make_verification(facility=house, fact="phone", value_after=house.phone,
                          source_value=house.phone, outcome="confirmed")  # fmt: skip

        report = run(HOUSES[1:], edition="2023")

        conflict = Conflict.objects.get()
        assert statuses()["Alder House"] == "listed"
        assert (conflict.fact, conflict.shown_value, conflict.source_value) == (
            "status",
            "listed",
            "withdrawn",
        )
        assert (conflict.release.edition, report.withdrawn) == ("2023", 0)
        assert report.conflicts == [{"facility": house.code, "fact": "status"}]

    def test_conflicts_with_a_correction_instead_of_winning(self, run):
        run(HOUSES)
        house = Facility.objects.get(name="Alder House")
        make_verification(facility=house, fact="phone", value_after="518-555-0199",
                          source_value=house.phone)  # fmt: skip

        run([HOUSES[0] | {"phone": "518-555-0177"}, *HOUSES[1:]], edition="2023")

        house.refresh_from_db()
        conflict = Conflict.objects.get()
        assert house.phone == "518-555-0199"
        assert (conflict.shown_value, conflict.source_value) == ("518-555-0199", "518-555-0177")
        assert conflict.release.edition == "2023"

    def test_ends_a_conflict_when_the_file_comes_round(self, run):
        run(HOUSES)
        house = Facility.objects.get(name="Alder House")
        make_verification(facility=house, fact="phone", value_after="518-555-0199",
                          source_value=house.phone)  # fmt: skip
        run([HOUSES[0] | {"phone": "518-555-0177"}, *HOUSES[1:]], edition="2023")

        run([HOUSES[0] | {"phone": "518-555-0199"}, *HOUSES[1:]], edition="2024")

        assert not Conflict.objects.exists()

    def test_leaves_the_ambiguous_to_a_person(self, run):
        twins = [HOUSES[0] | {"name2": "North"}, HOUSES[0] | {"name2": "South"}]
        run([*twins, *HOUSES[1:]])

        report = run([HOUSES[0] | {"name2": "Mouth"}, *HOUSES[1:]], edition="2023")

        row = SourceRow.objects.get(release__edition="2023", facility=None)
        twins = Facility.objects.filter(pk__in=row.candidate_ids)
        assert {twin.program_name for twin in twins} == {"North", "South"}
        assert (report.added, report.withdrawn, len(report.ambiguous)) == (0, 0, 1)
        assert recompute_facilities(ZIPS, today=TODAY).writes_facts is False


class TestOlderEdition:
    def test_is_archived_without_changing_facts(self, run):
        run(HOUSES, edition="2023")
        before = everything()[0]

        report = run([HOUSES[0] | {"phone": "518-555-0177"}], edition="2021")

        old = Release.objects.get(edition="2021")
        assert everything()[0] == before
        assert report.archived
        assert not old.is_effective
        assert old.rows.get().facility.name == "Alder House"

    def test_twice_changes_nothing(self, run):
        run(HOUSES, edition="2023")
        run(HOUSES[:2], edition="2021")
        before = everything()

        run(HOUSES[:2], edition="2021")

        assert everything() == before


class TestDryRun:
    def test_writes_nothing_and_reports_the_same(self, run):
        before = everything()

        dry = run(HOUSES, is_dry_run=True)

        assert everything() == before
        wet = run(HOUSES)
        assert dry.counts() == wet.counts()
        assert "dry run" in dry.as_text()
