"""What makes us think that a place has closed, told as it happened and with its day."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .listing_doubts import (
    CALL,
    CLOSURE_PROPOSAL,
    CLOSURE_REPORT,
    NOTICE_LIFETIME,
    OUTCOMES,
    REPORT_THRESHOLD,
    ListingEvidence,
    statement_day,
)

UNANSWERED = (f"{CALL}no_answer", f"{CALL}left_message")
LEAST_DAYS = 2  # on which nobody answered: one missed call says nothing


def closure_suspicion(statements: Iterable[ListingEvidence], today: date) -> str:
    """Return a sentence from what was said of one facility; "" where nothing points to it.

    Where somebody heard that it closed, ``listing_doubts`` says so, and this says nothing more.
    """
    statements = [each for each in statements if each.moment is not None]
    if any(each.kind == CLOSURE_PROPOSAL for each in statements):
        return ""
    if day := _unanswered_since(statements):
        return _("We called on %(day)s and could not reach it.") % {"day": date_format(day)}
    reports = sorted(statement_day(each) for each in statements if each.kind == CLOSURE_REPORT)
    if len(reports) < REPORT_THRESHOLD or reports[-1] < today - NOTICE_LIFETIME:
        return ""
    newest = {"day": date_format(reports[-1])}
    return (
        _("Several people told us that it has closed, last on %(day)s. We have not checked yet.")
        % newest
    )


def _unanswered_since(statements: Iterable[ListingEvidence]) -> date | None:
    """Return the day of the newest call, if nobody has answered on two days or more in a row."""
    contacts = sorted(
        (each for each in statements if each.kind in OUTCOMES or each.kind.startswith(CALL)),
        key=lambda each: str(each.moment),
        reverse=True,
    )
    days: list[date] = []
    for contact in contacts:
        if contact.kind not in UNANSWERED:
            break
        days.append(statement_day(contact))
    return days[0] if len({*days}) >= LEAST_DAYS else None
