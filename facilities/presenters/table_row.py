"""A facility in one line of a table: the facts of its card in the fewest words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..facts.provenance import listing_source
from ..geo import Point, compass_direction
from ..models import Facility
from ..rules.exclusions import EXCLUSION_INPUTS, Exclusion, derived_exclusions
from ..rules.inconsistencies import has_doubtful_ages, takes_only_children
from ..rules.medications import (
    ACCEPTS_EXTERNAL_PRESCRIPTION,
    MEDICATIONS,
    Medication,
    MedicationStatus,
)
from ..taxonomy import (
    EXCLUSIVE_SERVICES,
    VOCABULARY,
    Answer,
    ServiceSet,
    answer_for_service,
)
from ..taxonomy.groups import (
    AGES,
    DETOX,
    HOSPITAL,
    LIVE_IN,
    OUTPATIENT,
    OUTPATIENT_CARE,
    OVERNIGHT,
    PAYMENTS,
    RECOVERY_HOME,
    SEXES,
    SUBSTANCES,
    service_labels,
)
from .card import (
    COMPASS,
    KIND_INPUTS,
    NO_MEDICATION,
    PAYMENT_INPUTS,
    PEOPLE_INPUTS,
    TREATMENT_INPUTS,
    cached_by_language,
    describe_address,
)

KINDS = (
    (ServiceSet.of("veterans-affairs"), "VA"),
    (ServiceSet.of("defense-department"), _lazy("Military")),
    (HOSPITAL, _lazy("Hospital")),
    (LIVE_IN, _lazy("Live-in")),
    (OUTPATIENT_CARE, _lazy("Outpatient")),
    (RECOVERY_HOME, _lazy("Recovery home")),
)
SHORT_SUBSTANCES = SUBSTANCES | {"benzodiazepine-detox": _lazy("benzos")}
NOT_LISTED = "—"  # absent where the question was answered
NOT_REPORTED = "?"
STATUSES = {
    MedicationStatus.STARTS: _lazy("starts"),
    MedicationStatus.CONTINUES: _lazy("continues"),
    MedicationStatus.DETOX_ONLY: _lazy("in detox"),
    MedicationStatus.NOT_ALLOWED: _lazy("no"),
}
SHORT_EXCLUSIONS = {
    Exclusion.NO_OPIOID_TREATMENT: _lazy("No opioid treatment"),
    Exclusion.NO_ALCOHOL_TREATMENT: _lazy("No alcohol treatment"),
    Exclusion.OPIOID_DETOX_UNCLEAR: _lazy("Opioid detox unclear"),
    Exclusion.ALCOHOL_DETOX_UNCLEAR: _lazy("Alcohol detox unclear"),
}
PAYMENT_COLUMNS = {
    "medicaid": "Medicaid",
    "medicare": "Medicare",
    "private-insurance": _lazy("Private"),
    "tricare": "TRICARE",
    "self-payment": _lazy("Cash"),
    "sliding-scale": _lazy("Sliding"),
}
AGE_RANGES = {"children": (0, 17), "young-adults": (18, 25), "adults": (26, 64), "seniors": (65, 0)}


@dataclass(frozen=True)
class TableMark:
    """What one cell says of a medication or a way to pay; ``kind`` is how it is colored."""

    kind: str
    text: str


@dataclass(frozen=True)
class TableRow:
    """One result in the words of the page's language; ``notes`` is what may change by the day.

    ``medications`` has a text for each of MEDICATIONS and one for prescriptions from elsewhere;
    ``payments`` has one for each of PAYMENT_COLUMNS.
    """

    facility: Facility
    name: str
    program_name: str
    kind: str
    town: str
    distance: str
    phone: str
    detox: str
    medications: tuple[str, ...]
    payments: tuple[str, ...]
    exclusions: str
    accepts: str
    checked: str
    notes: str
    address: str

    @property
    def marks(self) -> Iterator[TableMark]:
        kinds = {NOT_LISTED: "absent", NOT_REPORTED: "unknown", _("no"): "no"}
        for text in (*self.medications, *self.payments):
            yield TableMark(kinds.get(text, "said"), text)


def table_row(
    facility: Facility,
    *,
    miles: float | None,
    origin: Point | None,
    language: str,
    notes: str = "",
) -> TableRow:
    """``miles`` and ``origin`` are None if the search has no point or the facility no position."""
    offered = facility.offered
    extension = facility.phone_extension
    return TableRow(
        facility=facility,
        name=facility.name,
        program_name=facility.program_name,
        kind=short_kind(offered & KIND_INPUTS, language),
        town=f"{facility.city}, {facility.state}",
        distance=short_distance(facility, miles, origin),
        phone=f"{facility.phone} x{extension}" if extension else facility.phone,
        detox=_("no") if is_detox_denied(facility) else short_detox(offered & DETOX, language),
        medications=short_medications(offered & TREATMENT_INPUTS, language),
        payments=short_payments(offered & PAYMENT_INPUTS, language),
        exclusions=short_exclusions(offered & EXCLUSION_INPUTS, language),
        accepts=short_ages_and_sexes(offered & (PEOPLE_INPUTS | EXCLUSION_INPUTS), language),
        checked=short_check(facility),
        notes=notes,
        address=describe_address(facility),
    )


def short_distance(facility: Facility, miles: float | None, origin: Point | None) -> str:
    """Return miles and direction, "3.4 NW"; "~3.4 NW" if the facility's position is approximate."""
    if miles is None or origin is None:
        return _("not known")
    point = compass_direction(origin, facility.point)
    number = f"{miles:.1f}" if miles < 10 else f"{miles:.0f}"
    if not point:  # both lie at the center of the same ZIP code
        return _("near")
    return f"{'~' if facility.is_approximate else ''}{number} {COMPASS[point]}"


