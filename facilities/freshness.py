"""How long a fact may be trusted after somebody checked it."""

from datetime import date, timedelta

# Days from the check, by the kind of fact. A federal survey fact ages from its release's date.
SHELF_LIVES = {
    "phone": timedelta(days=180),
    "payment": timedelta(days=180),
    "service": timedelta(days=365),
    "other": timedelta(days=365),
}


def is_fresh(kind: str, checked_on: date, today: date) -> bool:
    """Whether a fact of this kind, checked on that day, is still within its shelf life."""
    return today - checked_on <= SHELF_LIVES[kind]
