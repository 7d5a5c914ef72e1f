"""``load_demonstration``: through the importer like a real file, and gone when one comes."""

import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from facilities.demo_data import invent_listings, write_demonstration
from facilities.models import Facility, Release, SourceRow


@pytest.fixture(scope="module")
def listings():
    return invent_listings()


def loaded(command, *arguments) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def small_workbook(listings, tmp_path):
    """A release of three rows that says it is real."""
    return write_demonstration(listings[:3], tmp_path)[0]


@pytest.mark.django_db
class TestLoadDemonstration:
    def test_lists_400_facilities_as_a_demonstration(self):
        report = loaded("load_demonstration")

        release = Release.objects.get()
        assert release.is_demonstration
        assert Facility.objects.filter(status="listed").count() == 400
        assert release.counts["rejected"] == release.counts["unknown"] == 0
        assert release.counts["missing_positions"] == 0
        assert re.search(r"added +400\n", report)

    def test_shows_four_in_five_at_their_street_and_the_rest_approximately(self, listings):
        loaded("load_demonstration")

        at_street = sum(listing.point is not None for listing in listings)
        origins = Counter(Facility.objects.values_list("position_origin", flat=True))
        assert origins == {"street": at_street, "zip": 400 - at_street}

    def test_reports_the_contradictions_put_in_and_no_others(self):
        loaded("load_demonstration")

        stated = Release.objects.get().report["contradictions"]
        assert stated["no-opioid-treatment / opioid-detox"] == 3
        assert stated["no-opioid-medication / buprenorphine"] == 3
        assert Release.objects.get().counts["contradicting"] == 6

    def test_changes_nothing_the_second_time(self):
        loaded("load_demonstration")
        before = list(Facility.objects.order_by("id").values())

        report = loaded("load_demonstration")

        assert "Nothing changed" in report
        assert list(Facility.objects.order_by("id").values()) == before
        assert Release.objects.count() == 1

    def test_gives_a_new_installation_the_same_addresses(self):
        loaded("load_demonstration")
        before = set(Facility.objects.values_list("code", flat=True))
        Facility.objects.all().delete()
        Release.objects.all().delete()

        loaded("load_demonstration")

        assert set(Facility.objects.values_list("code", flat=True)) == before

    def test_is_refused_beside_real_data_in_one_sentence(self, small_workbook):
        loaded("load_directory", small_workbook)

        with pytest.raises(CommandError, match=r"^Real data are loaded: [^.]+\.$"):
            loaded("load_demonstration")
        assert Facility.objects.count() == 3

    def test_is_removed_by_real_data(self, small_workbook, listings):
        loaded("load_demonstration")

        loaded("load_directory", small_workbook)

        assert set(Facility.objects.values_list("name", flat=True)) == {
            listing.name.strip() for listing in listings[:3]
        }
        assert not Release.objects.filter(is_demonstration=True).exists()
        assert SourceRow.objects.count() == 3