def short_check(facility: Facility) -> str:
    """Return the list's edition and the day of our newest check, or "none": "2023, none"."""
    source = listing_source(facility)
    verified_on = facility.last_verified_on
    check = date_format(verified_on, "SHORT_DATE_FORMAT") if verified_on else _("none")
    return f"{source.edition}, {check}" if source else check


@cached_by_language
def short_kind(offered: ServiceSet, language: str) -> str:
    """Name overnight detox only if it is the only care, because it has its own column."""
    kinds = [str(label) for services, label in KINDS if offered & services]
    if not kinds:
        return _("Overnight detox") if offered & OVERNIGHT else _("not reported")
    return ", ".join(kinds)


def is_detox_denied(facility: Facility) -> bool:
    """Its absence in a file says nothing: only a person can deny it."""
    answer = answer_for_service(VOCABULARY["detox"], facility.offered, facility.denied)
    return answer is Answer.NO


@cached_by_language
def short_detox(offered: ServiceSet, language: str) -> str:
    if not offered & DETOX:
        return NOT_REPORTED
    places = []
    if offered & OVERNIGHT:
        places.append(_("overnight"))
    if offered & OUTPATIENT:
        places.append(_("outpatient"))
    substances = [str(name) for slug, name in SHORT_SUBSTANCES.items() if slug in offered]
    if len(substances) == len(SUBSTANCES):
        substances = [_("all five")]
    setting = " + ".join(places) or _("setting not reported")
    return f"{setting}: {', '.join(substances) or _('substances not reported')}"


@cached_by_language
def short_medications(offered: ServiceSet, language: str) -> tuple[str, ...]:
    """Say what is done with each medication for opioid use, and with one from elsewhere: "ask"."""
    external = _("ask") if offered & ACCEPTS_EXTERNAL_PRESCRIPTION else NOT_REPORTED
    return (*(_medication_words(medication, offered) for medication in MEDICATIONS), external)


def _medication_words(medication: Medication, offered: ServiceSet) -> str:
    statuses = [status for status in medication.statuses(offered) if status in STATUSES]
    if MedicationStatus.STARTS in statuses and MedicationStatus.CONTINUES in statuses:
        statuses.remove(MedicationStatus.CONTINUES)
    if statuses:
        return "/".join(str(STATUSES[status]) for status in statuses)
    if medication.slug in offered:
        return _("has it")
    return _("no") if offered & NO_MEDICATION else NOT_REPORTED


@cached_by_language
def short_payments(offered: ServiceSet, language: str) -> tuple[str, ...]:
    """Say yes or "not listed" for each way to pay; free care says "free" under cash."""
    if "no-payment" in offered and "self-payment" not in offered:
        offered |= ServiceSet.of("self-payment")
        cash = _("free")
    else:
        cash = _("yes")
    absent = NOT_LISTED if offered & PAYMENTS else NOT_REPORTED
    return tuple(
        (cash if slug == "self-payment" else _("yes")) if slug in offered else absent
        for slug in PAYMENT_COLUMNS
    )


@cached_by_language
def short_exclusions(offered: ServiceSet, language: str) -> str:
    """Say whom it turns away, in fewer words than the cards."""
    derived = [
        str(SHORT_EXCLUSIONS.get(exclusion, exclusion.label))
        for exclusion in derived_exclusions(offered)
    ]
    return "; ".join((*service_labels(offered & EXCLUSIVE_SERVICES, language), *derived))


@cached_by_language
def short_ages_and_sexes(offered: ServiceSet, language: str) -> str:
    """Return ages, "18–64", of women and men: whoever takes one sex only says so before it."""
    if takes_only_children(offered):
        return ""  # the exclusion says it
    if has_doubtful_ages(offered):
        ages = _("children; adults? ask")
    elif offered & AGES == AGES:
        ages = _("all ages")
    else:
        ages = ", ".join(_age_words(*ages) for ages in _joined_ages(offered))
    if offered & SEXES:
        return ages or (_("women, men") if offered & SEXES == SEXES else "")
    return f"{ages}; {_('sex not reported')}" if ages else _("not reported")


def _joined_ages(offered: ServiceSet) -> list[tuple[int, int]]:
    """Join neighboring groups of ages: 18 to 25 and 26 to 64 are 18 to 64."""
    ranges: list[tuple[int, int]] = []
    for slug, (youngest, oldest) in AGE_RANGES.items():
        if slug not in offered:
            continue
        if ranges and ranges[-1][1] == youngest - 1:
            ranges[-1] = (ranges[-1][0], oldest)
        else:
            ranges.append((youngest, oldest))
    return ranges


def _age_words(youngest: int, oldest: int) -> str:
    if not oldest:
        return f"{youngest}+"
    if not youngest:
        return _("up to %(age)s") % {"age": oldest}
    return f"{youngest}–{oldest}"
