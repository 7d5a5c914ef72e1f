"""The 2022 edition in the database, and then that of 2023."""

import pytest

from facilities.models import Facility, SourceRow
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities

from ..support.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="class")
def both(shared_data, databases, django_db_setup, django_db_blocker):
    """The report of 2023, and the sentence that stopped it before withdrawals were allowed."""
    with django_db_blocker.unblock(), databases.using("edition_2023_after_2022") as told:
        yield told


class TestEditionOf2023After2022:
    def test_accounts_for_every_row(self, both):
        report, _ = both

        assert report.added + report.changed + report.unchanged == 12_744 - 64
        assert (report.added, len(report.ambiguous)) == (2_888, 64)

    def test_withdraws_a_fifth_and_so_has_to_be_allowed(self, both):
        report, refusal = both

        assert report.withdrawn == Facility.objects.filter(status="withdrawn").count() == 2_318
        assert "leaves out 2,318 of 12,176 listed facilities (19%" in refusal
        assert "--allow-withdrawals" in refusal

    def test_keeps_listed_what_an_ambiguous_row_may_be(self, both):
        waiting = SourceRow.objects.filter(facility=None).values_list("candidate_ids", flat=True)
        held = Facility.objects.filter(pk__in={one for ids in waiting for one in ids})

        assert held.count() == 66
        assert set(held.values_list("status", "source_release__edition")) == {("listed", "2022")}

    def test_lists_what_was_matched_added_or_held(self, both):
        assert Facility.objects.listed().count() == 9_792 + 2_888 + 66

    def test_rebuilt_changes_nothing(self, both):
        assert not recompute_facilities(zip_code_table(), today=TODAY).writes_facts
