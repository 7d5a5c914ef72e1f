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
from .facility_arrays import Mask, Rows


class Mode(Enum):
    """How the chosen options of one group go together."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True)
class Option:
    """One box to tick: offers something of each of ``needs``, and does not exclude who needs it.

    Each of ``bars`` keeps out a facility that lists something of its first set (alcohol only, a
    medication not allowed) unless it lists something of its second. Its words are those of the
    service ``named``, else of the service that bears its slug, else its own.
    """

    slug: str
    needs: tuple[ServiceSet, ...]
    bars: tuple[tuple[ServiceSet, ServiceSet], ...] = ()
    named: str = ""
    own_label: str = ""
    own_help: str = ""

    def label(self, language: str) -> str:
        return str(self.own_label) or VOCABULARY[self.named or self.slug].label(language)

    def help(self, language: str) -> str:
        return str(self.own_help) or VOCABULARY[self.named or self.slug].help(language)

    def q(self) -> Q:
        condition = reduce(and_, (offers_any(services) for services in self.needs))
        for barring, admitting in self.bars:
            condition &= ~offers_any(barring) | offers_any(admitting)
        return condition

    def keep(self, rows: Rows) -> Mask:
        mask = reduce(np.logical_and, (rows.offering_any(services) for services in self.needs))
        for barring, admitting in self.bars:
            mask = mask & (~rows.offering_any(barring) | rows.offering_any(admitting))
        return mask

    def is_offered(self, offered: ServiceSet) -> bool:
        """Whether something of each of ``needs`` is offered; bars are the search's to mind."""
        return all(offered & services for services in self.needs)

    @cached_property
    def position(self) -> int | None:
        """The bit that alone decides, if one does."""
        if self.bars or len(self.needs) != 1 or len(self.needs[0]) != 1:
            return None
        return next(iter(self.needs[0])).position

    def count(self, rows: Rows) -> int:
        if self.position is not None:
            return int(rows.totals[self.position])
        return int(np.count_nonzero(self.keep(rows)))


@dataclass(frozen=True)
class CheckedOption(Option):
    """Facilities of which somebody here checked at least one fact that still stands."""

    needs: tuple[ServiceSet, ...] = ()

    def q(self) -> Q:
        return Q(last_verified_on__isnull=False)

    def keep(self, rows: Rows) -> Mask:
        return rows.verified > 0


def option(slug: str) -> Option:
    """The option of one service of the vocabulary."""
    return Option(slug, (ServiceSet.of(slug),))


@dataclass(frozen=True)
class Group:
    """Options under one heading; ``name`` is its parameter in the search's address.

    ``common`` are shown first, ``rare`` behind "more".
    """

    name: str
    heading: str
    mode: Mode
    common: tuple[Option, ...]
    rare: tuple[Option, ...] = ()

    @cached_property
    def options(self) -> dict[str, Option]:
        return {option.slug: option for option in (*self.common, *self.rare)}

    @property
    def takes_all(self) -> bool:
        return self.mode is Mode.ALL

    def q(self, chosen: Sequence[str]) -> Q:
        """The condition in SQL; no choice is no condition."""
        join = and_ if self.takes_all else or_
        return reduce(join, (self.options[slug].q() for slug in chosen), Q())

    def keep(self, rows: Rows, chosen: Sequence[str]) -> Mask:
        """The same condition over arrays."""
        if not chosen:
            return rows.everyone
        join = np.logical_and if self.takes_all else np.logical_or
        return reduce(join, (self.options[slug].keep(rows) for slug in chosen))

    def counts(self, rows: Rows, chosen: Sequence[str]) -> dict[str, int]:
        """How many of ``rows`` would be found with each option added to ``chosen``.

        ``rows`` are those that every other group keeps. A chosen option counts what is found now.
        """
        own = self.keep(rows, chosen)
        if self.takes_all or not chosen:
            found, gained = 0, rows.take(own) if chosen else rows
        else:
            found, gained = int(np.count_nonzero(own)), rows.take(~own)
        return {slug: found + option.count(gained) for slug, option in self.options.items()}
