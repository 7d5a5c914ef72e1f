"""The questions of the page that suggests a setting, and how their answers are read.

Every question may be left open. What is open, unknown or contradicts itself reads "unsure", and
the rules take "unsure" as the safer branch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from django.utils.translation import gettext_lazy as _

YES, NO, UNSURE = "yes", "no", "unsure"
OPIOIDS, ALCOHOL, BENZODIAZEPINES = "opioids", "alcohol", "benzodiazepines"
STIMULANTS, OTHER = "stimulants", "other"
MILD, STRONG = "mild", "strong"
METHADONE, BUPRENORPHINE, NALTREXONE = "methadone", "buprenorphine", "naltrexone"


@dataclass(frozen=True)
class Choice:
    """One answer to tick: its word in forms and addresses, its label, what it takes in."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class CareFinderQuestion:
    """One question; ``name`` is its parameter and the field of ``QuestionnaireAnswers``."""

    name: str
    text: str
    choices: tuple[Choice, ...]
    help: str = ""
    takes_several: bool = False

    @property
    def is_short(self) -> bool:
        """Whether its choices stand beside each other on one line."""
        return self.choices is YES_OR_NO

    def reads(self, value: str) -> bool:
        return any(choice.value == value for choice in self.choices)


@dataclass(frozen=True)
class QuestionnaireAnswers:
    """What a person told us. Each field holds a value of its question's choices."""

    substance: frozenset[str] = frozenset({UNSURE})
    dependence: str = UNSURE
    seizures: str = UNSURE
    illness: str = UNSURE
    mental: str = UNSURE
    suicide: str = UNSURE
    pregnant: str = UNSURE
    minor: str = UNSURE
    home: str = UNSURE
    company: str = UNSURE
    medication: str = UNSURE

    def open(self) -> tuple[str, ...]:
        """The names of the questions that are not settled, in the page's order."""
        return tuple(
            question.name
            for question in QUESTIONS
            if UNSURE in as_values(getattr(self, question.name))
        )


@dataclass(frozen=True)
class ParsedAnswers:
    """Answers, and which of them could not be read and were taken as "unsure"."""

    answers: QuestionnaireAnswers
    unread: tuple[str, ...]


NOT_SURE = Choice(UNSURE, _("Not sure"))
YES_OR_NO = (Choice(YES, _("Yes")), Choice(NO, _("No")), NOT_SURE)

QUESTIONS = (
    CareFinderQuestion(
        "substance", _("What is being used?"),
        (
            Choice(OPIOIDS, _("Opioids"), _("heroin, fentanyl, pain pills such as oxycodone")),
            Choice(ALCOHOL, _("Alcohol")),
            Choice(
                BENZODIAZEPINES, _("Benzodiazepines"), _("such as Xanax, Klonopin, Valium, Ativan")
            ),
            Choice(STIMULANTS, _("Cocaine or methamphetamine"), _("powder, crack, meth")),
            Choice(OTHER, _("Something else")),
            NOT_SURE,
        ),
        _("Tick all that apply."),
        takes_several=True,
    ),
    CareFinderQuestion(
        "dependence", _("How hard is it to go without?"),
        (
            Choice(MILD, _("A little hard: a day without it does not make you sick")),
            Choice(STRONG, _("Very hard: you feel sick or cannot get through a day without it")),
            NOT_SURE,
        ),
    ),
    CareFinderQuestion(
        "seizures", _("Did stopping ever bring on a seizure or delirium?"), YES_OR_NO,
        _("Delirium is being very confused, or seeing or hearing things that are not there."),
    ),
    CareFinderQuestion(
        "illness", _("Is there heart disease or another serious illness?"), YES_OR_NO,
        _("Such as a disease of the lungs, liver or kidneys."),
    ),
    CareFinderQuestion(
        "mental", _("Is there a serious mental health condition?"), YES_OR_NO,
        _("Such as bipolar disorder, psychosis or severe depression."),
    ),
    CareFinderQuestion(
        "suicide", _("Are there thoughts of suicide or self-harm?"), YES_OR_NO,
        _("You can call or text 988 at any hour, whatever you answer here."),
    ),
    CareFinderQuestion(
        "pregnant", _("Pregnant, or maybe pregnant?"), YES_OR_NO,
        _("If it cannot be, answer “No”."),
    ),
    CareFinderQuestion("minor", _("Younger than 18?"), YES_OR_NO),
    CareFinderQuestion("home", _("Is home safe, with people who want this to go well?"), YES_OR_NO),
    CareFinderQuestion(
        "company", _("Can someone stay there day and night for the first days?"), YES_OR_NO
    ),
    CareFinderQuestion(
        "medication", _("On one of these medications now?"),
        (
            Choice(NO, _("No")),
            Choice(METHADONE, _("Methadone")),
            Choice(BUPRENORPHINE, _("Buprenorphine"), _("such as Suboxone, Sublocade, Brixadi")),
            Choice(NALTREXONE, _("Naltrexone"), _("such as Vivitrol")),
            NOT_SURE,
        ),
    ),
)  # fmt: skip


def as_values(answer: str | frozenset[str]) -> frozenset[str]:
    return frozenset({answer}) if isinstance(answer, str) else answer


def parse_answers(given: Iterable[tuple[str, list[str]]]) -> ParsedAnswers:
    """The answers in a form's (name, values); parameters of other names are not looked at."""
    values_of = dict(given)
    read_answers, unread = {}, []
    for question in QUESTIONS:
        values = [value for value in values_of.get(question.name, ()) if value]
        known = frozenset(value for value in values if question.reads(value))
        is_read = len(known) == len(set(values)) and (question.takes_several or len(known) < 2)
        if not is_read:
            unread.append(question.name)
        if question.takes_several:
            read_answers[question.name] = known if known and is_read else known | {UNSURE}
        elif known and is_read:
            (read_answers[question.name],) = known
    return ParsedAnswers(QuestionnaireAnswers(**read_answers), tuple(unread))


def as_pairs(answers: QuestionnaireAnswers) -> Iterator[tuple[str, str]]:
    """The answers as parameters, as a form or an address carries them; "unsure" is left out.

    The exception is "unsure" beside other substances: it says that there may be more of them.
    """
    for field in fields(QuestionnaireAnswers):
        values = as_values(getattr(answers, field.name))
        if values != {UNSURE}:
            yield from ((field.name, value) for value in sorted(values))
