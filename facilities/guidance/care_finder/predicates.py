"""What answers mean together: the conditions that several rules and the search share."""

from .questionnaire import (
    ALCOHOL,
    BENZODIAZEPINES,
    BUPRENORPHINE,
    MILD,
    NO,
    OPIOIDS,
    UNSURE,
    YES,
    QuestionnaireAnswers,
)

SEDATIVES = frozenset({ALCOHOL, BENZODIAZEPINES})
SAFETY_QUESTIONS = frozenset(
    {"substance", "dependence", "seizures", "illness", "mental", "suicide", "home"}
)
NO_HAZARD = ("seizures", "illness", "mental", "suicide", "pregnant", "minor")


def has_opioids(answers: QuestionnaireAnswers) -> bool:
    return OPIOIDS in answers.substance


def may_be_opioids(answers: QuestionnaireAnswers) -> bool:
    return not answers.substance.isdisjoint({OPIOIDS, UNSURE})


def has_sedatives(answers: QuestionnaireAnswers) -> bool:
    """Alcohol or benzodiazepines, whose withdrawal can be fatal."""
    return bool(answers.substance & SEDATIVES)


def may_be_pregnant(answers: QuestionnaireAnswers) -> bool:
    return answers.pregnant != NO


def leaves_safety_open(answers: QuestionnaireAnswers) -> bool:
    """Something is not settled that bears on where withdrawal is safe."""
    deciding = SAFETY_QUESTIONS | ({"pregnant"} if has_sedatives(answers) else set())
    return not deciding.isdisjoint(answers.open())


def is_settled_and_mild(answers: QuestionnaireAnswers) -> bool:
    """Opioids alone, milder, no hazard of any kind, and a safe home where someone stays."""
    return (
        answers.substance == {OPIOIDS}
        and answers.dependence == MILD
        and all(getattr(answers, name) == NO for name in NO_HAZARD)
        and answers.home == answers.company == YES
        and answers.medication in (NO, BUPRENORPHINE)
    )
