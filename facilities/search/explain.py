"""Why a result stands where it stands, in words: the terms of the order, nothing else."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Facility
from ..rules.criteria import CRITERIA
from ..rules.medications import Ongoing
from .best_match import fit
from .sort import Order

ONGOING = {
    Ongoing.REPORTED: gettext_lazy("Ongoing medication for opioid use: reported"),
    Ongoing.ACCEPTED: gettext_lazy("Ongoing medication: only “accepts what others prescribe”"),
    Ongoing.NOT_REPORTED: gettext_lazy("Ongoing medication for opioid use: not reported"),
}


def why(facility: Facility, order: Order, miles: float | None) -> tuple[str, ...]:
    """The terms that put this facility here, in the order in which they count."""
    terms = []
    if order.sort == "fit":
        terms = _fit_terms(facility, order)
    elif order.sort == "verified":
        terms = [_checked(facility)]
    if order.by_miles and miles is not None:
        terms.append(_("Distance: %(miles)s miles") % {"miles": f"{miles:.1f}"})
    elif not order.by_miles:
        terms.append(_("Then by name, A to Z") if terms else _("By name, A to Z"))
    return tuple(terms)


def _fit_terms(facility: Facility, order: Order) -> list[str]:
    offered = facility.offered
    terms = fit(offered, opioids=order.opioids)
    shown = [str(each.title) for each in CRITERIA if len(each.found(offered)) == len(each.evidence)]
    said = [str(ONGOING[terms.ongoing])] if terms.ongoing else []
    criteria = _("Criteria shown: %(count)d of %(all)d") % {
        "count": terms.criteria,
        "all": terms.of_criteria,
    }
    said.append(f"{criteria} ({', '.join(shown)})" if shown else criteria)
    values = {"count": terms.pieces, "all": terms.of_pieces}
    said.append(_("Pieces of evidence: %(count)d of %(all)d") % values)
    return [*said, _checked(facility)]


def _checked(facility: Facility) -> str:
    if facility.last_verified_on is None:
        return _("Checked by us: not yet")
    return _("Checked by us: %(day)s") % {"day": date_format(facility.last_verified_on)}
