"""Which filters the search has: the groups, their options and whether one or all must hold."""

from django.utils.translation import gettext_lazy as _

from ..rules.criteria import CRITERIA, Criterion
from ..rules.medications import MEDICATIONS as CONTINUITY
from ..rules.medications import Medication
from ..taxonomy import VOCABULARY, ServiceSet
from .filter_types import CheckedOption, Group, Mode, Option, option

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
    bars = ((EXCLUSIVE, ServiceSet.of(*admitting)),)
    return Option(slug, (ServiceSet.of(slug),), bars)


SUBSTANCES = (
    substance("opioid-detox", "opioid-only"),
    substance("alcohol-detox", "alcohol-only"),
    substance("benzodiazepine-detox"),
    substance("cocaine-detox"),
    substance("methamphetamine-detox"),
)
OVERNIGHT_DETOX = Option(
    "overnight-detox",
    (ServiceSet.of("residential-detox", "hospital-detox"),),
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


def starting(medication: Medication) -> Option:
    """Who starts a medication that goes on: not during detox only, and not where disallowed."""
    needs = (medication.starts | medication.detox,)
    bars = ((medication.detox, medication.lasting), (medication.not_allowed, ServiceSet()))
    return Option(f"start-{medication.slug}", needs, bars, named=medication.slug)


def keeping(medication: Medication) -> Option:
    """Who may stay on a medication there; never one that does not allow it."""
    return Option(
        f"keep-{medication.slug}", (medication.keeps,), ((medication.not_allowed, ServiceSet()),),
        named=medication.slug,
    )  # fmt: skip


def showing(criterion: Criterion) -> Option:
    """Facilities that show a criterion by every piece of its evidence."""
    needs = tuple(piece.services for piece in criterion.evidence)
    return Option(
        f"{criterion.slug}-shown", needs, own_label=criterion.title, own_help=criterion.question
    )


CHECKED = CheckedOption(
    "checked", own_label=_("Checked by us"),
    own_help=_("Someone here checked at least one fact of the listing, such as the phone number."),
)  # fmt: skip
STARTING = tuple(starting(medication) for medication in CONTINUITY)
KEEPING = (*(keeping(medication) for medication in CONTINUITY), option("accepts-opioid-medication"))
SHOWING = tuple(showing(criterion) for criterion in CRITERIA)
# Choices that make a search one about opioids: ongoing medication then ranks first in best fit.
OPIOID_CHOICES = frozenset(
    ["opioid-detox", "methadone", "buprenorphine", "naltrexone", "lofexidine", "clonidine"]
    + [each.slug for each in (*STARTING, *KEEPING)]
)

GROUPS = (
    Group("substance", _("Detox from"), Mode.ALL, SUBSTANCES),
    Group("setting", _("Kind of care"), Mode.ANY, SETTINGS),
    Group("medication", _("Medications"), Mode.ANY, MEDICATIONS, MORE_MEDICATIONS),
    Group("starts", _("Starts medication"), Mode.ANY, STARTING),
    Group("keeps", _("Keep my medication"), Mode.ANY, KEEPING),
    Group("payment", _("Payment accepted"), Mode.ANY, PAYMENTS, MORE_PAYMENTS),
    Group("people", _("Who it serves"), Mode.ALL, PEOPLE, rest_of("AGE SG", PEOPLE)),
    Group("criterion", _("Shown in this list"), Mode.ALL, SHOWING),
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
    Group("checked", _("Checked by us"), Mode.ALL, (CHECKED,)),
)  # fmt: skip
