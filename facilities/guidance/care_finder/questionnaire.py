"""The questions of the page that suggests a setting, and how their answers are read.

Every question may be left open. What is open, unknown or contradicts itself reads "unsure", and
the rules take "unsure" as the safer branch.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from django.utils.translation import gettext_lazy as _

YES, NO, UNSURE = "yes", "no", "unsure"
ME, SOMEONE = "me", "someone"
TEEN, YOUNG, ADULT = "teen", "young", "adult"
OPIOIDS, ALCOHOL, BENZODIAZEPINES = "opioids", "alcohol", "benzodiazepines"
STIMULANTS, OTHER = "stimulants", "other"
DAY, DAYS, LONGER = "day", "days", "longer"
NOW, BEFORE = "now", "before"
METHADONE, BUPRENORPHINE, NALTREXONE = "methadone", "buprenorphine", "naltrexone"
MEDICAID, MEDICARE, PRIVATE, TRICARE, NOTHING = (
    "medicaid", "medicare", "private", "tricare", "nothing",
)  # fmt: skip
MAX_PLACE_LENGTH = 100


@dataclass(frozen=True)
class AnswerChoice:
    """One answer to tick: its word in forms and addresses, its label, what it takes in."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class CareFinderQuestion:
    """One question; ``name`` is its parameter and the field of ``QuestionnaireAnswers``.

    A question without choices takes a line of text.
    """

    name: str
    text: str
    choices: tuple[AnswerChoice, ...] = ()
    help: str = ""
    takes_several: bool = False

    @property
    def is_short(self) -> bool:
        return self.choices is YES_OR_NO

    def reads(self, value: str) -> bool:
        if not self.choices:
            return len(value) <= MAX_PLACE_LENGTH and value.isprintable()
        return any(choice.value == value for choice in self.choices)


@dataclass(frozen=True)
class QuestionScreen:
    """What the page shows at a time: a question, or a few that belong together.

    ``about_withdrawal``: it is passed over where no withdrawal is to be watched.
    """

    slug: str
    text: str
    questions: tuple[CareFinderQuestion, ...]
    about_withdrawal: bool = False


@dataclass(frozen=True)
class QuestionnaireAnswers:
    """What a person told us. Each field holds a value of its question's choices."""

    danger: str = UNSURE
    person: str = UNSURE
    age: str = UNSURE
    substance: frozenset[str] = frozenset({UNSURE})
    last_use: str = UNSURE
    shaking: str = UNSURE
    seizures: str = UNSURE
    medication: str = UNSURE
    pregnant: str = UNSURE
    suicide: str = UNSURE
    illness: str = UNSURE
    mental: str = UNSURE
    home: str = UNSURE
    company: str = UNSURE
    place: str = ""
    payment: str = UNSURE

    def open(self) -> tuple[str, ...]:
        """The names of the questions that are not settled, in the page's order.

        Questions about withdrawal are not open if they need not be answered.
        """
        return tuple(
            question.name
            for screen in SCREENS
            if not screen.about_withdrawal or self.has_withdrawal_to_watch
            for question in screen.questions
            if question.name not in MAY_STAY_OPEN
            and UNSURE in as_answer_set(getattr(self, question.name))
        )

    @property
    def has_withdrawal_to_watch(self) -> bool:
        """Whether stopping may make sick: anything but cocaine and meth."""
        return self.substance != {STIMULANTS}


@dataclass(frozen=True)
class ParsedAnswers:
    """Answers, and which of them could not be read and were taken as "unsure"."""

    answers: QuestionnaireAnswers
    unread: tuple[str, ...]


NOT_SURE = AnswerChoice(UNSURE, _("Not sure"))
YES_OR_NO = (AnswerChoice(YES, _("Yes")), AnswerChoice(NO, _("No")), NOT_SURE)
# They decide where the list looks and what is told first, not which care is safe.
MAY_STAY_OPEN = frozenset({"danger", "person", "last_use", "place", "payment"})

