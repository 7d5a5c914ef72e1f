"""What SAMHSA may take over from us, and what it has taken over."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from facilities.curation import FactCheck
from facilities.models import Facility

from ..support.accounts import staff_client
from ..support.html import Page
from ..support.releases import NOW, house, load_edition
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
ALDER, BIRCH = house("Alder House"), house("Birch House")


@pytest.fixture
def checked(tmp_path, django_user_model):
    """A city that was corrected, and a street that is as the file says."""
    ana = django_user_model.objects.create_user("ana")
    load_edition(tmp_path, 2022, ALDER, BIRCH)
    alder = Facility.objects.get(name="Alder House")
    checks = [
        FactCheck("city", "corrected", "Troy", method="website", note="Eva said so.",
              evidence_url="https://county.example/"),
        FactCheck("street", "confirmed"),
    ]  # fmt: skip
    record_seconded(alder, checks, by=ana, now=NOW)
    return alder


def rows() -> list[dict[str, str]]:
    answer = staff_client().get(reverse("admin:federal_differences_csv"))
    assert "ana" not in answer.text
    assert "Eva" not in answer.text
    return [*csv.DictReader(StringIO(answer.text))]


class TestDifferences:
    def test_name_what_the_list_says_what_was_found_and_how(self, checked):
        (row,) = rows()

        said = [row[name] for name in ("list says", "we found", "checked on", "evidence")]
        assert said == ["Albany", "Troy", "2024-03-01", "https://county.example/"]
        assert (row["edition"], row["taken over"]) == ("2022", "no")

    def test_are_taken_over_once_the_newest_file_says_the_same(self, checked, tmp_path):
        load_edition(tmp_path, 2023, ALDER | {"city": "Troy"}, BIRCH)

        (row,) = rows()

        said = row["list said when we checked"], row["list says"], row["taken over"]
        assert said == ("Albany", "Troy", "yes")

    def test_stay_open_where_the_newest_file_does_not_follow(self, checked, tmp_path):
        load_edition(tmp_path, 2023, ALDER, BIRCH)

        page = Page(staff_client().get(reverse("admin:federal_differences")))

        assert "Open: 1. Taken over: 0." in page.text

    def test_tell_nothing_of_a_confidential_address(self, checked):
        Facility.objects.filter(pk=checked.pk).update(is_address_confidential=True)

        assert "Main Street" not in str(rows())

    def test_are_not_computed_by_a_spreadsheet(self, checked):
        Facility.objects.filter(pk=checked.pk).update(name="=1+1")

        assert rows()[0]["name"] == "'=1+1"
