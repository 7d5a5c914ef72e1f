"""Forecasts how old checks of phones will be for a number of checks a day. No I/O, no clock.

The oldest are checked first, the same number every day. Once every facility was called once, the
ages spread evenly over one round and stay so: a round of 100 days has a median age of about 50.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median_low


@dataclass(frozen=True)
class Forecast:
    """Ages are days. ``checks_needed_per_day``: to call everyone once within ``shelf_life``.

    ``fresh_on``: when the median age falls to ``shelf_life``; None if never at this rate.
    """

    listings: int
    checks_per_day: int
    median_now: int
    median_after_round: int
    round_ends_on: date
    checks_needed_per_day: int
    shelf_life: int
    fresh_on: date | None

    @property
    def is_short(self) -> bool:
        """Whether more checks a day are needed than are made."""
        return self.checks_per_day < self.checks_needed_per_day


def forecast(ages: Sequence[int], *, a_day: int, shelf_life: int, today: date) -> Forecast | None:
    if not ages or a_day < 1:
        return None
    round_days = ceil(len(ages) / a_day)
    fresh = days_until_median_is_at_most(ages, a_day, shelf_life)
    return Forecast(
        listings=len(ages),
        checks_per_day=a_day,
        median_now=median_low(ages),
        median_after_round=forecast_median_age(ages, a_day, round_days),
        round_ends_on=today + timedelta(days=round_days),
        checks_needed_per_day=ceil(len(ages) / max(1, shelf_life)),
        shelf_life=shelf_life,
        fresh_on=None if fresh is None else today + timedelta(days=fresh),
    )


def forecast_median_age(ages: Sequence[int], checks_per_day: int, days: int) -> int:
    """Return the median age after ``days``. Those checked on the last of them are 0 days old.

    >>> forecast_median_age([400, 400, 400, 300], 1, 2)
    1
    """
    oldest_first = sorted(ages, reverse=True)
    checked = min(checks_per_day * days, len(ages))
    waiting = [age + days for age in oldest_first[checked:]]
    return median_low([*waiting, *(days - 1 - turn // checks_per_day for turn in range(checked))])


def days_until_median_is_at_most(ages: Sequence[int], a_day: int, most: int) -> int | None:
    """Return the first day, within one round, on which half of the ages are at most ``most``.

    Counts ages instead of taking a median for each day: a round may have thousands of days.
    """
    youngest_first, half = sorted(ages), (len(ages) + 1) // 2
    for day in range(ceil(len(ages) / a_day) + 1):
        checked = min(a_day * day, len(ages))
        lapsed = min(checked, a_day * max(0, day - 1 - most))  # checked too long ago again
        young = bisect_right(youngest_first, most - day, hi=len(ages) - checked)  # unchecked
        if checked - lapsed + young >= half:
            return day
    return None
