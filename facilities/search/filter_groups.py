"""Which filters the search has: the groups, their options and whether one or all must hold."""

from django.utils.translation import gettext_lazy as _

from ..rules.criteria import CRITERIA, Criterion
from ..rules.medications import MEDICATIONS as CONTINUITY
from ..rules.medications import Medication
from ..taxonomy import VOCABULARY, ServiceSet
from .filter_types import FilterGroup, FilterOption, MatchMode, VerifiedOption, service_option

EXCLUSIVE = ServiceSet.of("alcohol-only", "opioid-only")


def service_options(slugs: str) -> tuple[FilterOption, ...]:
    return tuple(service_option(slug) for slug in slugs.split())


def remaining_services(
    categories: str, common: tuple[FilterOption, ...]
) -> tuple[FilterOption, ...]:
    """Every other service of those categories, in the vocabulary's order."""
    shown = {option.slug for option in common}
    return tuple(
        service_option(service.slug)
        for category in categories.split()
        for service in VOCABULARY.in_category(category)
        if service.slug not in shown and not service.retired
    )


def detox_from(slug: str, *admitting: str) -> FilterOption:
    """Detox from one substance; a facility "for alcohol only" does not fit another one."""
    bars = ((EXCLUSIVE, ServiceSet.of(*admitting)),)
    return FilterOption(slug, (ServiceSet.of(slug),), bars)


SUBSTANCES = (
    detox_from("opioid-detox", "opioid-only"),
    detox_from("alcohol-detox", "alcohol-only"),
    detox_from("benzodiazepine-detox"),
    detox_from("cocaine-detox"),
    detox_from("methamphetamine-detox"),
)
OVERNIGHT_DETOX = FilterOption(
    "overnight-detox",
    (ServiceSet.of("residential-detox", "hospital-detox"),),
    own_label=_("Overnight detox"),
    own_help=_("You stay day and night while withdrawal is managed, in a hospital or residence."),
)
SETTINGS = (
    OVERNIGHT_DETOX,
    *service_options(
        "outpatient-detox hospital-inpatient short-term-residential long-term-residential"
    ),
    *service_options("day-treatment intensive-outpatient regular-outpatient recovery-housing"),
)
MEDICATIONS = service_options("buprenorphine methadone naltrexone lofexidine clonidine")
MORE_MEDICATIONS = service_options("acamprosate disulfiram")
PAYMENTS = service_options("medicaid medicare private-insurance self-payment sliding-scale")
MORE_PAYMENTS = service_options(
    "payment-assistance tricare state-insurance government-funding samhsa-funding "
    "tribal-funding no-payment"
)
PEOPLE = service_options(
    "women men young-adults children pregnant-program veteran-program lgbtq-program "
    "co-occurring-program"
)
THERAPIES = service_options("medical-exam substance-assessment mental-health-assessment")
SUPPORT = service_options(
    "aftercare transport peer-support child-care telehealth discharge-planning"
)
MORE_SUPPORT = service_options("follow-up naloxone-education recovery-coach children-beds")
ACCREDITATION = service_options(
    "joint-commission carf state-substance-agency samhsa-otp-certification"
)
LANGUAGES = service_options("spanish sign-language")


def starts_medication(medication: Medication) -> FilterOption:
    """Who starts a medication that goes on: not during detox only, and not where disallowed."""
    needs = (medication.starts | medication.detox,)
    bars = ((medication.detox, medication.maintenance), (medication.not_allowed, ServiceSet()))
    return FilterOption(f"start-{medication.slug}", needs, bars, label_service=medication.slug)


def continues_medication(medication: Medication) -> FilterOption:
    """Who may stay on a medication there; never one that does not allow it."""
    return FilterOption(
        f"keep-{medication.slug}",
        (medication.allows_continuing,),
        ((medication.not_allowed, ServiceSet()),),
        label_service=medication.slug,
    )


def shows_criterion(criterion: Criterion) -> FilterOption:
    """Facilities that show a criterion by every piece of its evidence."""
    needs = tuple(piece.services for piece in criterion.evidence)
    return FilterOption(
        f"{criterion.slug}-shown", needs, own_label=criterion.title, own_help=criterion.question
    )


CHECKED = VerifiedOption(
    "checked",
    own_label=_("Checked by us"),
    own_help=_("Someone here checked at least one fact of the listing, such as the phone number."),
)
STARTING = tuple(starts_medication(medication) for medication in CONTINUITY)
KEEPING = (
    *(continues_medication(medication) for medication in CONTINUITY),
    service_option("accepts-opioid-medication"),
)
SHOWING = tuple(shows_criterion(criterion) for criterion in CRITERIA)
# Choices that make a search one about opioids: ongoing medication then ranks first in best fit.
OPIOID_CHOICES = frozenset(
    ["opioid-detox", "methadone", "buprenorphine", "naltrexone", "lofexidine", "clonidine"]
    + [each.slug for each in (*STARTING, *KEEPING)]
)

GROUPS = (
    FilterGroup("substance", _("Detox from"), MatchMode.ALL, SUBSTANCES),
    FilterGroup("setting", _("Kind of care"), MatchMode.ANY, SETTINGS),
    FilterGroup("medication", _("Medications"), MatchMode.ANY, MEDICATIONS, MORE_MEDICATIONS),
    FilterGroup("starts", _("Starts medication"), MatchMode.ANY, STARTING),
    FilterGroup("keeps", _("Keep my medication"), MatchMode.ANY, KEEPING),
    FilterGroup("payment", _("Payment accepted"), MatchMode.ANY, PAYMENTS, MORE_PAYMENTS),
    FilterGroup(
        "people", _("Who it serves"), MatchMode.ALL, PEOPLE, remaining_services("AGE SG", PEOPLE)
    ),
    FilterGroup("criterion", _("Shown in this list"), MatchMode.ALL, SHOWING),
    FilterGroup(
        "accreditation",
        _("Accreditation and license"),
        MatchMode.ANY,
        ACCREDITATION,
        remaining_services("LCA", ACCREDITATION),
    ),
    FilterGroup(
        "therapy",
        _("Therapies and assessments"),
        MatchMode.ALL,
        THERAPIES,
        remaining_services("TAP ASPT ECS SCR", (*THERAPIES, *SUPPORT)),
    ),
    FilterGroup(
        "support",
        _("Support and aftercare"),
        MatchMode.ALL,
        SUPPORT,
        (*MORE_SUPPORT, *remaining_services("RSS TRSRV AS", (*SUPPORT, *MORE_SUPPORT))),
    ),
    FilterGroup(
        "language", _("Language"), MatchMode.ANY, LANGUAGES, remaining_services("SL OL", LANGUAGES)
    ),
    FilterGroup("checked", _("Checked by us"), MatchMode.ALL, (CHECKED,)),
)
