"""Why a result stands where it stands, in words: the terms of the order, nothing else."""

from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ..models import Facility
from ..rules.criteria import CRITERIA
from ..rules.medications import MedicationAfterDetox
from ..rules.predicates import is_met_by_services
from ..taxonomy import ServiceSet
from .best_fit import FIT_INPUTS, fit_terms
from .filter_groups import KEEPS, MEDICATION, STARTS
from .query import SearchQuery
from .sort_orders import SortOrder

LONG_DAILY_TRIP_MILES = 30
CACHE_SIZE = 1_000  # different sets of services that the order depends on

MAINTENANCE_LABELS = {
    MedicationAfterDetox.REPORTED: gettext_lazy("Ongoing medication for opioid use: reported"),
    MedicationAfterDetox.ACCEPTED: gettext_lazy(
        "Ongoing medication: only “accepts what others prescribe”"
    ),
    MedicationAfterDetox.NOT_REPORTED: gettext_lazy(
        "Ongoing medication for opioid use: not reported"
    ),
}


def explain_position(facility: Facility, order: SortOrder, miles: float | None) -> tuple[str, ...]:
    """Return the terms that put this facility here, in the order in which they count."""
    terms = []
    if any(is_met_by_services(predicate, facility.offered) for predicate in order.preferred):
        terms.append(_("Listed first: it has the program you asked for"))
    if order.sort == "fit":
        terms += _explain_fit(facility, order)
    elif order.sort == "verified":
        terms.append(_checked(facility))
    if order.by_distance and miles is not None:
        words = _distance_words(get_language(), is_approximate=facility.is_approximate)
        terms.append(words % {"miles": f"{miles:.1f}"})
    elif order.sort == "name":
        terms.append(_("By name, A to Z"))
    else:
        terms.append(_("Between equals: a fixed order that has nothing to do with names"))
    return tuple(terms)


@lru_cache(maxsize=CACHE_SIZE)
def _distance_words(language: str, *, is_approximate: bool) -> str:
    """``language`` is the active one: what is kept belongs to it."""
    if is_approximate:
        return _("Distance: about %(miles)s miles, to the center of its ZIP code or city")
    return _("Distance: %(miles)s miles")


def _explain_fit(facility: Facility, order: SortOrder) -> list[str]:
    terms = _terms_of_services(
        facility.offered & FIT_INPUTS, get_language(), is_about_opioids=order.is_about_opioids
    )
    return [*terms, _checked(facility)]


@lru_cache(maxsize=CACHE_SIZE)
def _terms_of_services(
    offered: ServiceSet, language: str, *, is_about_opioids: bool
) -> tuple[str, ...]:
    """``language`` is the active one: what is kept belongs to it."""
    terms = fit_terms(offered, is_about_opioids=is_about_opioids)
    shown = [
        str(each.title) for each in CRITERIA if len(each.evidence_in(offered)) == len(each.evidence)
    ]
    said = [str(MAINTENANCE_LABELS[terms.maintenance])] if terms.maintenance else []
    criteria = _("Criteria shown: %(count)d of %(all)d") % {
        "count": terms.criteria_shown,
        "all": terms.criteria_total,
    }
    said.append(f"{criteria} ({', '.join(shown)})" if shown else criteria)
    values = {"count": terms.evidence_count, "all": terms.evidence_total}
    said.append(_("Details reported: %(count)d of %(all)d") % values)
    return tuple(said)


def _checked(facility: Facility) -> str:
    if facility.last_verified_on is None:
        return _("Checked by us: not yet")
    return _("Checked by us: %(day)s") % {"day": date_format(facility.last_verified_on)}


def methadone_travel_warning(facility: Facility, query: SearchQuery, miles: float | None) -> str:
    """State the way there and back if methadone alone was asked for; "" up to 30 miles.

    Programs often ask people to come for methadone every day at first (42 CFR 8).
    """
    if miles is None or miles <= LONG_DAILY_TRIP_MILES:
        return ""
    medications = {
        option.label_service or option.slug
        for group, option in query.options
        if group in (MEDICATION, STARTS, KEEPS)
        and is_met_by_services(option.predicate, facility.offered)
    }
    if medications != {"methadone"}:
        return ""
    return _(
        "Methadone often means coming every day at first: about %(miles)s miles there and back."
        " Ask about take-home doses."
    ) % {"miles": f"{2 * miles:.0f}"}
