"""What answers mean together: the conditions that several rules and the search share."""

from .questionnaire import (
    ALCOHOL,
    BEFORE,
    BENZODIAZEPINES,
    BUPRENORPHINE,
    METHADONE,
    NALTREXONE,
    NO,
    NOW,
    OPIOIDS,
    OTHER,
    STIMULANTS,
    TEEN,
    UNSURE,
    YES,
    QuestionnaireAnswers,
)

SEDATIVES = frozenset({ALCOHOL, BENZODIAZEPINES})
SAFETY_QUESTIONS = frozenset(
    {"substance", "shaking", "seizures", "illness", "mental", "suicide", "home"}
)
NO_HAZARD = ("seizures", "illness", "mental", "suicide", "pregnant")
OPIOID_MEDICATIONS = (METHADONE, BUPRENORPHINE)  # people stay on them in place of opioids


def has_opioids(answers: QuestionnaireAnswers) -> bool:
    return OPIOIDS in answers.substance


def may_be_opioids(answers: QuestionnaireAnswers) -> bool:
    return not answers.substance.isdisjoint({OPIOIDS, UNSURE})


def has_sedatives(answers: QuestionnaireAnswers) -> bool:
    """Alcohol or benzodiazepines: withdrawal from them can be fatal."""
    return bool(answers.substance & SEDATIVES)


def may_be_sedatives(answers: QuestionnaireAnswers) -> bool:
    """Alcohol or benzodiazepines may be among it, so withdrawal must be watched."""
    return has_sedatives(answers) or UNSURE in answers.substance


def uses_street_drugs_or_pills(answers: QuestionnaireAnswers) -> bool:
    """Anything but alcohol: fentanyl may be in it."""
    drugs = {OPIOIDS, BENZODIAZEPINES, STIMULANTS, OTHER, UNSURE}
    return not answers.substance.isdisjoint(drugs)


def is_on_opioid_medication(answers: QuestionnaireAnswers) -> bool:
    return answers.medication in OPIOID_MEDICATIONS


def may_lose_tolerance(answers: QuestionnaireAnswers) -> bool:
    """Opioids, or a medication in their place, may be among it."""
    return may_be_opioids(answers) or answers.medication in (*OPIOID_MEDICATIONS, NALTREXONE)


def takes_naltrexone_and_opioids(answers: QuestionnaireAnswers) -> bool:
    return answers.medication == NALTREXONE and has_opioids(answers)


def may_be_pregnant(answers: QuestionnaireAnswers) -> bool:
    return answers.pregnant != NO


def may_be_teen(answers: QuestionnaireAnswers) -> bool:
    return answers.age in (TEEN, UNSURE)


def is_sick_without(answers: QuestionnaireAnswers) -> bool:
    return answers.shaking in (NOW, BEFORE)


def is_in_dangerous_withdrawal(answers: QuestionnaireAnswers) -> bool:
    """In withdrawal now, from what can kill or while pregnant."""
    is_pregnant = answers.pregnant == YES and may_be_opioids(answers)
    return answers.shaking == NOW and (may_be_sedatives(answers) or is_pregnant)


def leaves_safety_open(answers: QuestionnaireAnswers) -> bool:
    """Something is not settled that bears on where withdrawal is safe."""
    deciding = SAFETY_QUESTIONS | ({"pregnant"} if has_sedatives(answers) else set())
    return not deciding.isdisjoint(answers.open())


def is_settled_and_mild(answers: QuestionnaireAnswers) -> bool:
    """Opioids alone, not sick without, no hazard of any kind, and a safe home where one stays."""
    return (
        answers.substance == {OPIOIDS}
        and answers.shaking == NO
        and answers.danger != YES
        and not may_be_teen(answers)
        and all(getattr(answers, name) == NO for name in NO_HAZARD)
        and answers.home == answers.company == YES
        and answers.medication in (NO, BUPRENORPHINE)
    )
