"""Reads predicates and sort keys, which are data, twice: for SQL and for the search index.

The public pages ask the index; the admin, the exports and the tests ask SQL. Both readings of a
rule stand side by side here and nowhere else, and tests compare them over random searches.
"""

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Protocol

import numpy as np
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from numpy.typing import NDArray

from ..geo import Point
from ..models.lookups import offers_any
from ..rules.predicates import (
    AllOf,
    AnyOf,
    EitherOf,
    HasVerifiedFact,
    NameContains,
    NoneOf,
    Predicate,
)
from ..taxonomy import ServiceSet
from .bits import SLOTS, Bits, unpack_bits
from .columns import offers_service
from .sort_keys import CountKey, DistanceKey, LastVerifiedKey, NameKey, RankKey, SortKey

Slots = NDArray[np.intp]


class BitSource(Protocol):
    """What answers predicates with one bit for each facility: an index, or a part of one."""

    blocks: int

    def column(self, predicate: Predicate) -> Bits | None:
        """Return the bits of a predicate that are at hand, else None."""

    def names_containing(self, text: str) -> Bits:
        """Return bits of the facilities whose normalized names contain ``text``."""


class SortableFacilities(BitSource, Protocol):
    """What facilities are sorted by, each a number for each slot asked for."""

    def scores(self, key: SortKey, slots: Slots) -> NDArray[np.uint8] | None:
        """Return the values of a key that are at hand, else None."""

    def verified(self, slots: Slots) -> NDArray[np.int32]: ...

    def cosines(self, point: Point, slots: Slots) -> NDArray[np.float64]: ...

    def name_places(self, slots: Slots) -> NDArray: ...

    def ids(self, slots: Slots) -> NDArray[np.int64]: ...


def predicate_as_q(predicate: Predicate) -> Q:
    """Return the condition in SQL for the facilities of which ``predicate`` is true."""
    match predicate:
        case AnyOf(services):
            return offers_any(services)
        case NoneOf(services, exceptions):
            return ~offers_any(services) | offers_any(exceptions)
        case HasVerifiedFact():
            return Q(last_verified_on__isnull=False)
        case NameContains(text):
            return Q(name_key__contains=text)
        case AllOf(predicates):
            return reduce(and_, map(predicate_as_q, predicates), Q())
        case EitherOf(predicates):
            return reduce(or_, map(predicate_as_q, predicates)) if predicates else Q(pk__in=[])


def predicate_as_bits(predicate: Predicate, source: BitSource) -> Bits:
    """Return shape (blocks,): words with a bit for each facility of which ``predicate`` is true.

    The bits of slots without a facility mean nothing.
    """
    column = source.column(predicate)
    if column is not None:
        return column
    match predicate:
        case AnyOf(services):
            return _join(np.bitwise_or, [source.column(one) for one in _each(services)], source)
        case NoneOf(services, exceptions):
            return ~predicate_as_bits(AnyOf(services), source) | predicate_as_bits(
                AnyOf(exceptions), source
            )
        case NameContains(text):
            return source.names_containing(text)
        case AllOf(predicates):
            parts = [predicate_as_bits(part, source) for part in predicates]
            return _join(np.bitwise_and, parts, source)
        case EitherOf(predicates):
            return _join(
                np.bitwise_or, [predicate_as_bits(part, source) for part in predicates], source
            )
    raise TypeError(f"No column answers {predicate}.")


def _join(ufunc: np.ufunc, parts: list[Bits], source: BitSource) -> Bits:
    """Join by a ufunc; of no parts at all every facility is in AND, none in OR."""
    if not parts:
        return np.full(source.blocks, ufunc.identity, np.int64).view(np.uint64)
    return reduce(ufunc, parts)


@lru_cache(maxsize=1_000)
def _each(services: ServiceSet) -> tuple[AnyOf, ...]:
    return tuple(map(offers_service, services))


def sort_queryset(facilities: QuerySet, keys: Sequence[SortKey]) -> QuerySet:
    """Sort by ``keys``, the first one counting most; ties end in the primary key."""
    order = []
    for number, key in enumerate(keys):
        match key:
            case RankKey(cases):
                whens = [When(predicate_as_q(part), then=Value(value)) for part, value in cases]
                rank = Case(*whens, default=Value(0), output_field=IntegerField())
                facilities = facilities.annotate(**{f"sort_{number}": rank})
                order.append(F(f"sort_{number}").desc())
            case CountKey(predicates):
                total = sum(map(_one_if, predicates), Value(0, IntegerField()))
                facilities = facilities.annotate(**{f"sort_{number}": total})
                order.append(F(f"sort_{number}").desc())
            case LastVerifiedKey():
                order.append(F("last_verified_on").desc(nulls_last=True))
            case DistanceKey(point):
                facilities = facilities.with_cosine(point)
                order.append(F("cosine").desc(nulls_last=True))
            case NameKey():
                order.append(F("name_key").asc())
    return facilities.order_by(*order, "pk")


def _one_if(predicate: Predicate) -> Case:
    return Case(
        When(predicate_as_q(predicate), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )


def sort_values(key: SortKey, source: BitSource) -> NDArray[np.uint8]:
    """Return shape (slots,): the value of ``key``, larger for those that come first."""
    values = np.zeros(SLOTS * source.blocks, np.uint8)
    match key:
        case RankKey(cases):
            # From the last case to the first: where several hold, the first has the last word.
            for part, value in reversed(cases):
                values[unpack_bits(predicate_as_bits(part, source))] = value
        case CountKey(predicates):
            for part in predicates:
                values += unpack_bits(predicate_as_bits(part, source))
    return values


def sort_slots(
    facilities: SortableFacilities, selected: Bits, keys: Sequence[SortKey], most: int
) -> Slots:
    """Return the slots of the first ``most`` of the selected facilities in the order of ``keys``.

    The same order as ``sort_queryset``. Each key sets apart those that are among the first by it
    alone, and only its ties go on to the next key; at last these few are sorted.
    """
    tied, first = np.flatnonzero(unpack_bits(selected)), np.empty(0, np.intp)
    for key in (*keys, None):
        wanted = most - len(first)
        if len(tied) <= wanted:
            break
        values = _sort_values(key, facilities, tied)
        limit = np.partition(values, wanted - 1)[wanted - 1]
        first = np.concatenate((first, tied[values < limit]))
        tied = tied[values == limit]
    first = np.concatenate((first, tied))
    # numpy sorts by the last key first
    values = [_sort_values(key, facilities, first) for key in (*keys, None)]
    return first[np.lexsort(values[::-1])][:most]


def _sort_values(key: SortKey | None, facilities: SortableFacilities, slots: Slots) -> NDArray:
    """Return a number for each slot, smaller for those that come first; None: primary keys."""
    match key:
        case RankKey() | CountKey():
            values = facilities.scores(key, slots)
            return ~(sort_values(key, facilities)[slots] if values is None else values)
        case LastVerifiedKey():
            return -facilities.verified(slots)
        case DistanceKey(point):
            cosines = facilities.cosines(point, slots)
            return np.where(np.isnan(cosines), 2, -cosines)  # without a position last
        case NameKey():
            return facilities.name_places(slots)
    return facilities.ids(slots)
