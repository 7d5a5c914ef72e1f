"""Which filters the search has. A group or an option is declared here and nowhere else.

The filter set reads them from the address, ``compile.py`` applies them, and the search page, its
cards and its suggestions follow what each declares.
"""

from django.utils.translation import gettext_lazy as _

from ..rules.criteria import CRITERIA, Criterion
from ..rules.medications import MEDICATIONS, Medication
from ..rules.predicates import AllOf, AnyOf, HasVerifiedFact, NoneOf
from ..taxonomy import VOCABULARY, ServiceSet, service_set
from ..taxonomy.groups import CARD_PAYMENTS
from .filter_types import FilterGroup, FilterOption, MatchMode, service_option

ONE_SUBSTANCE_ONLY = service_set("alcohol-only opioid-only")


def service_options(slugs: str, **attributes) -> tuple[FilterOption, ...]:
    return tuple(service_option(slug, **attributes) for slug in slugs.split())


def remaining_services(
    categories: str, declared: tuple[FilterOption, ...], **attributes
) -> tuple[FilterOption, ...]:
    """Return options for the other services of these categories, in the vocabulary's order."""
    slugs = {option.slug for option in declared}
    return tuple(
        service_option(service.slug, **attributes)
        for category in categories.split()
        for service in VOCABULARY.in_category(category)
        if service.slug not in slugs and not service.retired
    )


def detox_option(slug: str, admitted_by: str = "", **attributes) -> FilterOption:
    """Match detox from one substance; a facility for only another substance does not fit."""
    offered = AnyOf(ServiceSet.of(slug))
    not_only_others = NoneOf(ONE_SUBSTANCE_ONLY, service_set(admitted_by))
    return FilterOption(
        slug, AllOf((offered, not_only_others)), is_detox=True, needs_presence=True, **attributes
    )


OPIOID_DETOX = detox_option("opioid-detox", admitted_by="opioid-only", is_about_opioids=True)
SUBSTANCE = FilterGroup(
    "substance",
    _("Detox from"),
    MatchMode.ALL,
    (
        OPIOID_DETOX,
        detox_option("alcohol-detox", admitted_by="alcohol-only"),
        detox_option("benzodiazepine-detox"),
        detox_option("cocaine-detox"),
        detox_option("methamphetamine-detox"),
    ),
    is_open=True,
    is_on_card=False,
    can_be_relaxed=False,
)

# Who says that it treats only other substances, or not this one, is left out. Whoever says
# nothing stays: the survey asks what a facility treats through what it refuses.
ONLY_OTHERS = "alcohol-only opioid-only impaired-driving-only"


def treats_option(
    slug: str, label, *, refused_by: str = ONLY_OTHERS, unless: str = "", **attributes
) -> FilterOption:
    return FilterOption(
        slug,
        NoneOf(service_set(refused_by), service_set(unless)),
        own_label=label,
        **attributes,
    )


TREATS = FilterGroup(
    "treats",
    _("Helps with (unless it says no)"),
    MatchMode.ALL,
    (
        treats_option(
            "opioids",
            _("Opioids"),
            refused_by="no-opioid-treatment alcohol-only impaired-driving-only",
            unless="opioid-detox opioid-only",
            is_about_opioids=True,
        ),
        treats_option(
            "alcohol",
            _("Alcohol"),
            refused_by="no-alcohol-treatment opioid-only impaired-driving-only",
            unless="alcohol-detox alcohol-only",
        ),
        treats_option("benzodiazepines", _("Benzodiazepines")),
        treats_option("cocaine", _("Cocaine")),
        treats_option("methamphetamine", _("Meth and other stimulants")),
    ),
    (
        treats_option("cannabis", _("Cannabis")),
        treats_option("other-substances", _("Other drugs")),
    ),
    is_on_card=False,
    can_be_relaxed=False,
)

