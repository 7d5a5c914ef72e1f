"""The five criteria: a truth table in Python, the same in SQL and in the index, and on the page."""

import pytest

from facilities.models import Facility
from facilities.rules.criteria import CRITERIA, CriterionStatus, evaluate_criteria
from facilities.search.best_fit import FIT_INPUTS, best_fit_keys, fit_terms
from facilities.search.compile import predicate_as_bits, predicate_as_q, sort_queryset, sort_slots
from facilities.search.shared_index import build_index_from_sql
from facilities.taxonomy import VOCABULARY, ServiceSet

from ..support.factories import log_changes, make_facility

BY_SLUG = {criterion.slug: criterion for criterion in CRITERIA}
SHOWN, PARTLY, NOT_REPORTED, ABSENT = CriterionStatus

TRUTH = [
    ("accreditation", "carf state-health", "", SHOWN),
    ("accreditation", "carf", "", PARTLY),
    ("accreditation", "hospital-licence", "", PARTLY),
    ("accreditation", "dea", "", NOT_REPORTED),  # a registration accredits nobody
    ("accreditation", "", "", NOT_REPORTED),
    ("accreditation", "", "carf state-health", ABSENT),
    ("accreditation", "", "carf", NOT_REPORTED),  # half a no is no answer
    ("approach", "group-counseling buprenorphine substance-assessment mental-health-assessment",
     "", SHOWN),
    ("approach", "group-counseling", "", PARTLY),
    ("approach", "telehealth", "", NOT_REPORTED),  # a way to meet, not a method
    ("staff", "medical-exam prescribes-buprenorphine dea peer-support", "", NOT_REPORTED),
    ("staff", "addiction-doctor", "", PARTLY),
    ("staff", "addiction-doctor nurses-day-and-night licensed-counselors", "", SHOWN),
    ("amenities", "smoking-not-allowed", "", NOT_REPORTED),
    ("amenities", "transport", "", PARTLY),
    ("amenities", "transport private-rooms", "", SHOWN),
    ("aftercare", "aftercare discharge-planning follow-up", "", SHOWN),
    ("aftercare", "aftercare discharge-planning", "", PARTLY),
    ("aftercare", "naloxone-education", "", NOT_REPORTED),
    ("aftercare", "", "aftercare discharge-planning follow-up", ABSENT),
]  # fmt: skip


def services(slugs: str) -> ServiceSet:
    return ServiceSet.of(*(slug for slug in slugs.split() if slug in {s.slug for s in VOCABULARY}))


class TestAnswers:
    @pytest.mark.parametrize(("slug", "offered", "denied", "expected"), TRUTH)
    def test_follow_the_truth_table(self, slug, offered, denied, expected):
        assert BY_SLUG[slug].status(services(offered), services(denied)) is expected

    def test_signals_are_named_but_never_count(self):
        found = {
            each.criterion.slug: each
            for each in evaluate_criteria(services("medical-exam"), services(""))
        }
        assert found["staff"].status is NOT_REPORTED
        assert [str(piece.name) for piece in found["staff"].hints] == ["gives a medical exam"]


@pytest.mark.django_db
class TestReadings:
    def test_sql_index_and_python_agree_on_the_truth_table(self):
        made = {make_facility(services=" ".join(s.slug for s in services(offered))): slug
                for slug, offered, _, _ in TRUTH}  # fmt: skip
        rows = build_index_from_sql(Facility.objects.listed()).everywhere
        for criterion in CRITERIA:
            in_python = {f.pk for f in made if criterion.status(f.offered, f.denied) is SHOWN}
            in_sql = set(
                Facility.objects.filter(predicate_as_q(criterion.predicate)).values_list(
                    "pk", flat=True
                )
            )
            bits = predicate_as_bits(criterion.predicate, rows) & rows.inside
            in_index = set(rows.ids(rows.slots(bits)).tolist())
            assert in_python == in_sql == in_index
            assert in_python or criterion.slug not in set(made.values())

    @pytest.mark.parametrize("is_about_opioids", [True, False])
    def test_best_fit_is_the_same_order_in_sql_index_and_python(self, is_about_opioids):
        for _, offered, _, _ in TRUTH:
            make_facility(services=" ".join(s.slug for s in services(offered)))
        make_facility(services="accepts-opioid-medication")
        make_facility(services="methadone-maintenance accepts-opioid-medication")

        def score(facility: Facility) -> tuple:
            score = fit_terms(facility.offered, is_about_opioids=is_about_opioids)
            maintenance = score.maintenance.value if score.maintenance else 0
            return -maintenance, -score.criteria_shown, -score.evidence_count, facility.pk

        in_python = [facility.pk for facility in sorted(Facility.objects.all(), key=score)]
        keys = best_fit_keys(is_about_opioids=is_about_opioids)
        rows = build_index_from_sql(Facility.objects.listed()).everywhere
        slots = sort_slots(rows, rows.inside, keys, rows.total)
        assert rows.ids(slots).tolist() == in_python
        assert [
            facility.pk for facility in sort_queryset(Facility.objects.all(), keys)
        ] == in_python


@pytest.mark.django_db
class TestMethodologyPage:
    @pytest.fixture
    def html(self, client):
        make_facility(services="carf state-health aftercare")
        log_changes()
        response = client.get("/how-it-works/")
        assert response.status_code == 200
        return response.content.decode()

    def test_renders_every_rule(self, html):
        for criterion in CRITERIA:
            assert str(criterion.title) in html
            assert str(criterion.question) in html
            for piece in (*criterion.evidence, *criterion.hints):
                assert f"{piece.name}:" in html

    def test_says_that_nobody_can_pay(self, html):
        assert "Nobody can pay for a place in this list" in html

    def test_counts_come_from_the_data(self, html):
        assert "accredited by a national body: 1" in html
        assert "follow-up after leaving: 0" in html


@pytest.mark.parametrize("is_about_opioids", [True, False])
def test_terms_need_no_more_services_than_their_inputs(is_about_opioids):
    for service in VOCABULARY:
        offered = ServiceSet.of(service)
        assert fit_terms(offered & FIT_INPUTS, is_about_opioids=is_about_opioids) == fit_terms(
            offered, is_about_opioids=is_about_opioids
        )
