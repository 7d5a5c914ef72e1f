"""Which numbers are in doubt, for many facilities at once."""

from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation.listing_doubts import listing_doubts
from facilities.models import Facility, Proposal, Verification

from ..support.factories import TODAY, make_facility, make_release, make_report

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def listed(name: str, **fields) -> Facility:
    return make_facility(name=name, **({"phone": "518-555-0101"} | fields))


def check(facility: Facility, outcome: str, *, hours: float, **fields) -> None:
    Verification.objects.create(
        facility=facility, outcome=outcome, method="phone",
        checked_at=NOON + timedelta(hours=hours), **({"fact": "phone"} | fields),
    )  # fmt: skip


def propose(facility: Facility, **fields) -> None:
    fields = {"fact": "phone", "value": "518-555-0102", "method": "phone", "made_at": NOON} | fields
    Proposal.objects.create(facility=facility, **fields)


class TestWarnings:
    def test_are_of_the_newest_check(self):
        missed, settled, retried, reverted, other = (
            listed(name) for name in ("missed", "settled", "retried", "reverted", "other")
        )
        check(missed, "confirmed", hours=-1)
        check(missed, "not_confirmed", hours=-0.0001)
        check(settled, "not_confirmed", hours=0)
        check(settled, "confirmed", hours=0.0001)
        check(retried, "corrected", hours=0)
        check(retried, "not_confirmed", hours=0)  # of the same moment: in doubt
        check(reverted, "not_confirmed", hours=0, reverted_at=NOON)
        check(other, "not_confirmed", hours=0, fact="website")

        names = self.doubted()

        assert names == {"missed", "retried"}

    def test_are_of_two_reports_or_a_proposal_that_wait(self):
        once, twice, proposed, closed, silent = (
            listed(name) for name in ("once", "twice", "proposed", "closed", "silent")
        )
        make_report(facility=once)
        make_report(facility=twice)
        make_report(facility=twice, state="in_progress")
        propose(proposed)
        make_report(facility=closed, state="corrected")
        make_report(facility=closed)
        make_report(facility=closed, topic="closed")
        propose(closed, state="accepted")
        propose(closed, fact="website")
        Facility.objects.filter(pk=silent.pk).update(phone="")
        propose(silent)  # there is no number to doubt

        assert self.doubted() == {"twice", "proposed"}

    def test_are_of_a_number_that_a_file_shares_out_until_it_is_checked(self):
        shared, settled, own = (listed(name) for name in ("shared", "settled", "own"))
        release = make_release(report={"shared_numbers": [shared.code, settled.code]})
        Facility.objects.update(source_release=release)
        check(settled, "confirmed", hours=0)

        assert self.doubted() == {"shared"}

    def test_cost_one_query(self, django_assert_num_queries):
        facilities = [listed(str(number)) for number in range(9)]
        propose(facilities[3])

        with django_assert_num_queries(1):
            assert [*listing_doubts(facilities, TODAY)] == [facilities[3].pk]

    @staticmethod
    def doubted() -> set[str]:
        facilities = {facility.pk: facility for facility in Facility.objects.all()}
        return {facilities[key].name for key in listing_doubts(facilities.values(), TODAY)}
