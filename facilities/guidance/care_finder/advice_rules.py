"""What a person must be told whatever the setting: medication first, and what can be fatal."""

from django.utils.translation import gettext_lazy as _

from . import citations
from .predicates import has_opioids, has_sedatives, may_be_opioids, may_be_pregnant
from .questionnaire import (
    ALCOHOL,
    BENZODIAZEPINES,
    BUPRENORPHINE,
    METHADONE,
    NALTREXONE,
    NO,
    STIMULANTS,
    UNSURE,
)
from .rule_types import TAKEN_FIRST, CareFinderRule, Kind

MEDICATION_RULES = (
    CareFinderRule(
        "pregnant-opioids", Kind.MEDICATION,
        lambda answers: may_be_pregnant(answers) and may_be_opioids(answers),
        _("Pregnant, or not sure, and opioids, or not sure what"),
        _(
            "If you are pregnant, do not stop opioids suddenly. Methadone or buprenorphine "
            "with prenatal care is recommended over detox."
        ),
        citations.ACOG_PREGNANCY,
        ask=TAKEN_FIRST,
    ),
    CareFinderRule(
        "opioids", Kind.MEDICATION, may_be_opioids,
        _("Opioids, or not sure what"),
        _(
            "For opioids, methadone or buprenorphine comes first. You need no detox before "
            "either. Detox without medication that goes on after it is not recommended."
        ),
        citations.ASAM_OPIOIDS,
        ask=_(
            "Can I get methadone or buprenorphine with you, and still get it after I leave?"
        ),
    ),
    CareFinderRule(
        "naltrexone", Kind.MEDICATION, has_opioids,
        _("Opioids"),
        _(
            "Naltrexone is different. It starts only after 7 to 10 days without opioids. After "
            "methadone or buprenorphine the wait can be two weeks."
        ),
        citations.SAMHSA_MEDICATIONS,
    ),
    CareFinderRule(
        "on-medication", Kind.MEDICATION,
        lambda answers: answers.medication in (METHADONE, BUPRENORPHINE, NALTREXONE),
        _("On methadone, buprenorphine or naltrexone now"),
        _(
            "Stay on your medication. Do not stop it to get into a program. Any change is for "
            "you and the person who prescribes it."
        ),
        citations.ASAM_OPIOIDS,
        ask=_("Will you keep me on my medication, every day and from the first day?"),
    ),
    CareFinderRule(
        "may-be-on-medication", Kind.MEDICATION, lambda answers: answers.medication == UNSURE,
        _("Not sure about medication now"),
        _(
            "If you take methadone, buprenorphine or naltrexone, stay on it. Any change is for "
            "you and the person who prescribes it."
        ),
        citations.ASAM_OPIOIDS,
    ),
    CareFinderRule(
        "disability-act", Kind.MEDICATION, lambda answers: answers.medication != NO,
        _("On medication now, or not sure"),
        _(
            "A center that turns you away because of a prescribed medication may break the "
            "Americans with Disabilities Act (ADA)."
        ),
        citations.JUSTICE_ADA,
    ),
)  # fmt: skip

WARNING_RULES = (
    CareFinderRule(
        "sedatives", Kind.WARNING,
        lambda answers: has_sedatives(answers) or UNSURE in answers.substance,
        _("Alcohol or benzodiazepines, or not sure what"),
        _("Withdrawal from alcohol or benzodiazepines can be fatal. Never stop suddenly alone."),
        citations.ASAM_ALCOHOL,
    ),
    CareFinderRule(
        "benzodiazepines", Kind.WARNING, lambda answers: BENZODIAZEPINES in answers.substance,
        _("Benzodiazepines"),
        _("A clinician lowers the dose of a benzodiazepine step by step. Do not do it alone."),
        citations.FDA_BENZODIAZEPINES,
        search=(("substance", "benzodiazepine-detox"),),
        ask=_("Do you manage withdrawal from benzodiazepines, and how slowly?"),
    ),
    CareFinderRule(
        "alcohol", Kind.WARNING, lambda answers: ALCOHOL in answers.substance,
        _("Alcohol"),
        _("Ask about medicine that helps after alcohol detox. Detox is only the first step."),
        citations.ALCOHOL_MEDICATION,
        search=(("substance", "alcohol-detox"),),
        ask=_("Which medicines for alcohol use do you offer after detox?"),
    ),
    CareFinderRule(
        "opioids-and-sedatives", Kind.WARNING,
        lambda answers: has_opioids(answers) and has_sedatives(answers),
        _("Opioids together with alcohol or benzodiazepines"),
        _(
            "Opioids with alcohol or benzodiazepines can stop your breath. Still, that is no "
            "reason to be refused methadone or buprenorphine: tell the clinician all you take."
        ),
        citations.FDA_NOT_WITHHELD,
    ),
    CareFinderRule(
        "opioid-taper", Kind.WARNING, has_opioids,
        _("Opioids"),
        _("Do not try to step down from heroin or fentanyl on your own."),
        citations.ASAM_OPIOIDS,
    ),
    CareFinderRule(
        "stimulants", Kind.WARNING, lambda answers: STIMULANTS in answers.substance,
        _("Cocaine or methamphetamine"),
        _(
            "No medication is approved for cocaine or meth use. Rewards for each step "
            "(contingency management) and counseling help most. If stopping makes you feel "
            "very low, call or text 988."
        ),
        citations.ASAM_STIMULANTS,
        ask=_("Do you offer contingency management?"),
    ),
    CareFinderRule(
        "suicide-line", Kind.WARNING, lambda answers: answers.suicide != NO,
        _("Thoughts of suicide or self-harm, or not sure"),
        _("Call or text 988 now if you think of suicide. Someone answers at any hour."),
        citations.LIFELINE,
    ),
    CareFinderRule(
        "tolerance", Kind.WARNING, lambda answers: True,
        _("Always"),
        _(
            "After days without opioids, the old dose can kill. The risk is highest in the first "
            "weeks after detox. Carry naloxone, and ask the people around you to."
        ),
        citations.ASAM_OPIOIDS,
    ),
)  # fmt: skip
