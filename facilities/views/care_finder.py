"""The page that suggests where to look: questions one at a time, and what they lead to.

Answers come by POST, are not kept, and lead to an address of their own, so that going back to
the answer, loading it again and changing the language work. That address carries them as a code
that opens for four hours. They stand in an address in words only if the person asks for a link.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..guidance.alerts import ALERTS_BY_CODE, DangerAlert
from ..guidance.care_finder import (
    PARAMETERS,
    QUESTIONS,
    SCREENS,
    CareFinderQuestion,
    CareFinderRule,
    CareSetting,
    CareSuggestion,
    ParsedAnswers,
    QuestionScreen,
    answers_as_parameters,
    as_answer_set,
    parse_answers,
    suggest_care,
)
from ..guidance.care_finder.questionnaire import SOMEONE
from ..web.public_form import public_form
from .care_finder_nearby import prepared_in_words, read_place, search_nearby
from .search_words import area_words

ANSWER, CHANGE = "answer", "change"
CODE_SALT = "facilities.care_finder.answer"
CODE_OPENS_FOR = timedelta(hours=4)
CODE_EXPIRED = _(
    "This address led to an answer for four hours. Your answers are not kept. Answer again."
)
# What is told at once, before the next question, where the answer is yes.
ALERTS_AT_ONCE = {"danger": "a1", "suicide": "a2"}


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        reading = parse_answers(request.POST.lists())
        if problem := request.public_form.problem:
            status = request.public_form.problem_status
            return render_questions(request, reading, problem=problem, status=status)
        return redirect(address_with_answers(reading))
    for parameter in (ANSWER, CHANGE):
        if code := request.GET.get(parameter):
            reading = read_answer_code(code)
            if reading is None:
                return render_questions(request, problem=CODE_EXPIRED, status=410)
            render_reading = render_answer if parameter == ANSWER else render_questions
            return render_reading(request, reading)
    if PARAMETERS.isdisjoint(request.GET):
        response = render_questions(request)
        # The same for everybody. The browser may keep it, so that going back keeps what is ticked.
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    return render_answer(request, parse_answers(request.GET.lists()), is_link=True)


def address_with_answers(reading: ParsedAnswers, parameter: str = ANSWER) -> str:
    """Return an address in which no answer can be read."""
    code = signing.dumps(
        [[*answers_as_parameters(reading.answers)], reading.unread], salt=CODE_SALT, compress=True
    )
    return f"{reverse('facilities:care_finder')}?{urlencode({parameter: code})}"


def read_answer_code(code: str) -> ParsedAnswers | None:
    """Return the answers in a code; None if it has expired or is none of ours."""
    try:
        pairs, unread = signing.loads(code, salt=CODE_SALT, max_age=CODE_OPENS_FOR)
    except signing.BadSignature:
        return None
    values_of: dict[str, list[str]] = {}
    for name, value in pairs:
        values_of.setdefault(name, []).append(value)
    return ParsedAnswers(parse_answers(values_of.items()).answers, tuple(unread))


@dataclass(frozen=True)
class ShownQuestion:
    """A question as the page shows it: which of its choices are ticked, or what was typed."""

    question: CareFinderQuestion
    ticked: frozenset[str]
    is_unread: bool

    @property
    def typed(self) -> str:
        return "" if self.question.choices else "".join(self.ticked)

    @property
    def described_by(self) -> str:
        """Ids of the elements that explain it: what is wrong with the answer, what is asked."""
        error = f"error-{self.question.name}" if self.is_unread else ""
        help_text = f"help-{self.question.name}" if self.question.help else ""
        return f"{error} {help_text}".strip()


@dataclass(frozen=True)
class ShownScreen:
    """A screen, its questions as shown, and the screens before and after it.

    ``number_if_short`` counts without the screens about withdrawal; ``previous`` and ``following``
    are the fragments of both ways, which may be the same.
    """

    screen: QuestionScreen
    questions: tuple[ShownQuestion, ...]
    alert: DangerAlert | None
    number: int
    number_if_short: int
    previous: str
    previous_if_short: str
    following: str
    following_if_short: str

    @property
    def is_alone(self) -> bool:
        return len(self.questions) == 1


def shown_screens(reading: ParsedAnswers | None) -> Iterator[ShownScreen]:
    """Nothing is ticked before the first answer; after it, what was left open is "not sure"."""
    all_slugs = [screen.slug for screen in SCREENS]
    short = [screen.slug for screen in SCREENS if not screen.about_withdrawal]

    def beside(slug: str, slugs: list[str], step: int) -> str:
        """The slug so many steps away; of a screen that is passed over the one after it counts."""
        position = slugs.index(slug) if slug in slugs else all_slugs.index(slug) - 1
        return slugs[position + step] if 0 <= position + step < len(slugs) else ""

    for number, screen in enumerate(SCREENS, 1):
        yield ShownScreen(
            screen=screen,
            questions=tuple(shown_question(question, reading) for question in screen.questions),
            alert=ALERTS_BY_CODE.get(ALERTS_AT_ONCE.get(screen.slug, "")),
            number=number,
            number_if_short=short.index(screen.slug) + 1 if screen.slug in short else number,
            previous=beside(screen.slug, all_slugs, -1),
            previous_if_short=beside(screen.slug, short, -1),
            following=beside(screen.slug, all_slugs, 1),
            following_if_short=beside(screen.slug, short, 1),
        )


def shown_question(question: CareFinderQuestion, reading: ParsedAnswers | None) -> ShownQuestion:
    if reading is None:
        return ShownQuestion(question, frozenset(), is_unread=False)
    ticked = as_answer_set(getattr(reading.answers, question.name))
    return ShownQuestion(question, ticked, question.name in reading.unread)


def render_questions(
    request: HttpRequest,
    reading: ParsedAnswers | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "problem": problem,
        "screens": [*shown_screens(reading)],
        "screen_count": len(SCREENS),
        "count_if_short": sum(not screen.about_withdrawal for screen in SCREENS),
        "unread": unread_questions(reading) if reading else [],
        "is_personal": reading is not None,
    }
    return render(request, "facilities/care_finder/page.html", context, status=status)


def unread_questions(reading: ParsedAnswers) -> list[str]:
    return [question.text for question in QUESTIONS if question.name in reading.unread]


@dataclass(frozen=True)
class RuleOutcome:
    """What a rule says, and the number of its source in the list below."""

    words: str
    number: int


def render_answer(
    request: HttpRequest, reading: ParsedAnswers, *, is_link: bool = False
) -> HttpResponse:
    answers, suggestion = reading.answers, suggest_care(reading.answers)
    context = {
        "answers": [*answers_as_parameters(answers)],
        "unread": unread_questions(reading),
        "is_link": is_link,
        "change": address_with_answers(reading, CHANGE),
        "suggestion": suggestion,
        "alerts": [ALERTS_BY_CODE[rule.alert] for rule in suggestion.dangers],
        "is_for_someone": answers.person == SOMEONE,
        "is_home": suggestion.setting is CareSetting.HOME,
        "open_questions": [
            question.text for question in QUESTIONS if question.name in suggestion.open_questions
        ],
    }
    context |= outcome_context(suggestion) | places_to_look(reading, suggestion)
    return render(request, "facilities/care_finder/answer.html", context)


def outcome_context(suggestion: CareSuggestion) -> dict:
    sources = [*dict.fromkeys(rule.source for rule in suggestion.rules)]

    def said(rules: tuple[CareFinderRule, ...]) -> list[RuleOutcome]:
        return [RuleOutcome(rule.outcome_words, sources.index(rule.source) + 1) for rule in rules]

    return {
        "first_reasons": said(suggestion.first_reasons),
        "reasons": said(suggestion.reasons),
        "medications": said(suggestion.medications),
        "for_teens": said(suggestion.for_teens),
        "warnings": said(suggestion.warnings),
        "sources": sources,
    }


def places_to_look(reading: ParsedAnswers, suggestion: CareSuggestion) -> dict:
    """Return the searches with what is near, or, without a known place, with its question."""
    language, typed = get_language(), reading.answers.place
    at_place = read_place(typed)
    if typed and at_place.query:
        nearby = [
            search_nearby(search, at_place.query, language, is_first=number == 0)
            for number, search in enumerate(suggestion.searches)
        ]
        return {
            "nearby": nearby,
            "place": area_words(at_place.query)["place"],
            "is_near": at_place.query.area.is_near,
            "is_out_of_reach": not any(each.found for each in nearby),
        }
    choices = at_place.resolution.offered if at_place.resolution else ()
    return {
        "place_typed": typed,
        "place_choices": [
            (label, address_with_answers(answers_at_place(reading, label))) for label in choices
        ],
        "prepared": [prepared_in_words(search, language) for search in suggestion.searches],
    }


def answers_at_place(reading: ParsedAnswers, place: str) -> ParsedAnswers:
    return replace(reading, answers=replace(reading.answers, place=place))
