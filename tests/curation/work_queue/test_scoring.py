"""The terms of a score: each reason alone, how it is capped, and what a check takes away."""

from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation.work_queue.inputs import count_shared_phones
from facilities.curation.work_queue.ranking import is_snoozed
from facilities.curation.work_queue.scoring import (
    PendingSignals,
    RiskFactors,
    risk_score_terms,
    total_points,
)
from facilities.curation.work_queue.topics import CALL_TOPICS
from facilities.curation.work_queue.weights import WEIGHTS
from facilities.models import Assignment

NOW = datetime(2024, 3, 4, 16, tzinfo=UTC)


def shown_ages(**days) -> tuple[int, ...]:
    """Days by subject: all checked today but for those named."""
    return tuple(days.get(subject.slug, 0) for subject in CALL_TOPICS)


FRESH = RiskFactors(ages=shown_ages())


def reasons(sight=FRESH, **news) -> dict[str, int]:
    """Reason -> points."""
    found = risk_score_terms(sight, PendingSignals(**news) if news else None)
    return {term.weight.slug: term.points for term in found}


class TestScore:
    def test_is_nothing_while_everything_is_fresh(self):
        assert reasons() == {}

    @pytest.mark.parametrize(
        ("subject", "days", "points"),
        [
            ("phone", 180, 0), ("phone", 181, 6), ("phone", 361, 12), ("phone", 541, 18),
            ("phone", 5000, 18), ("detox", 365, 0), ("detox", 366, 5), ("detox", 1096, 15),
            ("medication", 366, 5), ("medication", 1096, 15), ("payment", 180, 0),
            ("payment", 181, 2), ("payment", 900, 6), ("address", 366, 1), ("address", 1096, 3),
        ],
    )  # fmt: skip
    def test_grows_with_each_shelf_life_gone_by_three_at_most(self, subject, days, points):
        expected = {f"{subject}-old": points} if points else {}

        assert reasons(RiskFactors(ages=shown_ages(**{subject: days}))) == expected

    @pytest.mark.parametrize(
        ("fact", "expected"),
        [
            ({"inconsistency_count": 1}, {"contradiction": 6}),
            ({"inconsistency_count": 9}, {"contradiction": 12}),
            ({"shared_with": 1}, {"shared-phone": 10}),
            ({"shared_with": 12}, {"shared-phone": 10}),
            ({"shared_with": 12, "is_phone_checked": True}, {}),
            ({"is_phone_missed": True}, {"phone-missed": 55}),
            ({"is_approximate": True}, {"approximate": 2}),
        ],
    )
    def test_knows_what_the_records_say(self, fact, expected):
        assert reasons(RiskFactors(ages=shown_ages(), **fact)) == expected

    @pytest.mark.parametrize(
        ("news", "expected"),
        [
            ({"reports": ["phone"]}, {"report-phone": 60}),
            ({"reports": ["phone"] * 3}, {"report-phone": 120}),
            ({"reports": ["closed"]}, {"report-closed": 60}),
            ({"reports": ["services", "insurance", "other"]}, {"report-other": 80}),
            ({"conflicts": ["phone"]}, {"conflict-phone": 50}),
            ({"conflicts": ["name", "zip", "service:detox", "city"]}, {"conflict-other": 75}),
            ({"proposals": ["phone"]}, {"second-check": 130}),
            ({"proposals": ["hours", "service:detox"]}, {"proposal": 40}),
            ({"website": "moved"}, {"website-moved": 15}),
            ({"website": "unreachable"}, {"website-unreachable": 5}),
            ({"website": "reachable"}, {}),
        ],
    )
    def test_knows_what_came_from_outside(self, news, expected):
        assert reasons(**news) == expected

    def test_puts_any_report_before_all_that_age_and_old_claims_can_weigh(self):
        old = RiskFactors(ages=(5000,) * len(CALL_TOPICS))

        assert total_points(risk_score_terms(old)) == 18 + 3 + 15 + 15 + 6
        assert total_points(
            risk_score_terms(FRESH, PendingSignals(reports=["phone"]))
        ) > total_points(risk_score_terms(old))

    def test_says_the_heaviest_first(self):
        found = [
            *reasons(
                RiskFactors(ages=shown_ages(phone=400), inconsistency_count=1), website="moved"
            )
        ]

        assert found == ["website-moved", "phone-old", "contradiction"]

    def test_follows_the_shelf_lives_of_the_installation(self, settings):
        settings.FACT_MAX_AGE = {"phone": timedelta(days=30)}

        assert reasons(RiskFactors(ages=shown_ages(phone=61))) == {"phone-old": 12}


class TestWeights:
    def test_have_one_reason_each_and_say_why(self):
        slugs = [weight.slug for weight in WEIGHTS]

        assert len(set(slugs)) == len(slugs)
        assert all(weight.points > 0 and weight.most > 0 and str(weight.why) for weight in WEIGHTS)

    def test_age_every_subject(self):
        assert {subject.weight for subject in CALL_TOPICS} <= {weight.slug for weight in WEIGHTS}

    def test_put_the_phone_before_what_else_ages(self):
        points = {weight.slug: weight.points for weight in WEIGHTS}

        assert points["phone-old"] == max(points[subject.weight] for subject in CALL_TOPICS)


class TestSharedNumber:
    def test_counts_only_listings_of_unrelated_names(self):
        listings = [
            (1, "518-555-0101", "Alder House"),
            (2, "518-555-0101", "Alder House Inc"),
            (3, "518-555-0101", "Zinnia Clinic"),
            (4, "518-555-0102", "Birch Place"),
            (5, "", "Cedar"), (6, "", "Dogwood"),
        ]  # fmt: skip

        assert count_shared_phones(listings) == {1: 1, 2: 1, 3: 2}


class TestRest:
    @pytest.mark.parametrize(
        ("until", "news", "rests"),
        [
            (None, None, False),
            (-1, None, False),
            (1, None, True),
            (1, {"reports": ["phone"]}, True),
            (1, {"reports": ["phone"], "has_new_report": True}, False),
            (1, {"proposals": ["phone"], "proposed_at": NOW - timedelta(hours=2)}, True),
            (1, {"proposals": ["phone"], "proposed_at": NOW}, False),
        ],
    )
    def test_ends_on_its_day_or_when_something_new_comes(self, until, news, rests):
        day = None if until is None else NOW + timedelta(days=until)
        turn = Assignment(snoozed_until=day, last_tried_at=NOW - timedelta(hours=1))

        assert is_snoozed(turn, PendingSignals(**news) if news else None, NOW) is rests
