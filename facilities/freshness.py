"""How long a fact may be trusted after somebody checked it."""

from datetime import date, timedelta

from .vocabulary import VOCABULARY

# Days from the check, by the kind of fact. A federal survey fact ages from its release's date.
SHELF_LIVES = {
    "phone": timedelta(days=180),
    "payment": timedelta(days=180),
    "service": timedelta(days=365),
    "other": timedelta(days=365),
}
SERVICE_PREFIX = "service:"
_PHONES = frozenset({"phone", "phone_extension", "intake_phones", "hours", "fax"})
_PAYMENT_CATEGORIES = frozenset({"payment", "payment-help"})


def kind_of(fact: str) -> str:
    """The kind of a fact: a field's name ("phone") or "service:" and a slug.

    >>> kind_of("intake_phones"), kind_of("service:medicaid"), kind_of("name")
    ('phone', 'payment', 'other')
    """
    if fact in _PHONES:
        return "phone"
    if not fact.startswith(SERVICE_PREFIX):
        return "other"
    service = VOCABULARY.get(fact.removeprefix(SERVICE_PREFIX))
    is_payment = service is not None and service.category.slug in _PAYMENT_CATEGORIES
    return "payment" if is_payment else "service"


def is_fresh(kind: str, checked_on: date, today: date) -> bool:
    """Whether a fact of this kind, checked on that day, is still within its shelf life."""
    return today - checked_on <= SHELF_LIVES[kind]
