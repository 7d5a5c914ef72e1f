"""From answers to a suggested setting with its reasons, warnings and a prepared search: pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .care_settings import Setting
from .predicates import has_opioids, has_sedatives, may_be_opioids, may_be_pregnant
from .questionnaire import BUPRENORPHINE, METHADONE, NALTREXONE, UNSURE, YES, QuestionnaireAnswers
from .rule_types import CareFinderRule, Kind
from .rules import RULES

Parameters = tuple[tuple[str, str], ...]

OUTPATIENT_CARE = ("regular-outpatient", "intensive-outpatient")
RESIDENTIAL_CARE = ("short-term-residential", "long-term-residential")
COMES_FIRST = (METHADONE, BUPRENORPHINE)
MEDICATIONS = (*COMES_FIRST, NALTREXONE)


@dataclass(frozen=True)
class Suggestion:
    """What to look for first. A clinician decides.

    ``reasons`` are the rules that led to ``setting``. ``search`` and ``medication_search`` are
    parameters of the search page; the second asks for medication in any setting, and is empty
    where opioids are no part of it. ``needs_watching``: withdrawal from alcohol or sedatives may be
    part of it, so that medication for opioids stands beside the setting and never in its place.
    """

    setting: Setting
    reasons: tuple[CareFinderRule, ...]
    warnings: tuple[CareFinderRule, ...]
    medications_first: tuple[CareFinderRule, ...]
    search: Parameters
    medication_search: Parameters
    needs_watching: bool
    open_questions: tuple[str, ...]

    @property
    def questions_to_ask(self) -> tuple[str, ...]:
        """What to ask on the phone: of every rule that applied, and of the setting."""
        rules = (*self.medications_first, *self.reasons, *self.warnings)
        return (*dict.fromkeys(rule.ask for rule in rules if rule.ask), self.setting.ask)


def suggest(answers: QuestionnaireAnswers, rules: Iterable[CareFinderRule] = RULES) -> Suggestion:
    """The setting of the first rule that applies, and what all that apply say.

    Where no rule decides, the safer way: a place with staff day and night.
    """
    applying = [rule for rule in rules if rule.applies(answers)]
    deciding = [rule for rule in applying if rule.kind is Kind.SETTING]
    setting = deciding[0].setting if deciding else Setting.OVERNIGHT
    return Suggestion(
        setting=setting,
        reasons=tuple(rule for rule in deciding if rule.setting is setting),
        warnings=tuple(rule for rule in applying if rule.kind is Kind.WARNING),
        medications_first=tuple(rule for rule in applying if rule.kind is Kind.MEDICATION),
        search=tuple(dict.fromkeys(search_parameters(setting, answers, applying))),
        medication_search=tuple(medication_search_parameters(answers)),
        needs_watching=needs_watched_withdrawal(answers),
        open_questions=answers.open(),
    )


def search_parameters(
    setting: Setting, answers: QuestionnaireAnswers, applying: Iterable[CareFinderRule]
) -> Iterator[tuple[str, str]]:
    for rule in applying:
        yield from rule.search
    yield from (("setting", slug) for slug in care_settings_to_search(setting, answers))
    yield from medication_parameters(setting, answers)
    yield from people_parameters(answers)


def care_settings_to_search(setting: Setting, answers: QuestionnaireAnswers) -> tuple[str, ...]:
    """The kinds of care to look for; detox only where the body must be watched while it clears."""
    if setting is Setting.HOSPITAL:
        return ("hospital-inpatient",)
    if setting is not Setting.OVERNIGHT:
        return ("outpatient-detox",) if needs_watched_withdrawal(answers) else OUTPATIENT_CARE
    if avoids_opioid_detox(answers):
        return ("hospital-inpatient", *RESIDENTIAL_CARE)
    if needs_watched_withdrawal(answers):
        return ("overnight-detox",)
    return ("overnight-detox", *RESIDENTIAL_CARE) if has_opioids(answers) else RESIDENTIAL_CARE


def needs_watched_withdrawal(answers: QuestionnaireAnswers) -> bool:
    """Alcohol or benzodiazepines may be part of it: withdrawal from them can be fatal."""
    return has_sedatives(answers) or UNSURE in answers.substance


def avoids_opioid_detox(answers: QuestionnaireAnswers) -> bool:
    """In pregnancy medication is recommended over detox from opioids."""
    if answers.pregnant == YES:
        return may_be_opioids(answers)
    return may_be_pregnant(answers) and has_opioids(answers)


def medication_parameters(
    setting: Setting, answers: QuestionnaireAnswers
) -> Iterator[tuple[str, str]]:
    """Where a stay could end in detox alone, only places that give the medication after it too."""
    if answers.medication in MEDICATIONS:
        yield from keep_medication_parameters(answers.medication)
    elif has_opioids(answers):
        yield from start_medication_parameters()
        if setting in (Setting.HOSPITAL, Setting.OVERNIGHT):
            yield from (("keeps", f"keep-{name}") for name in COMES_FIRST)


def start_medication_parameters() -> Iterator[tuple[str, str]]:
    yield from (("starts", f"start-{name}") for name in COMES_FIRST)


def keep_medication_parameters(medication: str) -> Iterator[tuple[str, str]]:
    """Who gives it, or accepts people whose medication somebody else prescribes."""
    yield "keeps", f"keep-{medication}"
    yield "keeps", "accepts-opioid-medication"


def people_parameters(answers: QuestionnaireAnswers) -> Iterator[tuple[str, str]]:
    if answers.minor == YES:
        yield "people", "children"
    if answers.pregnant == YES:
        yield "people", "pregnant-program"


def medication_search_parameters(answers: QuestionnaireAnswers) -> Iterator[tuple[str, str]]:
    """The person's medication, or for opioids the start of one, in any setting."""
    if answers.medication in MEDICATIONS:
        yield from keep_medication_parameters(answers.medication)
    elif may_be_opioids(answers):
        yield from start_medication_parameters()
    else:
        return
    yield from people_parameters(answers)
