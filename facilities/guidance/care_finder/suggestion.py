"""Turns answers into a headline, a setting, reasons, warnings and prepared searches. No I/O."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .care_settings import CareSetting, Headline
from .predicates import (
    OPIOID_MEDICATIONS,
    has_opioids,
    may_be_opioids,
    may_be_pregnant,
    may_be_sedatives,
    takes_naltrexone_and_opioids,
)
from .questionnaire import (
    ADULT,
    MEDICAID,
    MEDICARE,
    NALTREXONE,
    NOTHING,
    PRIVATE,
    TEEN,
    TRICARE,
    YES,
    YOUNG,
    QuestionnaireAnswers,
)
from .rule_types import CareFinderRule, RuleKind
from .rules import RULES

Parameters = tuple[tuple[str, str], ...]

WATCHED_DETOX = ("outpatient-detox", "overnight-detox")  # few places offer the first
OUTPATIENT_CARE = ("regular-outpatient", "intensive-outpatient")
RESIDENTIAL_CARE = ("short-term-residential", "long-term-residential")
MEDICATION_ANSWERS = (*OPIOID_MEDICATIONS, NALTREXONE)
CAN_WAIT = {"illness", "mental"}
AGES = {TEEN: "children", YOUNG: "age-18-to-25", ADULT: "adults"}
# No insurance is every way to pay little or nothing, never cash alone.
PAYMENTS = {
    MEDICAID: ("medicaid",),
    MEDICARE: ("medicare",),
    PRIVATE: ("private-insurance",),
    TRICARE: ("tricare",),
    NOTHING: (
        "sliding-scale",
        "payment-assistance",
        "government-funding",
        "samhsa-funding",
        "no-payment",
    ),
}
# The list says whether a place takes private insurance or Medicaid, not which plan.
PAYMENT_QUESTIONS = {
    MEDICAID: _("Do you take my Medicaid plan?"),
    MEDICARE: _("Do you take my Medicare plan?"),
    PRIVATE: _("Do you take my insurance plan? (Ask your plan too: say the facility’s name.)"),
    TRICARE: _("Do you take TRICARE, and do I need a referral?"),
    NOTHING: _("What would I pay without insurance, and is there help?"),
}


@dataclass(frozen=True)
class PreparedSearch:
    """A search of the list: what it is for, and its parameters without a place."""

    slug: str
    heading: str
    parameters: Parameters


@dataclass(frozen=True)
class CareSuggestion:
    """What to look for first. A clinician decides.

    ``first_reasons`` are the rules that led to ``headline``, ``reasons`` those that led to
    ``setting``. ``searches`` stand in the order in which to look.
    """

    headline: Headline
    setting: CareSetting
    dangers: tuple[CareFinderRule, ...]
    first_reasons: tuple[CareFinderRule, ...]
    reasons: tuple[CareFinderRule, ...]
    medications: tuple[CareFinderRule, ...]
    for_teens: tuple[CareFinderRule, ...]
    warnings: tuple[CareFinderRule, ...]
    searches: tuple[PreparedSearch, ...]
    open_questions: tuple[str, ...]
    payment_question: str

    @property
    def label(self) -> str:
        return self.headline.label or self.setting.label

    @property
    def is_setting_second(self) -> bool:
        return self.headline is not Headline.SETTING

    @property
    def emergency_room_first(self) -> bool:
        return self.setting is CareSetting.HOSPITAL

    @property
    def is_emergency(self) -> bool:
        """Whether to go there now: for more than another illness, which can wait for a bed."""
        return self.emergency_room_first and not {rule.slug for rule in self.reasons} <= CAN_WAIT

    @property
    def rules(self) -> tuple[CareFinderRule, ...]:
        return (
            *self.first_reasons,
            *self.reasons,
            *self.for_teens,
            *self.medications,
            *self.warnings,
        )

    @property
    def questions_to_ask(self) -> tuple[str, ...]:
        rules = (*self.for_teens, *self.medications, *self.reasons, *self.warnings)
        asked = (*dict.fromkeys(rule.ask for rule in rules if rule.ask), self.setting.ask)
        return (*asked, self.payment_question) if self.payment_question else asked


def suggest_care(
    answers: QuestionnaireAnswers, rules: Iterable[CareFinderRule] = RULES
) -> CareSuggestion:
    """Take headline and setting from the first rules that apply, and advice from all that apply.

    If no rule decides, take the safer way: a place with staff day and night.
    """
    applying = [rule for rule in rules if rule.applies(answers)]
    leading = next((rule for rule in applying if rule.kind is RuleKind.HEADLINE), None)
    deciding = [rule for rule in applying if rule.kind is RuleKind.SETTING]
    headline = leading.headline if leading else Headline.SETTING
    setting = deciding[0].setting if deciding else CareSetting.OVERNIGHT

    def of_kind(kind: RuleKind) -> tuple[CareFinderRule, ...]:
        return tuple(rule for rule in applying if rule.kind is kind)

    return CareSuggestion(
        headline=headline,
        setting=setting,
        dangers=of_kind(RuleKind.DANGER),
        first_reasons=(leading,) if leading and headline is not Headline.SETTING else (),
        reasons=tuple(rule for rule in deciding if rule.setting is setting),
        medications=of_kind(RuleKind.MEDICATION),
        for_teens=of_kind(RuleKind.TEEN),
        warnings=of_kind(RuleKind.WARNING),
        searches=tuple(prepared_searches(headline, setting, answers, applying)),
        open_questions=answers.open(),
        payment_question=PAYMENT_QUESTIONS.get(answers.payment, ""),
    )


def prepared_searches(
    headline: Headline,
    setting: CareSetting,
    answers: QuestionnaireAnswers,
    applying: Iterable[CareFinderRule],
) -> Iterator[PreparedSearch]:
    """Order by the headline: medication in any setting first, or the setting first."""
    is_watched = headline.is_watched and setting is not CareSetting.HOSPITAL
    in_setting = PreparedSearch(
        "setting",
        headline.label if is_watched else setting.label,
        (
            *dict.fromkeys(setting_parameters(setting, answers, applying)),
            *person_parameters(answers),
        ),
    )
    found = [in_setting]
    if medication := tuple(medication_parameters(answers)):
        heading = medication_heading(headline, answers)
        search = PreparedSearch("medication", heading, (*medication, *person_parameters(answers)))
        found.insert(0 if headline.is_medication else 1, search)
    yield from found
    if answers.age == TEEN:
        of_any_age = (pair for pair in found[0].parameters if pair != ("people", AGES[TEEN]))
        yield PreparedSearch(
            "adults", _("Places for adults: ask whether they take your age"), (*of_any_age,)
        )


def medication_heading(headline: Headline, answers: QuestionnaireAnswers) -> str:
    if takes_naltrexone_and_opioids(answers):
        return _("Start methadone or buprenorphine")
    if answers.medication in MEDICATION_ANSWERS:
        return _("Stay on your medication")
    if headline.is_watched:
        return _("Medication for opioid use, beside that care")
    return _("Start methadone or buprenorphine")


def setting_parameters(
    setting: CareSetting, answers: QuestionnaireAnswers, applying: Iterable[CareFinderRule]
) -> Iterator[tuple[str, str]]:
    for rule in applying:
        yield from rule.search
    yield from (("setting", slug) for slug in care_settings_to_search(setting, answers))
    medication = tuple(medication_parameters(answers))
    yield from medication
    # Where a stay could end in detox alone, only places that give the medication after it too.
    stays = setting in (CareSetting.HOSPITAL, CareSetting.OVERNIGHT)
    if stays and any(name == "starts" for name, _slug in medication):
        yield from (("keeps", f"keep-{name}") for name in OPIOID_MEDICATIONS)


def care_settings_to_search(setting: CareSetting, answers: QuestionnaireAnswers) -> tuple[str, ...]:
    """Include detox only if the body must be watched while it clears."""
    if setting is CareSetting.HOSPITAL:
        return ("hospital-inpatient",)
    if setting is not CareSetting.OVERNIGHT:
        return WATCHED_DETOX if may_be_sedatives(answers) else OUTPATIENT_CARE
    if may_be_sedatives(answers):
        return ("overnight-detox",)
    if has_opioids(answers) and may_be_pregnant(answers):  # medication, not detox
        return ("hospital-inpatient", *RESIDENTIAL_CARE)
    return ("overnight-detox", *RESIDENTIAL_CARE) if has_opioids(answers) else RESIDENTIAL_CARE


def medication_parameters(answers: QuestionnaireAnswers) -> Iterator[tuple[str, str]]:
    """Ask for the person's medication, or for opioids the start of one.

    A person who takes naltrexone and uses opioids starts another.
    """
    if answers.medication in MEDICATION_ANSWERS and not takes_naltrexone_and_opioids(answers):
        yield "keeps", f"keep-{answers.medication}"
        yield "keeps", "accepts-opioid-medication"
    elif may_be_opioids(answers):
        yield from (("starts", f"start-{name}") for name in OPIOID_MEDICATIONS)


def person_parameters(answers: QuestionnaireAnswers) -> Iterator[tuple[str, str]]:
    """Ask for age and payment; pregnancy prefers a tailored program and requires none."""
    if answers.age in AGES:
        yield "people", AGES[answers.age]
    if answers.pregnant == YES:
        yield "prefers", "pregnant-program"
    yield from (("payment", slug) for slug in PAYMENTS.get(answers.payment, ()))
