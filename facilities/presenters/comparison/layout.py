"""Which services a comparison shows: a row for each, or one row for many that are read together."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ...taxonomy import VOCABULARY, ServiceSet, service_set
from ...taxonomy.groups import AGES, DETOX_SETTINGS, DETOX_SUBSTANCES, PAYMENTS, SEXES
from .cells import ComparisonQuestion


@dataclass(frozen=True)
class ServiceListRow:
    """One row of many services; ``ask`` where nobody has said anything of them."""

    title: str
    services: ServiceSet
    ask: ComparisonQuestion


# Beside the pieces of evidence, what people ask of each criterion.
EXTRA_SERVICES = {
    "approach": service_set("contingency-management telehealth peer-support individual-plan"),
    "amenities": service_set("private-rooms family-visits wheelchair-access transport child-care"),
    "aftercare": service_set(
        "naloxone-education naloxone-to-take-home first-appointment-booked housing-services "
        "employment-help"
    ),
}
METHODS_ROW = ServiceListRow(
    _("Counseling and methods"),
    service_set(
        "cognitive-behavioral-therapy motivational-interviewing trauma-counseling twelve-step "
        "smart-recovery individual-counseling group-counseling family-counseling"
    ),
    ComparisonQuestion.OFFERS,
)
# Medications for withdrawal symptoms or for alcohol; those for opioids have rows of their own.
OTHER_MEDICATIONS = service_set("lofexidine clonidine acamprosate disulfiram")
CARE = (
    ServiceListRow(_("Detox"), DETOX_SUBSTANCES, ComparisonQuestion.OFFERS),
    ServiceListRow(
        _("Where detox takes place"),
        DETOX_SETTINGS,
        ComparisonQuestion.OFFERS,
    ),
    ServiceListRow(
        _("Kinds of care"),
        service_set(
            "hospital-inpatient short-term-residential long-term-residential day-treatment "
            "intensive-outpatient regular-outpatient recovery-housing"
        ),
        ComparisonQuestion.OFFERS,
    ),
)
MONITORING = service_set("cows day-and-night-monitoring")
PLANS = service_set("medicaid medicare private-insurance")
PAYMENT = (
    ServiceListRow(_("Other ways to pay"), PAYMENTS - PLANS, ComparisonQuestion.TAKES),
    ServiceListRow(
        _("Help with the cost"),
        ServiceSet.of(*VOCABULARY.in_category("PYAS")),
        ComparisonQuestion.TAKES,
    ),
)
PEOPLE = (
    ServiceListRow(_("Ages"), AGES, ComparisonQuestion.OFFERS),
    ServiceListRow(_("Women and men"), SEXES, ComparisonQuestion.OFFERS),
    ServiceListRow(
        _("Programs"),
        service_set(
            "pregnant-program veteran-program lgbtq-program co-occurring-program trauma-program "
            "justice-program older-adult-program adolescent-program"
        ),
        ComparisonQuestion.OFFERS,
    ),
)
LANGUAGES = ServiceListRow(
    _("Languages"),
    ServiceSet.of(*VOCABULARY.in_category("SL"), *VOCABULARY.in_category("OL")),
    ComparisonQuestion.SPEAKS,
)
