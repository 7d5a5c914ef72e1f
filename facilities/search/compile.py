"""Reads predicates and sort keys, which are data, twice: for SQL and for arrays.

The search page answers from arrays, because facet counts need every candidate anyway; the admin,
the exports and the tests ask SQL. Both readings of a rule stand side by side here and nowhere
else, and tests compare them over random searches.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import numpy as np
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from numpy.typing import NDArray

from ..geo import unit_vector
from ..models.lookups import offers_any
from ..rules.predicates import AllOf, AnyOf, EitherOf, NameContains, NoneOf, Predicate, Verified
from .facility_arrays import FacilityArrays, Mask, rank_names
from .sort_keys import Count, Distance, LastVerified, Name, Rank, SortKey


def as_q(predicate: Predicate) -> Q:
    """Return the condition in SQL for the facilities of which ``predicate`` is true."""
    match predicate:
        case AnyOf(services):
            return offers_any(services)
        case NoneOf(services, exceptions):
            return ~offers_any(services) | offers_any(exceptions)
        case Verified():
            return Q(last_verified_on__isnull=False)
        case NameContains(text):
            return Q(name_key__contains=text)
        case AllOf(predicates):
            return reduce(and_, map(as_q, predicates), Q())
        case EitherOf(predicates):
            return reduce(or_, map(as_q, predicates)) if predicates else Q(pk__in=[])


def as_mask(predicate: Predicate, facilities: FacilityArrays) -> Mask:
    """Return shape (n,): True for each facility of which ``predicate`` is true."""
    match predicate:
        case AnyOf(services):
            return facilities.offering_any(services)
        case NoneOf(services, exceptions):
            mask = ~facilities.offering_any(services)
            return mask | facilities.offering_any(exceptions) if exceptions else mask
        case Verified():
            return facilities.verified > 0
        case NameContains(text):
            names = facilities.names.tolist()
            return np.fromiter((text in name for name in names), bool, len(names))
        case AllOf(predicates):
            masks = [as_mask(part, facilities) for part in predicates]
            return reduce(and_, masks) if masks else facilities.all_true
        case EitherOf(predicates):
            masks = [as_mask(part, facilities) for part in predicates]
            return reduce(or_, masks) if masks else ~facilities.all_true


def sort_queryset(facilities: QuerySet, keys: Sequence[SortKey]) -> QuerySet:
    """Sort by ``keys``, the first one counting most; ties end in the primary key."""
    order = []
    for number, key in enumerate(keys):
        match key:
            case Rank(cases):
                whens = [When(as_q(part), then=Value(value)) for part, value in cases]
                rank = Case(*whens, default=Value(0), output_field=IntegerField())
                facilities = facilities.annotate(**{f"sort_{number}": rank})
                order.append(F(f"sort_{number}").desc())
            case Count(predicates):
                total = sum(map(_one_if, predicates), Value(0, IntegerField()))
                facilities = facilities.annotate(**{f"sort_{number}": total})
                order.append(F(f"sort_{number}").desc())
            case LastVerified():
                order.append(F("last_verified_on").desc(nulls_last=True))
            case Distance(point):
                facilities = facilities.with_cosine(point)
                order.append(F("cosine").desc(nulls_last=True))
            case Name():
                order.append(F("name_key").asc())
    return facilities.order_by(*order, "pk")


def _one_if(predicate: Predicate) -> Case:
    return Case(When(as_q(predicate), then=Value(1)), default=Value(0), output_field=IntegerField())


def sort_positions(facilities: FacilityArrays, keys: Sequence[SortKey]) -> NDArray[np.intp]:
    """Return shape (n,): the positions of ``facilities`` in the order of ``keys``.

    The same order as ``sort_queryset``: numpy's ``lexsort`` sorts by its last key first and
    ascending, hence the reversal and the signs. The primary keys break ties.
    """
    values = [_sort_values(key, facilities) for key in keys]
    return np.lexsort((facilities.ids, *reversed(values)))


def _sort_values(key: SortKey, facilities: FacilityArrays) -> NDArray:
    """Return shape (n,): a number for each facility, smaller for those that come first."""
    match key:
        case Rank(cases):
            ranks = np.zeros(len(facilities), np.int64)
            # From the last case to the first: where several hold, the first one has the last word.
            for part, value in reversed(cases):
                ranks[as_mask(part, facilities)] = value
            return -ranks
        case Count(predicates):
            total = np.zeros(len(facilities), np.int64)
            for part in predicates:
                total -= as_mask(part, facilities)
            return total
        case LastVerified():
            return -facilities.verified
        case Distance(point):
            return -facilities.cosines(unit_vector(point))
        case Name():
            ranks = facilities.name_ranks
            return rank_names(facilities.names) if ranks is None else ranks
