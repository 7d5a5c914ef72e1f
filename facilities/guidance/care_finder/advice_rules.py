"""What every answer must say, whatever the setting: medication first, and what can be fatal."""

from django.utils.translation import gettext_lazy as _

from . import citations
from .predicates import (
    has_opioids,
    has_sedatives,
    is_on_opioid_medication,
    may_be_opioids,
    may_be_pregnant,
    may_be_sedatives,
    may_lose_tolerance,
    takes_naltrexone_and_opioids,
    uses_street_drugs_or_pills,
)
from .questionnaire import (
    ALCOHOL,
    BENZODIAZEPINES,
    LONGER,
    METHADONE,
    NALTREXONE,
    NO,
    NOW,
    SOMEONE,
    STIMULANTS,
    TEEN,
    UNSURE,
)
from .rule_types import TAKEN_FIRST, CareFinderRule, RuleKind

MEDICATION_RULES = (
    CareFinderRule(
        "pregnant-opioids", RuleKind.MEDICATION,
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
        "opioids", RuleKind.MEDICATION, may_be_opioids,
        _("Opioids, or not sure what"),
        _(
            "If it is opioids, you need no detox before methadone or buprenorphine. Detox without "
            "medication that goes on after it is not recommended."
        ),
        citations.ASAM_OPIOIDS,
        ask=_(
            "Can I get methadone or buprenorphine with you, and still get it after I leave?"
        ),
    ),
    CareFinderRule(
        "three-days", RuleKind.MEDICATION,
        lambda answers: may_be_opioids(answers) and answers.shaking == NOW,
        _("Opioids, or not sure what, in withdrawal now"),
        _(
            "A clinician may give medicine against opioid withdrawal for up to three days while "
            "care is arranged. Ask for it where you are seen first."
        ),
        citations.THREE_DAYS,
    ),
    CareFinderRule(
        "too-soon", RuleKind.MEDICATION,
        lambda answers: (
            has_opioids(answers)
            and answers.last_use != LONGER
            and not is_on_opioid_medication(answers)
        ),
        _("Opioids used in the last days, or not sure when"),
        _(
            "Buprenorphine too soon after fentanyl can bring on sudden withdrawal. Say when you "
            "last used, and let a clinician say when to start."
        ),
        citations.ASAM_HIGH_POTENCY,
    ),
    CareFinderRule(
        "naltrexone", RuleKind.MEDICATION,
        lambda answers: has_opioids(answers) and not takes_naltrexone_and_opioids(answers),
        _("Opioids, and not on naltrexone"),
        _(
            "Naltrexone is different. It starts only after 7 to 10 days without opioids. After "
            "methadone or buprenorphine the wait can be two weeks."
        ),
        citations.SAMHSA_MEDICATIONS,
    ),
    CareFinderRule(
        "naltrexone-while-using", RuleKind.MEDICATION, takes_naltrexone_and_opioids,
        _("On naltrexone, and using opioids"),
        _(
            "Do not stop or take naltrexone on your own now. When a dose is missed or it is "
            "stopped, the risk of an overdose is high."
        ),
        citations.SAMHSA_MEDICATIONS,
        ask=_("I am on naltrexone and used opioids. Can you see me soon and change my medication?"),
    ),
    CareFinderRule(
        "on-medication", RuleKind.MEDICATION,
        lambda answers: (
            is_on_opioid_medication(answers)
            or (answers.medication == NALTREXONE and not has_opioids(answers))
        ),
        _("On methadone, buprenorphine or naltrexone now"),
        _(
            "Stay on your medication. Do not stop it to get into a program. Any change is for "
            "you and the person who prescribes it."
        ),
        citations.ASAM_OPIOIDS,
        ask=_("Will you keep me on my medication, every day and from the first day?"),
    ),
    CareFinderRule(
        "missed-methadone", RuleKind.MEDICATION, lambda answers: answers.medication == METHADONE,
        _("On methadone now"),
        _(
            "Three or more days without methadone? Do not take the old dose. Your program sees "
            "you first."
        ),
        citations.SAMHSA_MEDICATIONS,
    ),
    CareFinderRule(
        "may-be-on-medication", RuleKind.MEDICATION, lambda answers: answers.medication == UNSURE,
        _("Not sure about medication now"),
        _(
            "If you take methadone, buprenorphine or naltrexone, stay on it. Any change is for "
            "you and the person who prescribes it."
        ),
        citations.ASAM_OPIOIDS,
    ),
    CareFinderRule(
        "disability-act", RuleKind.MEDICATION, lambda answers: answers.medication != NO,
        _("On medication now, or not sure"),
        _(
            "A center that turns you away because of a prescribed medication may break the "
            "Americans with Disabilities Act (ADA)."
        ),
        citations.JUSTICE_ADA,
    ),
)  # fmt: skip


def is_teen(answers) -> bool:
    return answers.age == TEEN


TEEN_RULES = (
    CareFinderRule(
        "teen-programs", RuleKind.TEEN, is_teen,
        _("17 or younger"),
        _("Ask first for a program made for teens. The list shows places that take teens."),
        citations.SAMHSA_DETOX,
        ask=_("Do you take people my age?"),
    ),
    CareFinderRule(
        "teen-consent", RuleKind.TEEN, is_teen,
        _("17 or younger"),
        _(
            "Who must agree, you or a parent, differs by state and by kind of care. Ask each "
            "place before you go."
        ),
        citations.MINORS_CONSENT,
        ask=_("Who must agree to this care in this state: I, a parent, or both?"),
    ),
    CareFinderRule(
        "teen-privacy", RuleKind.TEEN, is_teen,
        _("17 or younger"),
        _(
            "Where the state lets you agree alone, the program may not tell your parents without "
            "your written yes."
        ),
        citations.PATIENT_PRIVACY,
    ),
    CareFinderRule(
        "teen-pediatrician", RuleKind.TEEN, is_teen,
        _("17 or younger"),
        _(
            "Call your pediatrician or family doctor too. Pediatricians are advised to offer "
            "medication for opioid use."
        ),
        citations.PEDIATRICIANS,
    ),
    CareFinderRule(
        "teen-adult-places", RuleKind.TEEN, is_teen,
        _("17 or younger"),
        _(
            "Places for adults may still help. Call and ask whether they take your age, or who "
            "does. Buprenorphine is approved from age 16."
        ),
        citations.SUPPORT_SYSTEM,
    ),
)  # fmt: skip

