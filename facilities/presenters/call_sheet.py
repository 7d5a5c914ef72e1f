"""Whom to call first, and what to ask there: the order of a call sheet and its entries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from ..facts.hours import format_hours, is_always_open
from ..models import Facility
from ..rules.medications import OPIOID_DETOX
from ..search.best_fit import fit_terms
from .call_questions import RenderedCallQuestion, open_questions
from .caller_needs import CallerNeeds, NeedAnswer, first_questions
from .card import Card


@dataclass(frozen=True)
class CallSheetEntry:
    """One facility to call: what is known of it, and what to ask, the first questions apart.

    Beside each question stands the same in English, or nothing on a sheet in English.
    """

    card: Card
    closing: str
    hours: str
    intake_phones: tuple[dict[str, str], ...]
    needs: tuple[NeedAnswer, ...]
    first_questions: tuple[tuple[RenderedCallQuestion, str], ...]
    other_questions: tuple[tuple[RenderedCallQuestion, str], ...]


def call_order(facilities: Iterable[Facility]) -> list[Facility]:
    """Sort: open day and night first, then the best fit, then the last checked, then as given.

    Medication that goes on counts first where each of them offers opioid detox.
    """
    given = list(facilities)
    opioids = all(each.offered & OPIOID_DETOX for each in given)
    return sorted(given, key=lambda each: _terms(each, opioids=opioids), reverse=True)


def _terms(facility: Facility, *, opioids: bool) -> tuple:
    terms = fit_terms(facility.offered, is_about_opioids=opioids)
    return (
        is_always_open(facility.hours),
        terms.maintenance.value if terms.maintenance else 0,
        terms.criteria_shown,
        terms.evidence_count,
        facility.last_verified_on or date.min,
    )


def build_call_sheet_entry(
    card: Card, needs: CallerNeeds, language: str, *, closing: str
) -> CallSheetEntry:
    """``language`` is the active one. ``closing``: what we were told if it has closed, else ""."""
    facility = card.facility
    return CallSheetEntry(
        card=card,
        closing=closing,
        hours=format_hours(facility.hours),
        intake_phones=tuple(distinct_intake_phones(facility)),
        needs=tuple(needs.answers(facility, language)),
        first_questions=with_english(
            lambda language: first_questions(card, needs, language), language
        ),
        other_questions=with_english(
            lambda language: open_questions(facility.offered, facility.denied, language), language
        ),
    )


def with_english(
    ask: Callable[[str], Sequence[RenderedCallQuestion]], language: str
) -> tuple[tuple[RenderedCallQuestion, str], ...]:
    """Pair each question in the active ``language`` with its English on a sheet in another one."""
    questions = ask(language)
    if language == "en":
        return tuple((question, "") for question in questions)
    with override("en"):
        english = [question.text for question in ask("en")]
    return tuple(zip(questions, english, strict=True))


def distinct_intake_phones(facility: Facility) -> Iterator[dict[str, str]]:
    """Leave out a line that dials the same as the facility's own number."""
    for line in facility.intake_phones:
        if line.get("extension") or line["number"] != facility.phone:
            yield line
