"""The forecast: what a number of checks a day does to the age of checks, worked out by hand."""

from collections import Counter
from datetime import date
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.curation.work_queue.forecast import (
    days_until_median_is_at_most,
    forecast,
    forecast_median_age,
)

TODAY = date(2024, 3, 1)


class TestMedian:
    @pytest.mark.parametrize(
        ("ages", "a_day", "days", "median"),
        [
            # Ten of 400 days, two checked a day. After 2 days: 1 1 0 0 and six of 402.
            ([400] * 10, 2, 2, 402),
            # After 3 days six are checked: 2 2 1 1 0 0, and four of 403: the fifth is 2.
            ([400] * 10, 2, 3, 2),
            # After a round of five days: 4 4 3 3 2 2 1 1 0 0.
            ([400] * 10, 2, 5, 2),
            # The last day of a round has one left: 2 2 1 1 0.
            ([400] * 5, 2, 3, 1),
            # The oldest first: 30 and 20 go, 10 and 5 grow to 11 and 6: 0 0 6 11.
            ([5, 30, 10, 20], 2, 1, 0),
            ([7, 1, 3], 5, 0, 3),
        ],
    )
    def test_after_some_days(self, ages, a_day, days, median):
        assert forecast_median_age(Counter(ages), a_day, days) == median

    @given(
        ages=st.lists(st.integers(0, 60), min_size=1, max_size=30),
        a_day=st.integers(1, 7), days=st.integers(0, 40),
    )  # fmt: skip
    def test_is_that_of_ages_taken_one_by_one(self, ages, a_day, days):
        waiting = sorted(ages)
        new = []
        for day in range(days):
            for _ in range(min(a_day, len(waiting))):
                waiting.pop()  # the oldest
                new.append(days - 1 - day)

        by_hand = median_low([*new, *(age + days for age in waiting)])
        assert forecast_median_age(Counter(ages), a_day, days) == by_hand


class TestDay:
    @pytest.mark.parametrize(
        ("ages", "a_day", "most", "day"),
        [
            ([10, 20, 400], 1, 180, 0),
            ([400] * 10, 2, 180, 3),  # five of ten are fresh on the third day
            ([400] * 10, 1, 180, 5),
            ([400] * 10, 1, 3, None),  # by the time the tenth is called the first is stale
            ([170, 170, 400, 400, 400], 1, 180, 1),
        ],
    )
    def test_on_which_half_of_the_numbers_are_fresh(self, ages, a_day, most, day):
        assert days_until_median_is_at_most(Counter(ages), a_day, most) == day

    @given(
        ages=st.lists(st.integers(0, 60), min_size=1, max_size=30),
        a_day=st.integers(1, 7), most=st.integers(0, 40),
    )  # fmt: skip
    def test_is_the_first_on_which_the_median_says_so(self, ages, a_day, most):
        days = range(-(-len(ages) // a_day) + 1)
        by_median = (day for day in days if forecast_median_age(Counter(ages), a_day, day) <= most)

        assert days_until_median_is_at_most(Counter(ages), a_day, most) == next(by_median, None)


class TestForecast:
    def test_says_how_old_checks_will_be_and_by_when(self):
        found = forecast({400: 900}, a_day=10, shelf_life=180, today=TODAY)

        # A round takes 90 days; then ages run from 0 to 89, ten of each: the 450th is 44.
        assert (found.median_now, found.median_after_round, found.round_ends_on) == (
            400,
            44,
            date(2024, 5, 30),
        )
        assert found.fresh_on == date(2024, 4, 15)  # the 450th call is made on the 45th day
        assert (found.checks_needed_per_day, found.is_short) == (5, False)

    def test_warns_where_the_shelf_life_asks_for_more_than_there_are_hands(self):
        found = forecast({400: 12744}, a_day=20, shelf_life=180, today=TODAY)

        assert (found.checks_needed_per_day, found.is_short) == (71, True)  # 12,744 / 180 = 70.8

    def test_is_none_of_nothing(self):
        assert forecast({}, a_day=10, shelf_life=180, today=TODAY) is None

    def test_begins_at_the_median_of_today(self):
        ages = [3, 400, 12, 90]

        assert forecast(Counter(ages), a_day=1, shelf_life=180, today=TODAY).median_now == 12
