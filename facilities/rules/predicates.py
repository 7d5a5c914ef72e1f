"""Conditions on a facility, as data.

A rule is declared once, with these classes. ``search/compile.py`` reads it as SQL and as a mask
over arrays; ``is_met_by_services`` reads it for one facility, from its services alone.
"""

from dataclasses import dataclass

from ..taxonomy import ServiceSet


@dataclass(frozen=True)
class AnyOf:
    """True if the facility offers at least one of ``services``; never true for an empty set."""

    services: ServiceSet


@dataclass(frozen=True)
class NoneOf:
    """False if the facility offers one of ``services``, unless it offers one of ``exceptions``."""

    services: ServiceSet
    exceptions: ServiceSet = ServiceSet()


@dataclass(frozen=True)
class HasVerifiedFact:
    """True if somebody verified at least one fact of the facility and the fact still holds."""


@dataclass(frozen=True)
class NameContains:
    """True if the facility's normalized name contains ``text``, which is normalized too."""

    text: str


@dataclass(frozen=True)
class AllOf:
    """True if every one of ``predicates`` is true; always true for none."""

    predicates: tuple["Predicate", ...]


@dataclass(frozen=True)
class EitherOf:
    """True if at least one of ``predicates`` is true; never true for none."""

    predicates: tuple["Predicate", ...]


Predicate = AnyOf | NoneOf | HasVerifiedFact | NameContains | AllOf | EitherOf
EVERY_FACILITY = AllOf(())


def is_met_by_services(predicate: Predicate, offered: ServiceSet) -> bool:
    """Names and verification are not services: conditions on them count as met."""
    match predicate:
        case AnyOf(services):
            return not offered.isdisjoint(services)
        case NoneOf(services, exceptions):
            return offered.isdisjoint(services) or not offered.isdisjoint(exceptions)
        case HasVerifiedFact() | NameContains():
            return True
        case AllOf(predicates):
            return all(is_met_by_services(part, offered) for part in predicates)
        case EitherOf(predicates):
            return any(is_met_by_services(part, offered) for part in predicates)
