"""Loading beside others: demonstration data, people who save meanwhile, the commands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from facilities.imports.load import write_plan
from facilities.imports.plan import LoadOptions
from facilities.imports.planning import PlanOutdated, make_load_plan
from facilities.models import DataVersion, Facility, Release, SourceRow
from facilities.resolution.changes import ImportRefused
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import TODAY, log_changes, make_verification, write_directory
from ..support.loading import HOUSES, ZIPS, everything

pytestmark = pytest.mark.django_db


def command(name, *arguments, **options) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


class TestDemonstration:
    def test_gives_way_to_real_data(self, run):
        run(HOUSES[:3], edition="2023", is_demonstration=True)
        invented = set(Facility.objects.values_list("code", flat=True))

        run(HOUSES, edition="2023")

        assert Facility.objects.count() == 7
        assert not invented & set(Facility.objects.values_list("code", flat=True))
        assert not Release.objects.filter(is_demonstration=True).exists()

    def test_is_refused_beside_real_data(self, run):
        run(HOUSES)

        with pytest.raises(ImportRefused, match="Real data are loaded"):
            run(HOUSES, is_demonstration=True)


class TestSomebodyElse:
    def test_who_saves_meanwhile_is_not_overwritten(self, run):
        run(HOUSES)
        house = Facility.objects.get(name="Alder House")
        saved = []

        def save_once(step):
            if step == "Writing" and not saved:
                saved.append(make_verification(facility=house, fact="phone",
                                               value_after="518-555-0199"))  # fmt: skip
                log_changes()

        run([HOUSES[0] | {"name2": "East"}, *HOUSES[1:]], edition="2023", progress=save_once)

        house.refresh_from_db()
        assert (house.phone, house.program_name) == ("518-555-0199", "East")

    def test_who_saves_all_the_time_does_not_stop_the_load(self, run):
        report = run(HOUSES, progress=lambda step: log_changes())

        assert (report.added, Facility.objects.count()) == (7, 7)

    # It has just looked for the same file; it has just read the releases.
    @pytest.mark.parametrize("moment", ['"sha256" =', 'ORDER BY "facilities_release"."id" ASC'])
    def test_who_loads_the_same_file_while_this_load_reads_is_noticed(self, run, moment):
        loads = []

        def load_once(execute, sql, parameters, many, context):
            rows = execute(sql, parameters, many, context)
            if moment in sql and not loads:
                loads.append(None)
                run(HOUSES)
            return rows

        with connection.execute_wrapper(load_once):
            report = run(HOUSES)

        assert loads
        assert "Nothing changed" in report.as_text()
        assert Release.objects.count() == 1
        assert SourceRow.objects.count() == len(HOUSES)

    def test_who_loads_another_file_makes_the_plan_useless(self, read, run):
        plan = make_load_plan(read(HOUSES), LoadOptions(), ZIPS, TODAY)
        run(HOUSES[:3], edition="2021")

        with pytest.raises(PlanOutdated):
            write_plan(plan, LoadOptions(), ZIPS, TODAY)


class TestVersion:
    def test_is_bumped_by_a_load_and_not_by_its_repetition(self, run):
        before = DataVersion.current()

        run(HOUSES)
        run(HOUSES)

        assert DataVersion.current().number == before.number + 1


class TestRebuild:
    def test_changes_nothing_after_a_load(self, run):
        run(HOUSES)
        before = everything()

        assert "Nothing changed: 7 facilities." in command("recompute_facilities")
        assert everything() == before

    def test_puts_right_what_was_changed_by_other_means(self, run):
        run(HOUSES)
        Facility.objects.filter(name="Alder House").update(phone="518-555-0000")

        assert "1 facilities changed" in command("recompute_facilities")
        assert Facility.objects.get(name="Alder House").phone == "518-555-0110"


class TestCommands:
    def test_load_and_report(self, tmp_path):
        path = write_directory(tmp_path / "directory-2022.xlsx", HOUSES)

        said = command("load_directory", path)

        assert "added                        7" in said

    def test_read_a_csv_by_the_key_of_the_newest_directory(self, run, tmp_path):
        run(HOUSES)
        path = tmp_path / "list-2023.csv"
        lines = [HOUSES[0].keys(), *(house.values() for house in HOUSES)]
        path.write_text("\n".join(",".join(line) for line in lines))

        assert "unchanged                    7" in command("load_directory", path)

    def test_stop_in_one_sentence(self, tmp_path):
        with pytest.raises(CommandError, match="There is no file"):
            command("load_directory", tmp_path / "none.xlsx")

    def test_export_addresses_that_come_back_as_positions(self, run, tmp_path):
        path = write_directory(tmp_path / "directory-2022.xlsx", HOUSES)
        command("load_directory", path)
        command("export_addresses", tmp_path / "addresses.csv")
        first = (tmp_path / "addresses.csv").read_text().splitlines()[0]
        assert first == "2022-2,10 Main Street,Albany,NY,12207"
        (tmp_path / "answer.csv").write_text(
            '"2022-2","10 Main Street, Albany, NY, 12207","Match","Exact",'
            '"10 MAIN ST, ALBANY, NY, 12207","-73.7501,42.6501","1","L"\n'
        )

        command("load_directory", path, coordinates=[tmp_path / "answer.csv"])
        command("load_directory", path)

        house = Facility.objects.get(name="Alder House")
        assert (house.latitude, house.position_origin) == (42.6501, "street")
        assert SourceRow.objects.get(row_number=2).position == [42.6501, -73.7501, "street"]

    def test_keep_street_positions_in_the_next_edition(self, run, tmp_path):
        run(HOUSES)
        SourceRow.objects.filter(row_number=2).update(position=[42.6501, -73.7501, "street"])

        run([HOUSES[0] | {"phone": "518-555-0177"}, *HOUSES[1:]], edition="2023")

        assert Facility.objects.get(name="Alder House").position_origin == "street"

    @pytest.mark.parametrize(
        ("cells", "origin"),
        [
            ({"zip": "12208"}, "street"),
            ({"street1": ""}, "street"),
            ({"street1": "", "zip": "12208"}, "zip"),
            ({"street1": "- - -"}, "zip"),
            ({"street1": "77 Elm Street"}, "zip"),
        ],
    )
    def test_keep_a_street_position_as_long_as_nothing_speaks_against_it(
        self, run, tmp_path, cells, origin
    ):
        run(HOUSES)
        SourceRow.objects.filter(row_number=2).update(position=[42.6501, -73.7501, "street"])

        run([HOUSES[0] | cells, *HOUSES[1:]], edition="2023")

        assert Facility.objects.get(name="Alder House").position_origin == origin

    def test_are_reported_where_the_next_edition_loses_them(self, run, tmp_path):
        run(HOUSES)
        SourceRow.objects.filter(row_number=2).update(position=[42.6501, -73.7501, "street"])
        recompute_facilities(ZIPS, today=TODAY)

        report = run([HOUSES[0] | {"street1": "- - -"}, *HOUSES[1:]], edition="2023")

        code = Facility.objects.get(name="Alder House").code
        assert f"Facilities that lose their street:\n  {code}\n" in report.as_text()
        assert f"Facilities that lose their exact position:\n  {code}" in report.as_text()
        assert Release.objects.last().counts["lost_positions"] == 1