HOSPITAL_STAY = service_option("hospital-inpatient", needs_presence=True, can_be_relaxed=False)
SETTING = FilterGroup(
    "setting",
    _("Kind of care"),
    MatchMode.ANY,
    (
        FilterOption(
            "overnight-detox",
            AnyOf(service_set("residential-detox hospital-detox")),
            own_label=_("Overnight detox"),
            own_help=_(
                "You stay day and night while withdrawal is managed, in a hospital or residence."
            ),
            is_detox=True,
            needs_presence=True,
            is_on_card=False,
        ),
        service_option("outpatient-detox", is_detox=True, needs_presence=True, is_on_card=False),
        HOSPITAL_STAY,
        *service_options("short-term-residential long-term-residential", needs_presence=True),
        *service_options("day-treatment intensive-outpatient regular-outpatient"),
        service_option("recovery-housing", needs_presence=True),
    ),
    is_open=True,
)

MEDICATION = FilterGroup(
    "medication",
    _("Medications"),
    MatchMode.ANY,
    (
        service_option("buprenorphine", is_about_opioids=True),
        # Methadone for opioid use is given at the facility, day by day.
        service_option("methadone", is_about_opioids=True, needs_presence=True),
        service_option("naltrexone"),
        *service_options("lofexidine clonidine", is_about_opioids=True),
    ),
    service_options("acamprosate disulfiram"),
    is_open=True,
    is_on_card=False,
)


def starts_medication_option(medication: Medication) -> FilterOption:
    """Match who starts a medication that goes on: not during detox only, nor where disallowed."""
    return FilterOption(
        f"start-{medication.slug}",
        AllOf(
            (
                AnyOf(medication.starts | medication.detox),
                NoneOf(medication.detox, medication.maintenance),
                NoneOf(medication.not_allowed),
            )
        ),
        label_service=medication.slug,
        is_about_opioids=medication.slug != "naltrexone",  # for alcohol as much as for opioids
        needs_presence=medication.slug == "methadone",
    )


def continues_medication_option(medication: Medication) -> FilterOption:
    """Match where a person may stay on a medication; never where it is not allowed."""
    return FilterOption(
        f"keep-{medication.slug}",
        AllOf((AnyOf(medication.allows_continuing), NoneOf(medication.not_allowed))),
        label_service=medication.slug,
        is_about_opioids=medication.slug != "naltrexone",  # for alcohol as much as for opioids
        needs_presence=medication.slug == "methadone",
    )


STARTS = FilterGroup(
    "starts",
    _("Starts medication"),
    MatchMode.ANY,
    tuple(map(starts_medication_option, MEDICATIONS)),
    is_open=True,
    is_on_card=False,
)
KEEPS = FilterGroup(
    "keeps",
    _("Keep my medication"),
    MatchMode.ANY,
    (
        *map(continues_medication_option, MEDICATIONS),
        service_option("accepts-opioid-medication", is_about_opioids=True),
    ),
    is_open=True,
    is_on_card=False,
    can_be_relaxed=False,
)


def payment_options(slugs: str) -> tuple[FilterOption, ...]:
    """Every card lists those of ``CARD_PAYMENTS`` anyway."""
    return tuple(
        service_option(slug, is_on_card=slug not in CARD_PAYMENTS) for slug in slugs.split()
    )


PAYMENT = FilterGroup(
    "payment",
    _("Payment accepted"),
    MatchMode.ANY,
    payment_options("medicaid medicare private-insurance self-payment sliding-scale"),
    payment_options(
        "payment-assistance tricare state-insurance government-funding samhsa-funding "
        "tribal-funding no-payment"
    ),
    is_open=True,
    relaxed_label=_("%(choice)s not listed: ask how you could pay"),
)

WITHOUT = FilterGroup(
    "without",
    _("Leave out places with"),
    MatchMode.ALL,
    (
        *(
            FilterOption(
                f"without-{medication.slug}",
                NoneOf(medication.offering),
                label_service=medication.slug,
            )
            for medication in MEDICATIONS
        ),
        FilterOption(
            "without-twelve-step",
            NoneOf(service_set("twelve-step")),
            label_service="twelve-step",
        ),
    ),
    is_listed=False,
    is_on_card=False,
)

