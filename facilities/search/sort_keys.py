"""The keys that results can be sorted by, as data; ``compile.py`` reads them."""

from dataclasses import dataclass

from ..geo import Point
from ..rules.predicates import Predicate


@dataclass(frozen=True)
class RankKey:
    """Sorts by the value of the first case whose predicate is true, else 0; highest first."""

    cases: tuple[tuple[Predicate, int], ...]


@dataclass(frozen=True)
class CountKey:
    """Sorts by how many of ``predicates`` are true; highest first."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True)
class LastVerifiedKey:
    """Sorts by the day of the last verification; newest first, never verified last."""


@dataclass(frozen=True)
class DistanceKey:
    """Sorts by distance from ``point``; nearest first, without a position last."""

    point: Point


@dataclass(frozen=True)
class NameKey:
    """Sorts by normalized name, A to Z."""


SortKey = RankKey | CountKey | LastVerifiedKey | DistanceKey | NameKey
