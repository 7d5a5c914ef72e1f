"""Which changes wait for a second check, and what counts as one. No I/O.

A wrong number sends people in need to strangers, or to a broker who pays for it. So no single
person changes a number on one day: somebody else must find the same, or the same person on a
later day (a site with one curator must not stand still).
"""

from datetime import UTC, date, datetime

from ..facts.registry import FACTS


def is_guarded(fact: str) -> bool:
    return fact in FACTS and FACTS[fact].needs_second_check


def utc_day(moment: datetime) -> date:
    """Return the calendar day that counts: in UTC, whatever the site's time zone."""
    return moment.astimezone(UTC).date()


def is_second_check(made_by, made_at: datetime, by, now: datetime) -> bool:
    """Whether `by` finding the same `now` confirms what `made_by` found; keys of users.

    None is the facility itself: it never confirms its own word.
    """
    if by is None:
        return False
    return by != made_by or utc_day(now) > utc_day(made_at)
