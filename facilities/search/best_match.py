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
from ..rules.criteria import CRITERIA, PIECES, Shown, findings
from ..rules.medications import ACCEPTS, ONGOING, Ongoing, ongoing
from ..taxonomy import ServiceSet
from .compile import as_mask, as_q
from .facility_arrays import Rows

KEYS = (
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
class Fit:
    """Why one facility stands where it stands."""

    ongoing: Ongoing | None
    criteria: int
    pieces: int

    @property
    def of_criteria(self) -> int:
        return len(CRITERIA)

    @property
    def of_pieces(self) -> int:
        return len(PIECES)


def fit(offered: ServiceSet, *, opioids: bool) -> Fit:
    """The terms of one facility; ``opioids`` says whether the search is about opioids."""
    found = findings(offered, ServiceSet())
    return Fit(
        ongoing=ongoing(offered) if opioids else None,
        criteria=sum(each.answer is Shown.SHOWN for each in found),
        pieces=sum(len(each.found) for each in found),
    )


def keys(rows: Rows, *, opioids: bool) -> list[NDArray]:
    """What to sort by, the weightiest first, each (n,) and the greater the better."""
    criteria = np.zeros(len(rows), np.int64)
    pieces = np.zeros(len(rows), np.int64)
    for criterion in CRITERIA:
        held = [as_mask(piece.predicate, rows) for piece in criterion.evidence]
        criteria += np.logical_and.reduce(held)
        pieces += np.sum(held, axis=0)
    medication = [_ongoing_of(rows)] if opioids else []
    return [*medication, criteria, pieces, rows.verified]


def _ongoing_of(rows: Rows) -> NDArray[np.int64]:
    reported, accepted = rows.offering_any(ONGOING), rows.offering_any(ACCEPTS)
    return np.where(reported, Ongoing.REPORTED.value, accepted * Ongoing.ACCEPTED.value)


def ordering(*, opioids: bool) -> tuple[dict, list]:
    """Annotations and order for SQL: the same keys, the greatest first."""
    medication = Case(
        When(offers_any(ONGOING), then=Value(Ongoing.REPORTED.value)),
        When(offers_any(ACCEPTS), then=Value(Ongoing.ACCEPTED.value)),
        default=Value(Ongoing.NOT_REPORTED.value),
        output_field=IntegerField(),
    )
    annotations = {
        "fit_criteria": _sum(as_q(criterion.predicate) for criterion in CRITERIA),
        "fit_pieces": _sum(offers_any(piece.services) for piece in PIECES),
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
