"""What a filter is: options of services in groups, read by SQL and by arrays alike.

Each group states the same rule twice, as ``q()`` for SQL and as ``keep()`` for arrays; a test
holds the two together. Nothing outside this package knows a filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, reduce
from operator import and_, or_

import numpy as np
from django.db.models import Q

from ..models.lookups import offers_any
from ..taxonomy import VOCABULARY, ServiceSet
from .facility_arrays import FacilityArrays, Mask


class MatchMode(Enum):
    """How the chosen options of one group go together."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True)
class FilterOption:
    """One checkbox: offers any service of each set in ``requires_any`` and excludes nobody.

    Each pair in ``excluded_by`` rules out a facility that lists a service of the first set
    (alcohol only, a medication not allowed) unless it also lists one of the second. The label is
    that of ``label_service``, else of the service with this slug, else ``own_label``.
    """

    slug: str
    requires_any: tuple[ServiceSet, ...]
    excluded_by: tuple[tuple[ServiceSet, ServiceSet], ...] = ()
    label_service: str = ""
    own_label: str = ""
    own_help: str = ""

    def label(self, language: str) -> str:
        return str(self.own_label) or VOCABULARY[self.label_service or self.slug].label(language)

    def help(self, language: str) -> str:
        return str(self.own_help) or VOCABULARY[self.label_service or self.slug].help(language)

    def q(self) -> Q:
        condition = reduce(and_, (offers_any(services) for services in self.requires_any))
        for barring, admitting in self.excluded_by:
            condition &= ~offers_any(barring) | offers_any(admitting)
        return condition

    def keep(self, rows: FacilityArrays) -> Mask:
        mask = reduce(
            np.logical_and, (rows.offering_any(services) for services in self.requires_any)
        )
        for barring, admitting in self.excluded_by:
            mask = mask & (~rows.offering_any(barring) | rows.offering_any(admitting))
        return mask

    def is_offered(self, offered: ServiceSet) -> bool:
        """True if each set in ``requires_any`` has a service in ``offered``; no exclusions."""
        return all(offered & services for services in self.requires_any)

    @cached_property
    def position(self) -> int | None:
        """The bit that alone decides, if one does."""
        if self.excluded_by or len(self.requires_any) != 1 or len(self.requires_any[0]) != 1:
            return None
        return next(iter(self.requires_any[0])).position

    def count(self, rows: FacilityArrays) -> int:
        if self.position is not None:
            return int(rows.service_counts[self.position])
        return int(np.count_nonzero(self.keep(rows)))


@dataclass(frozen=True)
class VerifiedOption(FilterOption):
    """Facilities of which somebody here checked at least one fact that still stands."""

    requires_any: tuple[ServiceSet, ...] = ()

    def q(self) -> Q:
        return Q(last_verified_on__isnull=False)

    def keep(self, rows: FacilityArrays) -> Mask:
        return rows.verified > 0


def service_option(slug: str) -> FilterOption:
    """The option of one service of the vocabulary."""
    return FilterOption(slug, (ServiceSet.of(slug),))


@dataclass(frozen=True)
class FilterGroup:
    """Options under one heading; ``name`` is its parameter in the search's address.

    ``primary`` are shown first, ``secondary`` behind "more".
    """

    name: str
    heading: str
    mode: MatchMode
    primary: tuple[FilterOption, ...]
    secondary: tuple[FilterOption, ...] = ()

    @cached_property
    def options(self) -> dict[str, FilterOption]:
        return {
            service_option.slug: service_option
            for service_option in (*self.primary, *self.secondary)
        }

    @property
    def takes_all(self) -> bool:
        return self.mode is MatchMode.ALL

    def q(self, chosen: Sequence[str]) -> Q:
        """The condition in SQL; no choice is no condition."""
        join = and_ if self.takes_all else or_
        return reduce(join, (self.options[slug].q() for slug in chosen), Q())

    def keep(self, rows: FacilityArrays, chosen: Sequence[str]) -> Mask:
        """The same condition over arrays."""
        if not chosen:
            return rows.all_true
        join = np.logical_and if self.takes_all else np.logical_or
        return reduce(join, (self.options[slug].keep(rows) for slug in chosen))

    def counts(self, rows: FacilityArrays, chosen: Sequence[str]) -> dict[str, int]:
        """How many of ``rows`` would be found with each option added to ``chosen``.

        ``rows`` are those that every other group keeps. A chosen option counts what is found now.
        """
        own = self.keep(rows, chosen)
        if self.takes_all or not chosen:
            found, gained = 0, rows.filter(own) if chosen else rows
        else:
            found, gained = int(np.count_nonzero(own)), rows.filter(~own)
        return {
            slug: found + service_option.count(gained)
            for slug, service_option in self.options.items()
        }
