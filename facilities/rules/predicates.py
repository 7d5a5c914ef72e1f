"""Conditions on a facility, as data; ``search/compile.py`` reads them for SQL and for arrays."""

from dataclasses import dataclass

from ..taxonomy import ServiceSet


@dataclass(frozen=True)
class AnyOf:
    """True if at least one of ``services`` is offered; never true for an empty set."""

    services: ServiceSet


@dataclass(frozen=True)
class AllOf:
    """True if every one of ``predicates`` is true."""

    predicates: tuple["Predicate", ...]


Predicate = AnyOf | AllOf