WARNING_RULES = (
    CareFinderRule(
        "sedatives", RuleKind.WARNING, may_be_sedatives,
        _("Alcohol or benzodiazepines, or not sure what"),
        _(
            "Withdrawal from alcohol or benzodiazepines can be fatal. Do not stop suddenly. Get "
            "medical help first."
        ),
        citations.ASAM_ALCOHOL,
    ),
    CareFinderRule(
        "alcohol-hours", RuleKind.WARNING,
        lambda answers: ALCOHOL in answers.substance and answers.last_use != LONGER,
        _("Alcohol in the last days, or not sure when"),
        _(
            "Alcohol withdrawal usually starts within 8 hours of the last drink and is worst "
            "after one to three days. Feeling well now does not mean that it is over. A seizure, "
            "fever, severe confusion or seeing things: call 911."
        ),
        citations.MEDLINE_ALCOHOL,
    ),
    CareFinderRule(
        "benzodiazepines", RuleKind.WARNING, lambda answers: BENZODIAZEPINES in answers.substance,
        _("Benzodiazepines"),
        _("A clinician lowers the dose of a benzodiazepine step by step. Do not do it alone."),
        citations.FDA_BENZODIAZEPINES,
        search=(("substance", "benzodiazepine-detox"),),
        ask=_("Do you manage withdrawal from benzodiazepines, and how slowly?"),
    ),
    CareFinderRule(
        "alcohol", RuleKind.WARNING, lambda answers: ALCOHOL in answers.substance,
        _("Alcohol"),
        _("Ask about medicine that helps after alcohol detox. Detox is only the first step."),
        citations.ALCOHOL_MEDICATION,
        search=(("substance", "alcohol-detox"),),
        ask=_("Which medicines for alcohol use do you offer after detox?"),
    ),
    CareFinderRule(
        "opioids-and-sedatives", RuleKind.WARNING,
        lambda answers: has_opioids(answers) and has_sedatives(answers),
        _("Opioids together with alcohol or benzodiazepines"),
        _(
            "Opioids with alcohol or benzodiazepines can stop your breathing. Still, that is no "
            "reason to be refused methadone or buprenorphine: tell the clinician all you take."
        ),
        citations.FDA_NOT_WITHHELD,
    ),
    CareFinderRule(
        "opioid-taper", RuleKind.WARNING, has_opioids,
        _("Opioids"),
        _("Do not try to step down from heroin or fentanyl on your own."),
        citations.ASAM_OPIOIDS,
    ),
    CareFinderRule(
        "medetomidine", RuleKind.WARNING,
        lambda answers: has_opioids(answers) and answers.shaking == NOW,
        _("Opioids, in withdrawal now"),
        _(
            "A racing heart, shaking and vomiting within hours after fentanyl can threaten life: "
            "in some cities it is mixed with medetomidine. Go to an emergency room or call 911."
        ),
        citations.CDC_MEDETOMIDINE,
    ),
    CareFinderRule(
        "stimulants", RuleKind.WARNING, lambda answers: STIMULANTS in answers.substance,
        _("Cocaine or methamphetamine"),
        _(
            "No medication is approved for cocaine or meth use. Rewards for each step "
            "(contingency management) and counseling help most. If stopping makes you feel "
            "very low, call or text 988."
        ),
        citations.ASAM_STIMULANTS,
        search=(("treats", "cocaine"), ("treats", "methamphetamine")),
        ask=_("Do you offer contingency management?"),
    ),
    CareFinderRule(
        "suicide-line", RuleKind.WARNING, lambda answers: answers.suicide != NO,
        _("Thoughts of suicide or self-harm, or not sure"),
        _("Call or text 988 now if you think of suicide. Someone answers at any hour."),
        citations.LIFELINE,
    ),
    CareFinderRule(
        "tolerance", RuleKind.WARNING, may_lose_tolerance,
        _("Opioids or medication for them, or not sure"),
        _(
            "After days without opioids, the old dose can kill. The risk is highest in the first "
            "weeks after detox."
        ),
        citations.ASAM_OPIOIDS,
    ),
    CareFinderRule(
        "naloxone", RuleKind.WARNING, uses_street_drugs_or_pills,
        _("Street drugs or pills of any kind, or not sure"),
        _(
            "Carry naloxone, and ask the people around you to. Fentanyl has been found in "
            "cocaine, meth and fake pills, so an overdose can come without a warning."
        ),
        citations.FENTANYL_IN_OTHERS,
    ),
    CareFinderRule(
        "someone-else", RuleKind.WARNING,
        lambda answers: answers.person == SOMEONE and answers.age != TEEN,
        _("For someone else who is not 17 or younger"),
        _(
            "Most adults decide for themselves. You can call and ask for them; a program may not "
            "say whether a person is there without that person’s written consent."
        ),
        citations.PATIENT_PRIVACY,
    ),
)  # fmt: skip
