"""Hours of an intake line: how they are stored, and how they read.

``Facility.hours`` is {} if not reported, {"always": true} for day and night, else
{"mon": [["08:00", "17:00"], ...], ...} in the facility's own time, which we do not know here:
so only "always" can be called open now.
"""

from datetime import time
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import time_format
from django.utils.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_always_open(hours: dict) -> bool:
    return hours.get("always") is True


def format_hours(hours: dict) -> str:
    """Return "Mon–Fri 8 a.m.–5 p.m.; ..." in the active language; "" if not reported."""
    if is_always_open(hours):
        return _("day and night")
    runs = groupby(enumerate(DAYS), key=lambda numbered: hours.get(numbered[1]))
    return "; ".join(
        f"{_days([number for number, _day in run])} {', '.join(map(_interval, intervals))}"
        for intervals, run in runs
        if intervals
    )


def _days(numbers: list[int]) -> str:
    ends = numbers[:1] if len(numbers) == 1 else [numbers[0], numbers[-1]]
    return "–".join(str(WEEKDAYS_ABBR[number]) for number in ends)


def _interval(interval: list[str]) -> str:
    begin, end = (time_format(time.fromisoformat(each), "P") for each in interval)
    return f"{begin}–{end}"
