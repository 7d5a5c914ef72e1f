"""Which danger comes before anything else, and what an answer says first."""

from django.utils.translation import gettext_lazy as _

from . import citations
from .care_settings import Headline
from .predicates import (
    has_opioids,
    has_sedatives,
    is_in_dangerous_withdrawal,
    is_on_opioid_medication,
    may_be_opioids,
    may_be_sedatives,
    takes_naltrexone_and_opioids,
)
from .questionnaire import NOW, YES
from .rule_types import CareFinderRule, RuleKind

DANGER_RULES = (
    CareFinderRule(
        "danger",
        RuleKind.DANGER,
        lambda answers: answers.danger == YES,
        _("Danger right now"),
        _("Call 911 first. Care can be looked for when the danger is over."),
        citations.CDC_RESPONSE,
        alert="a1",
    ),
    CareFinderRule(
        "suicide-first",
        RuleKind.DANGER,
        lambda answers: answers.suicide == YES,
        _("Thoughts of suicide or self-harm"),
        _("Call or text 988, or go to an emergency room, before you look at any list."),
        citations.LIFELINE,
        alert="a2",
    ),
    CareFinderRule(
        "withdrawal-first",
        RuleKind.DANGER,
        is_in_dangerous_withdrawal,
        _("In withdrawal now from alcohol or benzodiazepines, or while pregnant"),
        _("Go to an emergency room tonight, before you look at any list."),
        citations.MEDLINE_ALCOHOL,
        alert="a3",
    ),
)


def headline_rule(headline: Headline, slug: str, applies, words: tuple[str, str], source):
    return CareFinderRule(slug, RuleKind.HEADLINE, applies, *words, source, headline=headline)


HEADLINE_RULES = (
    headline_rule(
        Headline.WATCHED_AND_MEDICATION,
        "watched-and-medication",
        lambda answers: (
            may_be_sedatives(answers)
            and (may_be_opioids(answers) or is_on_opioid_medication(answers))
        ),
        (
            _("Opioids, and alcohol or benzodiazepines are or may be part of it"),
            _(
                "Withdrawal from alcohol or benzodiazepines can be fatal and must be watched. "
                "Medication for opioids goes with it: ask for both in one place."
            ),
        ),
        citations.ASAM_ALCOHOL,
    ),
    headline_rule(
        Headline.WATCHED,
        "watched",
        has_sedatives,
        (
            _("Alcohol or benzodiazepines, without opioids"),
            _("Withdrawal from alcohol or benzodiazepines can be fatal and must be watched."),
        ),
        citations.ASAM_ALCOHOL,
    ),
    headline_rule(
        Headline.NALTREXONE,
        "naltrexone-and-opioids",
        takes_naltrexone_and_opioids,
        (
            _("On naltrexone, and using opioids"),
            _(
                "Naltrexone needs 7 to 10 days without opioids, so the next dose is for the "
                "prescriber to decide. Say what you use, and ask about methadone or "
                "buprenorphine instead. When naltrexone wears off, the old dose can kill."
            ),
        ),
        citations.SAMHSA_MEDICATIONS,
    ),
    headline_rule(
        Headline.STAY,
        "stay",
        lambda answers: has_opioids(answers) and is_on_opioid_medication(answers),
        (
            _("Opioids alone, on methadone or buprenorphine now"),
            _(
                "Do not stop your medication. Tell whoever prescribes it what you still use: any "
                "change is for the two of you."
            ),
        ),
        citations.ASAM_OPIOIDS,
    ),
    headline_rule(
        Headline.TONIGHT,
        "tonight",
        lambda answers: has_opioids(answers) and answers.shaking == NOW,
        (
            _("Opioids alone, in withdrawal now"),
            _(
                "Emergency rooms are advised to offer buprenorphine and to say who goes on with "
                "it. Not every one does: call and ask. Methadone and buprenorphine stop "
                "withdrawal."
            ),
        ),
        citations.EMERGENCY_PHYSICIANS,
    ),
    headline_rule(
        Headline.START,
        "start",
        has_opioids,
        (
            _("Opioids alone"),
            _(
                "For opioids, methadone or buprenorphine comes first. You need no detox before "
                "either. Both stop withdrawal and craving."
            ),
        ),
        citations.ASAM_OPIOIDS,
    ),
    headline_rule(
        Headline.SETTING,
        "setting-first",
        lambda answers: True,
        (
            _("None of the rules above"),
            _("The kind of care below fits what you told us."),
        ),
        citations.SAMHSA_DETOX,
    ),
)
