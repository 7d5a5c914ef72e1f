"""The page that suggests a setting. Answers come by POST, are not kept, and are shown again.

They stand in an address only if the person asks for a link: the same page then reads them by GET.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from ..guidance.care_finder import (
    QUESTIONS,
    CareFinderRule,
    QuestionnaireAnswers,
    Setting,
    Suggestion,
    as_pairs,
    parse_answers,
    suggest,
)
from ..guidance.care_finder.questionnaire import NO, UNSURE, YES, CareFinderQuestion, as_values
from ..search import GROUPS
from ..web.public_form import public_form


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The questions; below the answers to them, where there are any, what they lead to."""
    given = request.POST if request.method == "POST" else request.GET
    reading = parse_answers(given.lists())
    problem = request.public_form.problem
    is_link = request.method != "POST" and any(each.name in given for each in QUESTIONS)
    is_answered = is_link or request.method == "POST"
    context = {
        "problem": problem,
        "questions": [*shown_questions(reading.answers, reading.unread, is_answered=is_answered)],
        "unread": [question.text for question in QUESTIONS if question.name in reading.unread],
        "is_link": is_link,
    }
    if is_answered and not problem:
        context |= suggestion_context(reading.answers, suggest(reading.answers))
    status = request.public_form.problem_status if problem else 200
    return render(request, "facilities/care_finder/page.html", context, status=status)


@dataclass(frozen=True)
class ShownQuestion:
    """A question as the page shows it: which of its choices are ticked."""

    question: CareFinderQuestion
    ticked: frozenset[str]
    is_unread: bool

    @property
    def described_by(self) -> str:
        """The elements that explain it: what is wrong with the answer, what is asked."""
        error = f"error-{self.question.name}" if self.is_unread else ""
        help_text = f"help-{self.question.name}" if self.question.help else ""
        return f"{error} {help_text}".strip()


def shown_questions(
    answers: QuestionnaireAnswers, unread: tuple[str, ...], *, is_answered: bool
) -> Iterator[ShownQuestion]:
    """Nothing is ticked before the first answer; after it, what was left open is "not sure"."""
    for question in QUESTIONS:
        values = as_values(getattr(answers, question.name)) if is_answered else frozenset()
        yield ShownQuestion(question, values, question.name in unread)


@dataclass(frozen=True)
class RuleOutcome:
    """What a rule says, and the number of its source in the list below."""

    words: str
    number: int


def suggestion_context(answers: QuestionnaireAnswers, suggestion: Suggestion) -> dict:
    rules = (*suggestion.reasons, *suggestion.medications_first, *suggestion.warnings)
    sources = [*dict.fromkeys(rule.source for rule in rules)]

    def said(rules: tuple[CareFinderRule, ...]) -> list[RuleOutcome]:
        return [RuleOutcome(rule.outcome_words, sources.index(rule.source) + 1) for rule in rules]

    return {
        "reasons": said(suggestion.reasons),
        "medications": said(suggestion.medications_first),
        "warnings": said(suggestion.warnings),
        "sources": sources,
        "answers": [*as_pairs(answers)],
        "suggestion": suggestion,
        "is_home": suggestion.setting is Setting.HOME,
        "says_suicide": answers.suicide == YES,
        "keeps_medication": answers.medication not in (NO, UNSURE),
        "search_words": [*filter_labels(suggestion.search)],
        "medication_words": [*filter_labels(suggestion.medication_search)],
        "open_questions": [
            question.text for question in QUESTIONS if question.name in suggestion.open_questions
        ],
    }


def filter_labels(parameters: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """(heading, options in words) of each filter group that a prepared search uses."""
    for group in GROUPS:
        labels = [
            group.options[slug].label(get_language())
            for name, slug in parameters
            if name == group.name
        ]
        if labels:
            yield str(group.heading), ", ".join(labels)
