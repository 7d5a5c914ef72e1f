"""Best fit: the explained order. No secret score: a few plain keys, one after the other.

``KEYS`` says them in words for the page that explains the order; ``keys`` and ``ordering`` state
them for arrays and for SQL, and a test holds the two together.
"""

from dataclasses import dataclass

import numpy as np
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from ..models.lookups import offers_any
from ..rules.criteria import ALL_EVIDENCE, CRITERIA, CriterionStatus, evaluate_criteria
from ..rules.medications import (
    ACCEPTS_EXTERNAL_PRESCRIPTION,
    MAINTENANCE,
    MaintenanceStatus,
    maintenance_status,
)
from ..taxonomy import ServiceSet
from .compile import as_mask, as_q
from .facility_arrays import FacilityArrays

KEY_DESCRIPTIONS = (
    _(
        "In a search about opioids: ongoing medication reported, then “accepts what others"
        " prescribe”, then not reported."
    ),
    _("How many of the five criteria are shown."),
    _("How many pieces of evidence there are."),
    _("Checked by us, the newest first."),
    _("Distance; by name where no place was given."),
)


@dataclass(frozen=True)
class MatchScore:
    """Why one facility stands where it stands."""

    maintenance: MaintenanceStatus | None
    criteria_shown: int
    evidence_count: int

    @property
    def criteria_total(self) -> int:
        return len(CRITERIA)

    @property
    def evidence_total(self) -> int:
        return len(ALL_EVIDENCE)


def match_score(offered: ServiceSet, *, opioids: bool) -> MatchScore:
    """The terms of one facility; ``opioids`` says whether the search is about opioids."""
    found = evaluate_criteria(offered, ServiceSet())
    return MatchScore(
        maintenance=maintenance_status(offered) if opioids else None,
        criteria_shown=sum(each.status is CriterionStatus.SHOWN for each in found),
        evidence_count=sum(len(each.evidence) for each in found),
    )


def sort_keys(rows: FacilityArrays, *, opioids: bool) -> list[NDArray]:
    """What to sort by, the weightiest first, each (n,) and the greater the better."""
    criteria = np.zeros(len(rows), np.int64)
    pieces = np.zeros(len(rows), np.int64)
    for criterion in CRITERIA:
        held = [as_mask(piece.predicate, rows) for piece in criterion.evidence]
        criteria += np.logical_and.reduce(held)
        pieces += np.sum(held, axis=0)
    medication = [_ongoing_of(rows)] if opioids else []
    return [*medication, criteria, pieces, rows.verified]


def _ongoing_of(rows: FacilityArrays) -> NDArray[np.int64]:
    reported, accepted = (
        rows.offering_any(MAINTENANCE),
        rows.offering_any(ACCEPTS_EXTERNAL_PRESCRIPTION),
    )
    return np.where(
        reported, MaintenanceStatus.REPORTED.value, accepted * MaintenanceStatus.ACCEPTED.value
    )


def ordering(*, opioids: bool) -> tuple[dict, list]:
    """Annotations and order for SQL: the same keys, the greatest first."""
    medication = Case(
        When(offers_any(MAINTENANCE), then=Value(MaintenanceStatus.REPORTED.value)),
        When(
            offers_any(ACCEPTS_EXTERNAL_PRESCRIPTION), then=Value(MaintenanceStatus.ACCEPTED.value)
        ),
        default=Value(MaintenanceStatus.NOT_REPORTED.value),
        output_field=IntegerField(),
    )
    annotations = {
        "fit_criteria": _sum(as_q(criterion.predicate) for criterion in CRITERIA),
        "fit_pieces": _sum(offers_any(piece.services) for piece in ALL_EVIDENCE),
    }
    if opioids:
        annotations = {"fit_ongoing": medication} | annotations
    order = [F(name).desc() for name in annotations]
    return annotations, [*order, F("last_verified_on").desc(nulls_last=True)]


def _sum(conditions):
    total = Value(0, IntegerField())
    for condition in conditions:
        total = total + _one_if(condition)
    return total


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
