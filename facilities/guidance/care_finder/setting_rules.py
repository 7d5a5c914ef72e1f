"""Which answers lead to which setting, from the most supervision to the least."""

from django.utils.translation import gettext_lazy as _

from . import citations
from .care_settings import CareSetting
from .predicates import (
    has_sedatives,
    is_in_dangerous_withdrawal,
    is_settled_and_mild,
    is_sick_without,
    leaves_safety_open,
    may_be_pregnant,
    may_be_teen,
)
from .questionnaire import NO, YES
from .rule_types import TAKEN_FIRST, CareFinderRule, RuleKind


def setting_rule(setting: CareSetting, slug: str, applies, words: tuple[str, str], source, **more):
    return CareFinderRule(slug, RuleKind.SETTING, applies, *words, source, setting=setting, **more)


SETTING_RULES = (
    setting_rule(
        CareSetting.HOSPITAL, "suicide", lambda answers: answers.suicide == YES,
        (
            _("Thoughts of suicide or self-harm"),
            _("With thoughts of suicide, you should not be alone. A hospital can keep you safe."),
        ),
        citations.SAMHSA_DETOX,
        ask=_("Can someone see me today about thoughts of suicide?"),
    ),
    setting_rule(
        CareSetting.HOSPITAL, "in-withdrawal", is_in_dangerous_withdrawal,
        (
            _("In withdrawal now from alcohol or benzodiazepines, or while pregnant"),
            _("Withdrawal has begun. A hospital can watch it and treat it."),
        ),
        citations.ASAM_ALCOHOL,
        ask=_("I am in withdrawal now. How soon can someone see me?"),
    ),
    setting_rule(
        CareSetting.HOSPITAL, "seizures", lambda answers: answers.seizures == YES,
        (
            _("A seizure or delirium in an earlier withdrawal"),
            _("Get medical care first. A seizure or delirium can kill. A hospital can treat it."),
        ),
        citations.ASAM_ALCOHOL,
        ask=_("I had a seizure or delirium before. Can you take me, and who watches at night?"),
    ),
    setting_rule(
        CareSetting.HOSPITAL, "illness", lambda answers: answers.illness == YES,
        (
            _("Heart disease or another serious illness"),
            _("Withdrawal puts strain on the body. A hospital can treat your illness as well."),
        ),
        citations.SAMHSA_DETOX,
        ask=_("Can you treat my other illness while I am there?"),
    ),
    setting_rule(
        CareSetting.HOSPITAL, "mental", lambda answers: answers.mental == YES,
        (
            _("A serious mental health condition"),
            _("Both conditions need care together. A hospital unit can treat both."),
        ),
        citations.SAMHSA_DETOX,
        ask=_("Do you treat mental health and substance use together?"),
    ),
    setting_rule(
        CareSetting.HOSPITAL, "pregnant-sedatives",
        lambda answers: answers.pregnant == YES and has_sedatives(answers),
        (
            _("Pregnant, and alcohol or benzodiazepines"),
            _("Get medical care first. Do not stop on your own. A hospital can watch over you."),
        ),
        citations.ASAM_ALCOHOL,
        ask=TAKEN_FIRST,
    ),
    setting_rule(
        CareSetting.OVERNIGHT, "several-sedatives",
        lambda answers: has_sedatives(answers) and len(answers.substance) > 1,
        (
            _("Alcohol or benzodiazepines together with something else"),
            _("With more than one substance, get medical care first, and let staff watch."),
        ),
        citations.ASAM_ALCOHOL,
    ),
    setting_rule(
        CareSetting.OVERNIGHT, "strong", is_sick_without,
        (
            _("Shaking, sweating or sick without it"),
            _("The stronger the dependence, the more help the first days take, at night too."),
        ),
        citations.SAMHSA_DETOX,
    ),
    setting_rule(
        CareSetting.OVERNIGHT, "home", lambda answers: answers.home == NO,
        (
            _("A home that is not safe or does not help"),
            _("It is hard to get better where it is not safe. Here you have a place to stay."),
        ),
        citations.SAMHSA_DETOX,
        ask=_("Where can I live after I leave you?"),
    ),
    setting_rule(
        CareSetting.OVERNIGHT, "sedatives-alone",
        lambda answers: has_sedatives(answers) and answers.company != YES,
        (
            _("Alcohol or benzodiazepines, and nobody sure to stay with you"),
            _("Nobody should go through withdrawal from alcohol or benzodiazepines alone."),
        ),
        citations.ASAM_ALCOHOL,
    ),
    setting_rule(
        CareSetting.OVERNIGHT, "open", leaves_safety_open,
        (
            _("A question about safety is open or “not sure”"),
            _("Something is still open. Until a clinician has asked you, plan the safer way."),
        ),
        citations.SAMHSA_DETOX,
    ),
    setting_rule(
        CareSetting.OUTPATIENT, "teen", may_be_teen,
        (
            _("17 or younger, or not sure"),
            _("Young people need care made for them, in person, and not on their own at home."),
        ),
        citations.SAMHSA_DETOX,
    ),
    setting_rule(
        CareSetting.OUTPATIENT, "pregnant", may_be_pregnant,
        (
            _("Pregnant, or not sure"),
            _("Care should go together with prenatal care, in person, and not at home alone."),
        ),
        citations.ACOG_PREGNANCY,
        ask=_("Do you work together with prenatal care?"),
    ),
    setting_rule(
        CareSetting.HOME, "settled", is_settled_and_mild,
        (
            _("Opioids alone, not sick without, no hazard, and a safe home where someone stays"),
            _("You told us of a milder case, no other danger, a safe home and someone who stays."),
        ),
        citations.SAMHSA_MEDICATIONS,
    ),
    setting_rule(
        CareSetting.OUTPATIENT, "milder", lambda answers: True,
        (
            _("None of the rules above"),
            _("From what you told us, visits while you live at home may be enough."),
        ),
        citations.SAMHSA_DETOX,
    ),
)  # fmt: skip
