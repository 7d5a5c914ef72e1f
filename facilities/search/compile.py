"""Reads a predicate twice: as a condition in SQL and as a mask over arrays."""

from functools import reduce
from operator import and_

from django.db.models import Q

from ..models.lookups import offers_any
from ..rules.predicates import AllOf, AnyOf, Predicate
from .facility_arrays import FacilityArrays, Mask


def as_q(predicate: Predicate) -> Q:
    """The facilities for which ``predicate`` is true, as a condition in SQL."""
    match predicate:
        case AnyOf(services):
            return offers_any(services)
        case AllOf(predicates):
            return reduce(and_, map(as_q, predicates), Q())


def as_mask(predicate: Predicate, rows: FacilityArrays) -> Mask:
    """Shape (n,): True for each row for which ``predicate`` is true."""
    match predicate:
        case AnyOf(services):
            return rows.offering_any(services)
        case AllOf(predicates):
            return reduce(and_, (as_mask(each, rows) for each in predicates), rows.all_true)
