"""Every search that the care finder can prepare, found by answering it in every way."""

from collections.abc import Iterator
from itertools import product

from .questionnaire import (
    ADULT,
    ALCOHOL,
    BENZODIAZEPINES,
    OPIOIDS,
    OTHER,
    QUESTIONS,
    STIMULANTS,
    TEEN,
    UNSURE,
    QuestionnaireAnswers,
)
from .suggestion import Parameters, suggest_care

# Substances that lead to the same advice stand for each other.
SUBSTANCES = (
    *(
        frozenset(substances)
        for substances in (
            {OPIOIDS}, {ALCOHOL}, {BENZODIAZEPINES}, {OPIOIDS, ALCOHOL},
            {OPIOIDS, BENZODIAZEPINES}, {ALCOHOL, BENZODIAZEPINES},
            {OPIOIDS, ALCOHOL, BENZODIAZEPINES}, {STIMULANTS}, {OTHER}, {UNSURE},
        )
    ),
)  # fmt: skip
ANSWERS = {"substance": SUBSTANCES, "age": (TEEN, ADULT)}
# These stop the flow before any search, only word it, or narrow every search in the same way.
LEFT_OPEN = ("danger", "person", "suicide", "place", "payment")


def distinct_searches() -> tuple[Parameters, ...]:
    """Return the parameters of every search that some answers prepare, each once, sorted.

    Payment is left open. Takes about a minute.
    """
    return tuple(
        sorted(
            {
                tuple(sorted(search.parameters))
                for answers in _every_answer()
                for search in suggest_care(answers).searches
            }
        )
    )


def _every_answer() -> Iterator[QuestionnaireAnswers]:
    asked = [question for question in QUESTIONS if question.name not in LEFT_OPEN]
    names = [question.name for question in asked]
    choices = [
        ANSWERS.get(question.name) or tuple(choice.value for choice in question.choices)
        for question in asked
    ]
    for values in product(*choices):
        yield QuestionnaireAnswers(**dict(zip(names, values, strict=True)))
