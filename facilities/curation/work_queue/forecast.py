"""Forecasts how old checks of phones will be for a number of checks a day. No I/O, no clock.

The oldest are checked first, the same number every day. Once every facility was called once, the
ages spread evenly over one round and stay so: a round of 100 days has a median age of about 50.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import ceil

import numpy as np


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
        return self.checks_per_day < self.checks_needed_per_day


def forecast(
    ages: Mapping[int, int], *, a_day: int, shelf_life: int, today: date
) -> Forecast | None:
    """Return the forecast, or None if there is nothing to check. ``ages``: how many are so old."""
    listings = sum(ages.values())
    if not listings or a_day < 1:
        return None
    round_days = ceil(listings / a_day)
    fresh = days_until_median_is_at_most(ages, a_day, shelf_life)
    return Forecast(
        listings=listings,
        checks_per_day=a_day,
        median_now=forecast_median_age(ages, a_day, 0),
        median_after_round=forecast_median_age(ages, a_day, round_days),
        round_ends_on=today + timedelta(days=round_days),
        checks_needed_per_day=ceil(listings / max(1, shelf_life)),
        shelf_life=shelf_life,
        fresh_on=None if fresh is None else today + timedelta(days=fresh),
    )


def forecast_median_age(ages: Mapping[int, int], checks_per_day: int, days: int) -> int:
    """Return the median age after ``days``. Those checked on the last of them are 0 days old.

    >>> forecast_median_age({300: 1, 400: 3}, 1, 2)
    1
    """
    listings = sum(ages.values())
    checked = min(checks_per_day * days, listings)
    place = (listings - 1) // 2  # from the youngest: the lower median
    if place < checked:  # they are younger than all that wait
        return days - 1 - (checked - 1 - place) // checks_per_day
    youngest_first = sorted(ages)
    up_to = list(accumulate(ages[age] for age in youngest_first))
    return youngest_first[bisect_right(up_to, place - checked)] + days


def days_until_median_is_at_most(ages: Mapping[int, int], a_day: int, most: int) -> int | None:
    """Return the first day, within one round, on which half of the ages are at most ``most``.

    Counts ages instead of taking a median for each day: a round may have a million days.
    """
    listings = sum(ages.values())
    days = np.arange(ceil(listings / a_day) + 1)
    checked = np.minimum(a_day * days, listings)
    lapsed = np.minimum(checked, a_day * np.maximum(0, days - 1 - most))  # too long ago again
    youngest_first = np.array(sorted(ages))
    up_to = np.cumsum([0, *(ages[age] for age in sorted(ages))])
    unchecked = up_to[np.searchsorted(youngest_first, most - days, side="right")]
    young = np.minimum(unchecked, listings - checked)
    enough = np.flatnonzero(checked - lapsed + young >= (listings + 1) // 2)
    return int(enough[0]) if len(enough) else None
