"""Which filters the search has: the groups, their options and whether one or all must hold."""

from django.utils.translation import gettext_lazy as _

from ..vocabulary import VOCABULARY, ServiceSet
from .groups import Group, Mode, Option, option

EXCLUSIVE = ServiceSet.of("alcohol-only", "opioid-only")


def options(slugs: str) -> tuple[Option, ...]:
    return tuple(option(slug) for slug in slugs.split())


def rest_of(categories: str, common: tuple[Option, ...]) -> tuple[Option, ...]:
    """Every other service of those categories, in the vocabulary's order."""
    shown = {option.slug for option in common}
    return tuple(
        option(service.slug)
        for category in categories.split()
        for service in VOCABULARY.in_category(category)
        if service.slug not in shown and not service.retired
    )


def substance(slug: str, *admitting: str) -> Option:
    """Detox from one substance; a facility "for alcohol only" does not fit another one."""
    return Option(slug, ServiceSet.of(slug), EXCLUSIVE, ServiceSet.of(*admitting))


SUBSTANCES = (
    substance("opioid-detox", "opioid-only"),
    substance("alcohol-detox", "alcohol-only"),
    substance("benzodiazepine-detox"),
    substance("cocaine-detox"),
    substance("methamphetamine-detox"),
)
OVERNIGHT_DETOX = Option(
    "overnight-detox",
    ServiceSet.of("residential-detox", "hospital-detox"),
    own_label=_("Overnight detox"),
    own_help=_("You stay day and night while withdrawal is managed, in a hospital or residence."),
)
SETTINGS = (
    OVERNIGHT_DETOX,
    *options("outpatient-detox hospital-inpatient short-term-residential long-term-residential"),
    *options("day-treatment intensive-outpatient regular-outpatient recovery-housing"),
)
MEDICATIONS = options("buprenorphine methadone naltrexone lofexidine clonidine")
MORE_MEDICATIONS = options("acamprosate disulfiram")
PAYMENTS = options("medicaid medicare private-insurance self-payment sliding-scale")
MORE_PAYMENTS = options(
    "payment-assistance tricare state-insurance government-funding samhsa-funding "
    "tribal-funding no-payment"
)
PEOPLE = options(
    "women men young-adults children pregnant-program veteran-program lgbtq-program "
    "co-occurring-program"
)
THERAPIES = options("medical-exam substance-assessment mental-health-assessment")
SUPPORT = options("aftercare transport peer-support child-care telehealth discharge-planning")
MORE_SUPPORT = options("follow-up naloxone-education recovery-coach children-beds")
ACCREDITATION = options("joint-commission carf state-substance-agency samhsa-otp-certification")
LANGUAGES = options("spanish sign-language")

GROUPS = (
    Group("substance", _("Detox from"), Mode.ALL, SUBSTANCES),
    Group("setting", _("Kind of care"), Mode.ANY, SETTINGS),
    Group("medication", _("Medications"), Mode.ANY, MEDICATIONS, MORE_MEDICATIONS),
    Group("payment", _("Payment accepted"), Mode.ANY, PAYMENTS, MORE_PAYMENTS),
    Group("people", _("Who it serves"), Mode.ALL, PEOPLE, rest_of("AGE SG", PEOPLE)),
    Group(
        "accreditation", _("Accreditation and license"), Mode.ANY,
        ACCREDITATION, rest_of("LCA", ACCREDITATION),
    ),
    Group(
        "therapy", _("Therapies and assessments"), Mode.ALL,
        THERAPIES, rest_of("TAP ASPT ECS SCR", (*THERAPIES, *SUPPORT)),
    ),
    Group(
        "support", _("Support and aftercare"), Mode.ALL,
        SUPPORT, (*MORE_SUPPORT, *rest_of("RSS TRSRV AS", (*SUPPORT, *MORE_SUPPORT))),
    ),
    Group("language", _("Language"), Mode.ANY, LANGUAGES, rest_of("SL OL", LANGUAGES)),
)  # fmt: skip
