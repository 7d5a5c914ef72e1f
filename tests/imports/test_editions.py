"""The real editions in the database, against the workbook read by other means."""

import pytest

from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.models import Facility, Release, SourceRow
from facilities.models.lookups import offers_any
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities
from facilities.taxonomy import VOCABULARY, ServiceSet, services_denied_by

from ..sources.test_samhsa_directory import TOTALS_2023, plain_key  # noqa: F401
from ..support import reference_search
from ..support.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def plain_rows(shared_data):
    return {row.number: row for row in reference_search.read(shared_data)}


class TestDirectoryOf2023:
    def test_lists_every_facility(self, loaded_2023):
        assert Facility.objects.listed().count() == 12_744
        assert loaded_2023.added == 12_744

    def test_shows_what_each_row_says(self, loaded_2023, plain_rows):
        links = SourceRow.objects.values_list(
            "row_number", "facility__name", "facility__program_name", "facility__street",
            "facility__city", "facility__state", "facility__zip",
        )  # fmt: skip
        headings = ("name1", "name2", "street1", "city", "state", "zip")

        for number, *facts in links:
            cells = plain_rows[number].cells
            assert facts == [" ".join(cells[heading].split()) for heading in headings]

    def test_counts_services_as_the_codes_do(self, loaded_2023, plain_key):  # noqa: F811
        from_bits = {
            code: Facility.objects.filter(
                offers_any(ServiceSet.of(VOCABULARY.find(*plain_key[code])))
            ).count()
            for code in ("DT", "MU", "LFXD", "NOOP", "OUDO")
        }

        assert from_bits == {code: TOTALS_2023[code] for code in from_bits}

    def test_never_offers_what_it_denies(self, loaded_2023):
        for facility in Facility.objects.all():
            assert facility.denied == services_denied_by(facility.offered)
            assert facility.offered.isdisjoint(facility.denied)

    def test_has_a_position_and_a_county_for_all(self, loaded_2023):
        assert not Facility.objects.filter(latitude=None).exists()
        assert not Facility.objects.filter(county_fips="").exists()
        assert Facility.objects.filter(position_origin="street").count() == 9_919
        assert loaded_2023.approximate_positions == 2_825

    def test_reports_no_row_lost(self, loaded_2023):
        assert (loaded_2023.rejected, loaded_2023.unknown, loaded_2023.ambiguous) == ([], {}, [])

    def test_reports_what_contradicts_itself(self, loaded_2023):
        pairs = loaded_2023.contradictions

        assert pairs["no-opioid-treatment / opioid-detox"] == 25

    def test_again_changes_nothing(self, loaded_2023, reading_2023):
        report = load_parsed_file(reading_2023, LoadOptions(), today=TODAY)

        assert (report.unchanged, report.has_changes) == (12_744, False)
        assert Release.objects.count() == 1

    def test_rebuilt_changes_nothing(self, loaded_2023):
        settlement = recompute_facilities(zip_code_table(), today=TODAY)

        assert (settlement.writes_facts, len(settlement.unchanged)) == (False, 12_744)

    def test_archives_2022(self, loaded_2023, reading_2022):
        report = load_parsed_file(reading_2022, LoadOptions(), today=TODAY)

        assert report.archived
        assert Facility.objects.count() == 12_744
        linked = SourceRow.objects.filter(release__edition="2022", facility__isnull=False)
        assert linked.count() == 9_793