SCREENS = (
    QuestionScreen(
        "danger",
        _("Is anyone in danger right now?"),
        (
            CareFinderQuestion(
                "danger",
                _("Is anyone in danger right now?"),
                (AnswerChoice(YES, _("Yes")), AnswerChoice(NO, _("No"))),
                _(
                    "Cannot be woken, not breathing well, blue or gray lips, a seizure, severe "
                    "confusion, seeing things that are not there, or violence."
                ),
            ),
        ),
    ),
    QuestionScreen(
        "person",
        _("Who is it for?"),
        (
            CareFinderQuestion(
                "person",
                _("Who needs care?"),
                (AnswerChoice(ME, _("I do")), AnswerChoice(SOMEONE, _("Someone else"))),
                _("From here on, “you” is the person who needs care."),
            ),
            CareFinderQuestion(
                "age",
                _("How old is the person who needs care?"),
                (
                    AnswerChoice(TEEN, _("17 or younger")),
                    AnswerChoice(YOUNG, _("18 to 25")),
                    AnswerChoice(ADULT, _("26 or older")),
                    NOT_SURE,
                ),
            ),
        ),
    ),
    QuestionScreen(
        "substance",
        _("What is being used?"),
        (
            CareFinderQuestion(
                "substance",
                _("What is being used?"),
                (
                    AnswerChoice(
                        OPIOIDS, _("Opioids"), _("heroin, fentanyl, pain pills such as oxycodone")
                    ),
                    AnswerChoice(ALCOHOL, _("Alcohol")),
                    AnswerChoice(
                        BENZODIAZEPINES,
                        _("Benzodiazepines"),
                        _("such as Xanax, Klonopin, Valium, Ativan"),
                    ),
                    AnswerChoice(
                        STIMULANTS, _("Cocaine or methamphetamine"), _("powder, crack, meth")
                    ),
                    AnswerChoice(OTHER, _("Something else")),
                    NOT_SURE,
                ),
                _("Tick all that apply."),
                takes_several=True,
            ),
        ),
    ),
    QuestionScreen(
        "withdrawal",
        _("What happens without it?"),
        (
            CareFinderQuestion(
                "last_use",
                _("When was the last use?"),
                (
                    AnswerChoice(DAY, _("In the last 24 hours")),
                    AnswerChoice(DAYS, _("One to three days ago")),
                    AnswerChoice(LONGER, _("Longer ago")),
                    NOT_SURE,
                ),
            ),
            CareFinderQuestion(
                "shaking",
                _("Shaking, sweating or sick without it?"),
                (
                    AnswerChoice(NOW, _("Yes, right now")),
                    AnswerChoice(BEFORE, _("Not now, but it happens")),
                    AnswerChoice(NO, _("No")),
                    NOT_SURE,
                ),
            ),
            CareFinderQuestion(
                "seizures",
                _("Did stopping ever bring on a seizure or delirium?"),
                YES_OR_NO,
                _(
                    "Delirium is being very confused, or seeing or hearing things that are not "
                    "there."
                ),
            ),
        ),
        about_withdrawal=True,
    ),
    QuestionScreen(
        "medication",
        _("Medication and pregnancy"),
        (
            CareFinderQuestion(
                "medication",
                _("On one of these medications now?"),
                (
                    AnswerChoice(NO, _("No")),
                    AnswerChoice(METHADONE, _("Methadone")),
                    AnswerChoice(
                        BUPRENORPHINE,
                        _("Buprenorphine"),
                        _("such as Suboxone, Sublocade, Brixadi"),
                    ),
                    AnswerChoice(NALTREXONE, _("Naltrexone"), _("such as Vivitrol")),
                    NOT_SURE,
                ),
            ),
            CareFinderQuestion(
                "pregnant",
                _("Pregnant, or maybe pregnant?"),
                YES_OR_NO,
                _("If it cannot be, answer “No”."),
            ),
        ),
    ),
    QuestionScreen(
        "suicide",
        _("Are there thoughts of suicide or self-harm?"),
        (
            CareFinderQuestion(
                "suicide",
                _("Are there thoughts of suicide or self-harm?"),
                YES_OR_NO,
                _("You can call or text 988 at any hour, whatever you answer here."),
            ),
        ),
    ),
    QuestionScreen(
        "health",
        _("Other illness, and home"),
        (
            CareFinderQuestion(
                "illness",
                _("Is there heart disease or another serious illness?"),
                YES_OR_NO,
                _("Such as a disease of the lungs, liver or kidneys."),
            ),
            CareFinderQuestion(
                "mental",
                _("Is there a serious mental health condition?"),
                YES_OR_NO,
                _("Such as bipolar disorder, psychosis or severe depression."),
            ),
            CareFinderQuestion(
                "home", _("Is home safe, with people who want this to go well?"), YES_OR_NO
            ),
            CareFinderQuestion(
                "company", _("Can someone stay there day and night for the first days?"), YES_OR_NO
            ),
        ),
    ),
    QuestionScreen(
        "place",
        _("Where, and how to pay?"),
        (
            CareFinderQuestion(
                "place",
                _("ZIP code, or city and state"),
                help=_("To show what is near. Leave it empty to look later."),
            ),
            CareFinderQuestion(
                "payment",
                _("How will care be paid for?"),
                (
                    AnswerChoice(MEDICAID, "Medicaid"),
                    AnswerChoice(MEDICARE, "Medicare"),
                    AnswerChoice(PRIVATE, _("Private insurance")),
                    AnswerChoice(TRICARE, _("TRICARE or another military plan")),
                    AnswerChoice(NOTHING, _("No insurance")),
                    AnswerChoice(UNSURE, _("Not sure: show every place")),
                ),
            ),
        ),
    ),
)
QUESTIONS = tuple(question for screen in SCREENS for question in screen.questions)