# Age, sex and pregnancy: a facility that does not take the person is no suggestion.
_PEOPLE = (
    *service_options("women men children", can_be_relaxed=False),
    # Some places list young adults as a group of their own, others only adults: both take them.
    FilterOption(
        "age-18-to-25",
        AnyOf(service_set("young-adults adults")),
        own_label=_("Ages 18 to 25"),
        own_help=_("Places that list young adults or adults."),
        can_be_relaxed=False,
    ),
    *service_options("young-adults pregnant-program", can_be_relaxed=False),
    *service_options("veteran-program lgbtq-program co-occurring-program"),
)
PEOPLE = FilterGroup(
    "people",
    _("Who it serves"),
    MatchMode.ALL,
    _PEOPLE,
    (
        *remaining_services("AGE", _PEOPLE, can_be_relaxed=False),
        *remaining_services("SG", _PEOPLE),
    ),
)

PREFERS = FilterGroup(
    "prefers",
    _("List first"),
    MatchMode.PREFER,
    service_options("pregnant-program"),
    is_listed=False,
    can_be_relaxed=False,
)


def criterion_option(criterion: Criterion) -> FilterOption:
    return FilterOption(
        f"{criterion.slug}-shown",
        criterion.predicate,
        own_label=criterion.title,
        own_help=criterion.question,
    )


CRITERION = FilterGroup(
    "criterion",
    _("Shown in this list"),
    MatchMode.ALL,
    tuple(map(criterion_option, CRITERIA)),
)

_ACCREDITATION = service_options(
    "joint-commission carf state-substance-agency samhsa-otp-certification"
)
ACCREDITATION = FilterGroup(
    "accreditation",
    _("Accreditation and license"),
    MatchMode.ANY,
    _ACCREDITATION,
    remaining_services("LCA", _ACCREDITATION),
)

_THERAPIES = service_options("medical-exam substance-assessment mental-health-assessment")
TELEHEALTH = service_option("telehealth")
_SUPPORT = (
    *service_options("aftercare transport peer-support child-care"),
    TELEHEALTH,
    service_option("discharge-planning"),
)
_MORE_SUPPORT = service_options("follow-up naloxone-education recovery-coach children-beds")
THERAPY = FilterGroup(
    "therapy",
    _("Therapies and assessments"),
    MatchMode.ALL,
    _THERAPIES,
    remaining_services("TAP ASPT ECS SCR", (*_THERAPIES, *_SUPPORT)),
)
SUPPORT = FilterGroup(
    "support",
    _("Support and aftercare"),
    MatchMode.ALL,
    _SUPPORT,
    (*_MORE_SUPPORT, *remaining_services("RSS TRSRV AS", (*_SUPPORT, *_MORE_SUPPORT))),
)

_LANGUAGES = service_options("spanish sign-language")
LANGUAGE = FilterGroup(
    "language",
    _("Language"),
    MatchMode.ANY,
    _LANGUAGES,
    remaining_services("SL OL", _LANGUAGES),
)

VERIFIED = FilterGroup(
    "checked",
    _("Checked by us"),
    MatchMode.ALL,
    (
        FilterOption(
            "checked",
            HasVerifiedFact(),
            own_label=_("Checked by us"),
            own_help=_(
                "Someone here checked at least one fact of the listing, such as the phone number."
            ),
        ),
    ),
    is_on_card=False,
)

# In the order of the page.
GROUPS = (
    SUBSTANCE,
    TREATS,
    SETTING,
    MEDICATION,
    STARTS,
    KEEPS,
    WITHOUT,
    PAYMENT,
    PEOPLE,
    PREFERS,
    CRITERION,
    ACCREDITATION,
    THERAPY,
    SUPPORT,
    LANGUAGE,
    VERIFIED,
)
GROUPS_BY_NAME = {group.name: group for group in GROUPS}
