"""How long a fact may be trusted after somebody checked it, and how old it is by that measure."""

from datetime import date, timedelta
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext_lazy as _

# From the check, by the kind of fact; the setting FACT_MAX_AGE changes them. A fact of a federal
# survey ages from its release's date. Availability is what a facility says of today.
DEFAULT_MAX_AGE = {
    "phone": timedelta(days=180),
    "payment": timedelta(days=180),
    "service": timedelta(days=365),
    "other": timedelta(days=365),
    "availability": timedelta(hours=8),
}
OLD_RELEASE_AGE = timedelta(days=548)  # 18 months
SERVICE_PREFIX = "service:"


class FreshnessLevel(Enum):
    """How much of its shelf life a fact has used up: a word for it, and a shape that empties."""

    NEW = "new"
    AGING = "aging"
    STALE = "stale"

    @property
    def symbol(self) -> str:
        return {"new": "●", "aging": "◐", "stale": "○"}[self.value]

    @property
    def label(self) -> str:
        return str(_WORDS[self])


_WORDS = {
    FreshnessLevel.NEW: _("fresh"),
    FreshnessLevel.AGING: _("getting old"),
    FreshnessLevel.STALE: _("old: call to confirm"),
}


def max_age(kind: str) -> timedelta:
    """Return how long a fact of this kind may be trusted; an installation may set its own."""
    return settings.FACT_MAX_AGE.get(kind, DEFAULT_MAX_AGE[kind])


def is_fresh(kind: str, checked_on: date, today: date) -> bool:
    return today - checked_on <= max_age(kind)


def freshness_level(kind: str, checked_on: date, today: date) -> FreshnessLevel:
    """New for the first half of its shelf life, aging for the second, then stale.

    >>> days = [date(2024, month, 1) for month in (3, 5, 8)]
    >>> [freshness_level("phone", date(2024, 1, 1), day).value for day in days]
    ['new', 'aging', 'stale']
    """
    if not is_fresh(kind, checked_on, today):
        return FreshnessLevel.STALE
    return FreshnessLevel.NEW if 2 * (today - checked_on) <= max_age(kind) else FreshnessLevel.AGING


def is_release_old(published_on: date, today: date) -> bool:
    """Whether the newest release is so old that the whole site should say so."""
    return today - published_on > OLD_RELEASE_AGE
