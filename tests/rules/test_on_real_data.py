"""Criteria, continuity and changes on the 12,744 real rows, held against counts of the codes.

The numbers were counted in the workbook with plain Python.
"""

import pytest
from django.http import QueryDict

from facilities.models import Facility
from facilities.models.lookups import offers_any
from facilities.rules.criteria import CRITERIA
from facilities.rules.inconsistencies import inconsistency_questions
from facilities.rules.medications import (
    MEDICATIONS,
    MedicationAfterDetox,
    MedicationStatus,
    detox_warning,
    medication_after_detox,
)
from facilities.search import FacilityFilterSet
from facilities.search.best_fit import fit_terms
from facilities.search.bits import count_ones
from facilities.search.candidates import all_candidates
from facilities.search.compile import predicate_as_bits
from facilities.search.run import match_facilities, search
from facilities.search.suggestions import suggest_changes, suggest_medication
from facilities.taxonomy import ServiceSet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_2023")]

# Age, sex and pregnancy
NEVER_RELAXED = frozenset(
    ["women", "men", "children", "young-adults", "adults", "seniors", "pregnant-program"]
)
QUERIES = [
    "place=11206&within=5&substance=opioid-detox&payment=tricare&language=vietnamese&people=women",
    "place=99501&within=25&medication=methadone&payment=medicaid&language=spanish",
    "place=59718&within=25&setting=intensive-outpatient&support=child-care&people=children",
    "place=Loving+County,+TX&medication=buprenorphine",
    "place=82001&within=10&people=pregnant-program&people=veteran-program&accreditation=carf",
    "place=04769&within=50&q=harbor&starts=start-methadone",
]


def question(query: str):
    filterset = FacilityFilterSet(QueryDict(query.removeprefix("?")))
    assert filterset.query, filterset.errors
    return filterset.query


class TestCriteria:
    def test_counts_are_those_of_the_codes(self):
        rows = all_candidates()

        def count(predicate) -> int:
            return int(count_ones(predicate_as_bits(predicate, rows) & rows.inside))

        shown = {criterion.slug: count(criterion.predicate) for criterion in CRITERIA}
        assert shown["aftercare"] == 8_455  # ACC, DP and OFD
        assert shown["staff"] == 0  # no federal code
        accredited, licensed = (count(piece.predicate) for piece in CRITERIA[0].evidence)
        assert (accredited, licensed) == (7_551, 11_257)

    def test_best_fit_tells_detox_facilities_apart(self):
        """2,303 of 2,838 show licence, approach, a signal and aftercare; that is no order."""
        detox = Facility.objects.filter(offers_any(ServiceSet.of("detox")))
        terms = [fit_terms(facility.offered, is_about_opioids=True) for facility in detox]
        most_common = max(terms.count(term) for term in set(terms))
        assert len(terms) == 2_838
        assert most_common < 600


class TestContinuity:
    """Counted in the workbook with plain Python by the codes DB, BUM, MM, ODTX, MOA, OTP, MU."""

    @pytest.fixture
    def offered(self) -> list[ServiceSet]:
        return [facility.offered for facility in Facility.objects.all()]

    def test_357_give_buprenorphine_during_detox_only(self, offered):
        said = [MEDICATIONS[0].statuses(each) for each in offered]
        assert said.count((MedicationStatus.DETOX_ONLY,)) == 357
        assert said.count((MedicationStatus.STARTS,)) == 6_175 - 357

    def test_870_opioid_detoxes_report_no_ongoing_medication(self, offered):
        detoxes = [each for each in offered if "opioid-detox" in each]
        assert len(detoxes) == 2_739
        assert sum(bool(detox_warning(each)) for each in detoxes) == 870
        assert (
            sum(medication_after_detox(each) is MedicationAfterDetox.ACCEPTED for each in detoxes)
            == 485
        )

    def test_doubts_are_as_many_as_the_codes_say(self, offered):
        said = [doubt for each in offered for doubt in inconsistency_questions(each, "en")]
        assert sum("methadone is not listed" in doubt for doubt in said) == 89
        assert sum("does not say where" in doubt for doubt in said) == 100


class TestChanges:
    @pytest.mark.parametrize("query", QUERIES)
    def test_equal_the_real_searches(self, query):
        asked = question(query)
        matched = match_facilities(asked)
        for change in suggest_changes(asked, matched):
            assert change.count == search(question(change.query_string)).total > matched.total

    @pytest.mark.parametrize("query", QUERIES)
    def test_of_medication_instead_equal_the_real_search(self, query):
        asked = question(query)
        instead = suggest_medication(asked, match_facilities(asked))
        assert (instead is not None) == ("opioid-detox" in query)
        assert instead is None or instead.count == search(question(instead.query_string)).total


class TestWhatStays:
    @pytest.mark.parametrize("query", QUERIES)
    def test_substance_age_sex_and_pregnancy_stay_in_every_change(self, query):
        asked = question(query)
        kept = NEVER_RELAXED.intersection(asked.chosen["people"])
        for change in suggest_changes(asked, match_facilities(asked)):
            changed = question(change.query_string)
            assert changed.chosen["substance"] == asked.chosen["substance"]
            assert kept <= set(changed.chosen["people"])
