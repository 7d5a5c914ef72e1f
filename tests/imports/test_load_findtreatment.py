"""The locator beside the directory: what it adds, and what it leaves alone."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from facilities.imports.row_decisions import outdated_rows
from facilities.models import Facility, Release
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities

from ..sources.test_findtreatment import make_listing
from ..support.factories import TODAY, make_cells, write_directory

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(tmp_path):
    """One facility of the directory, loaded."""
    path = write_directory(tmp_path / "directory-2023.xlsx", [make_cells(codes="SA DT")])
    call_command("load_directory", path, stdout=StringIO())


@pytest.fixture
def load_listings(tmp_path, capsys):
    def loader(*listings, day="2024-05-31", **page):
        path = tmp_path / f"locator-{day}.json"
        path.write_text(json.dumps({"page": 1, "totalPages": 1, "rows": listings} | page))
        call_command("load_findtreatment", path)
        return capsys.readouterr().out

    return loader


class TestLocator:
    def test_adds_position_and_website_to_a_facility_of_the_directory(
        self, directory, load_listings
    ):
        load_listings(make_listing(phone="518-555-0199"))

        house = Facility.objects.get()
        assert (house.position_origin, house.latitude) == ("street", 42.65)
        assert house.website == "http://www.example.org"
        assert house.phone == "518-555-0101"
        assert house.source_release.source == "directory"

    def test_adds_facilities_that_the_directory_lacks(self, directory, load_listings):
        load_listings(make_listing(), make_listing(name1="Elm", street1="9 Elm St", phone=""))

        assert Facility.objects.listed().count() == 2
        assert Facility.objects.get(name="Elm").source_release.source == "locator"

    def test_withdraws_nothing_of_the_directory(self, directory, load_listings):
        load_listings(make_listing(name1="Elm", street1="9 Elm St", phone="", zip="12180"))

        assert Facility.objects.listed().count() == 2

    def test_gives_a_program_without_services_that_one_alone(self, load_listings):
        load_listings(make_listing(typeFacility="OTP", services=None))

        assert Facility.objects.get().offered.slugs() == ("opioid-treatment-program",)

    def test_joins_a_program_to_the_row_that_describes_it(self, load_listings):
        load_listings(make_listing(typeFacility="OTP", services=None), make_listing())

        assert set(Facility.objects.get().offered.slugs()) == {
            "detox", "opioid-treatment-program", "substance-use-treatment",
        }  # fmt: skip

    def test_counts_mental_health_as_skipped(self, load_listings):
        assert "skipped (MH)" in load_listings(make_listing(), make_listing(typeFacility="MH"))

    def test_keeps_up_what_the_directory_drops(self, directory, load_listings, tmp_path):
        load_listings(make_listing())
        other = [make_cells(name1="Elm", street1="9 Elm St", phone="", zip="12180")]
        path = write_directory(tmp_path / "directory-2024.xlsx", other)

        call_command("load_directory", path)

        house = Facility.objects.get(name="Example House")
        assert (house.status, house.source_release.source) == ("listed", "locator")

    def test_with_missing_pages_withdraws_nothing(self, load_listings):
        load_listings(make_listing(), make_listing(name1="Elm", street1="9 Elm St", phone=""))

        load_listings(make_listing(), day="2024-06-30", totalPages=2)

        assert Facility.objects.listed().count() == 2
        assert Release.objects.get(edition="2024-06-30").is_partial

    def test_twice_changes_nothing(self, directory, load_listings):
        listings = make_listing(typeFacility="OTP", services=None), make_listing()
        load_listings(*listings)

        assert "Nothing changed" in load_listings(*listings)
        assert recompute_facilities(zip_code_table(), today=TODAY).writes_facts is False


class TestOlderThanTheDirectory:
    def test_adds_nothing_that_the_directory_leaves_out(self, directory, load_listings):
        said = load_listings(
            make_listing(),
            make_listing(name1="Elm", street1="9 Elm St", phone=""),
            day="2023-05-31",
        )

        assert Facility.objects.get().position_origin == "street"
        assert "left out since               1" in said
        assert "row 2 Elm: not known before" in said

    def test_lists_nothing_again_that_the_directory_dropped(
        self, directory, load_listings, tmp_path
    ):
        path = write_directory(
            tmp_path / "directory-2024.xlsx", [make_cells(name1="Elm", street1="9 Elm Street")]
        )
        call_command("load_directory", path, "--allow-withdrawals", stdout=StringIO())
        gone = Facility.objects.get(status="withdrawn")

        load_listings(make_listing(), day="2023-12-31")

        gone.refresh_from_db()
        assert gone.status == "withdrawn"
        assert outdated_rows().get().candidate_ids == [gone.pk]
        recompute_facilities(zip_code_table(), today=TODAY)
        gone.refresh_from_db()
        assert gone.status == "withdrawn"

    def test_waits_still_when_it_is_loaded_again(self, directory, load_listings):
        for _time in range(2):
            load_listings(make_listing(name1="Elm", street1="9 Elm St"), day="2023-05-31")

        assert outdated_rows().count() == 1
        assert Facility.objects.count() == 1