# Links that people kept from before have these parameters: (name, value) -> what they say today.
EARLIER_ANSWERS = {
    ("minor", YES): ("age", TEEN),
    ("minor", NO): ("age", ADULT),
    ("minor", UNSURE): ("age", UNSURE),
    ("dependence", "mild"): ("shaking", NO),
    ("dependence", "strong"): ("shaking", BEFORE),
    ("dependence", UNSURE): ("shaking", UNSURE),
}
EARLIER_NAMES = {earlier: name for (earlier, _value), (name, _today) in EARLIER_ANSWERS.items()}
PARAMETERS = frozenset({*EARLIER_NAMES, *(question.name for question in QUESTIONS)})


def as_answer_set(answer: str | frozenset[str]) -> frozenset[str]:
    return frozenset({answer}) if isinstance(answer, str) else answer


def parse_answers(given: Iterable[tuple[str, list[str]]]) -> ParsedAnswers:
    values_of = with_current_names(dict(given))
    read_answers, unread = {}, []
    for question in QUESTIONS:
        values = [value.strip() for value in values_of.get(question.name, ()) if value.strip()]
        known = frozenset(value for value in values if question.reads(value))
        is_read = len(known) == len(set(values)) and (question.takes_several or len(known) < 2)
        if not is_read:
            unread.append(question.name)
        if question.takes_several:
            read_answers[question.name] = known if known and is_read else known | {UNSURE}
        elif known and is_read:
            (read_answers[question.name],) = known
    return ParsedAnswers(QuestionnaireAnswers(**read_answers), tuple(unread))


def with_current_names(values_of: Mapping[str, list[str]]) -> dict[str, list[str]]:
    renamed = {name: [*values] for name, values in values_of.items() if name not in EARLIER_NAMES}
    for earlier, name in EARLIER_NAMES.items():
        for value in values_of.get(earlier, ()):
            _name, today = EARLIER_ANSWERS.get((earlier, value), (name, value))
            renamed.setdefault(name, []).append(today)
    return renamed


def answers_as_parameters(answers: QuestionnaireAnswers) -> Iterator[tuple[str, str]]:
    """Yield the answers as a form or an address carries them; "unsure" is left out.

    The exception is "unsure" beside other substances: it says that there may be more of them.
    """
    for field in fields(QuestionnaireAnswers):
        values = as_answer_set(getattr(answers, field.name))
        if values not in ({UNSURE}, {""}):
            yield from ((field.name, value) for value in sorted(values))
