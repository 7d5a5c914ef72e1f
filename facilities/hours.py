"""When an intake line is answered: how hours are stored, and how they read.

``Facility.hours`` is {} where nobody has said, {"always": true} for day and night, else
{"mon": [["08:00", "17:00"], ...], ...} in the facility's own time, which we do not know here:
so only "always" can be called open now.
"""

from datetime import time

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import time_format
from django.utils.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_always_open(hours: dict) -> bool:
    return hours.get("always") is True


def spoken(hours: dict) -> str:
    """ "Mon 8 a.m.–5 p.m.; ..." in the active language; "" where nobody has said."""
    if is_always_open(hours):
        return _("day and night")
    days = [
        f"{WEEKDAYS_ABBR[number]} {', '.join(map(_interval, hours[day]))}"
        for number, day in enumerate(DAYS)
        if hours.get(day)
    ]
    return "; ".join(days)


def _interval(interval: list[str]) -> str:
    begin, end = (time_format(time.fromisoformat(each), "P") for each in interval)
    return f"{begin}–{end}"
