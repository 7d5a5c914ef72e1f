"""Whom to call first, and what to ask there: the order of a call sheet and its entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from ..facts.hours import format_hours, is_always_open
from ..models import Facility
from ..rules.medications import OPIOID_DETOX
from ..search.best_fit import FitScore, fit_score
from .call_questions import RenderedQuestion, open_questions
from .card import Card, card


@dataclass(frozen=True)
class CallSheetEntry:
    """One facility to call. ``others`` are the same questions in English, for a Spanish sheet."""

    card: Card
    closing: str
    hours: str
    asked: tuple[tuple[RenderedQuestion, str], ...]


def call_order(facilities: Iterable[Facility]) -> list[Facility]:
    """Answered day and night first, then the best fit, then the last checked, then as given.

    Medication that goes on counts first where each of them offers opioid detox.
    """
    given = list(facilities)
    opioids = all(each.offered & OPIOID_DETOX for each in given)
    return sorted(given, key=lambda each: _terms(each, opioids=opioids), reverse=True)


def _terms(facility: Facility, *, opioids: bool) -> tuple:
    found: FitScore = fit_score(facility.offered, is_about_opioids=opioids)
    return (
        is_always_open(facility.hours),
        found.maintenance.value if found.maintenance else 0,
        found.criteria_shown,
        found.evidence_count,
        facility.last_verified_on or date.min,
    )


def build_call_sheet_entry(
    facility: Facility, language: str, *, is_ours: bool, closing: str
) -> CallSheetEntry:
    """What the sheet says of it in the active ``language``; in Spanish with the English.

    ``closing``: what we were told if it has closed, else "".
    """
    asked = open_questions(facility.offered, facility.denied, language)
    english: tuple[str, ...] = ("",) * len(asked)
    if language != "en":
        with override("en"):
            english = tuple(
                each.text for each in open_questions(facility.offered, facility.denied, "en")
            )
    return CallSheetEntry(
        card=card(facility, miles=None, origin=None, near="", language=language, is_ours=is_ours),
        closing=closing,
        hours=format_hours(facility.hours),
        asked=tuple(zip(asked, english, strict=True)),
    )
