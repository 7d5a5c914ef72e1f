"""What all sources together state of a facility, fact by fact. No I/O.

``resolve.py`` says in which order the sources count. What a list states beside the first source is
noted with its own source, and where two sources state different things, that is a disagreement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..facts.registry import FACTS, STATED_FACTS, UNSTATED_FACTS
from ..facts.stored_values import DENIED, OFFERED
from ..rules.source_order import LOCATOR, is_local_list_source, source_rank
from ..sources.rows import ALL_FACTS, FacilityRow, StatedCredential
from ..taxonomy import ServiceSet, services_denied_by
from .release_statements import Disagreement, ReleaseStatement

# An address counts as a whole: one list's suite does not belong to another one's street.
ADDRESS = frozenset({"name", "program_name", "street", "street2", "city", "state", "zip"})
# Names are spelled in many ways; an address that one list keeps private is private.
UNDISPUTED = frozenset({"name", "program_name", "is_address_confidential"})


@dataclass(frozen=True, slots=True)
class CombinedStatement:
    """``explicitly_denied``: what a list denies in so many words; ``denied``: also what follows.

    ``fact_sources``: as ``Facility.fact_sources``.
    """

    values: Mapping[str, Any]
    offered: ServiceSet = field(default_factory=ServiceSet)
    denied: ServiceSet = field(default_factory=ServiceSet)
    explicitly_denied: ServiceSet = field(default_factory=ServiceSet)
    fact_sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    contradictions: tuple[Disagreement, ...] = ()
    credentials: tuple[StatedCredential, ...] = ()


def rank_statements(statements: Iterable[ReleaseStatement]) -> list[ReleaseStatement]:
    return sorted(
        statements, key=lambda statement: (statement.is_dropped, source_rank(statement.source))
    )


def locator_first(ranked: Sequence[ReleaseStatement]) -> list[ReleaseStatement]:
    """Return the statements with the locator before the directory; other lists stay in place."""
    samhsa = sorted(
        (statement for statement in ranked if not is_local_list_source(statement.source)),
        key=lambda statement: (statement.is_dropped, statement.source != LOCATOR),
    )
    in_order = iter(samhsa)
    return [each if is_local_list_source(each.source) else next(in_order) for each in ranked]


def combine_statements(ranked: Sequence[ReleaseStatement]) -> CombinedStatement:
    """Combine statements that are in order, the first of which counts first."""
    if not ranked:
        return CombinedStatement(
            # In the order of ``_values_of``: rows are written to the database as lists of values.
            {name: FACTS[name].default for name in (*UNSTATED_FACTS, *STATED_FACTS)}
        )
    first, *others = _speaking(ranked)
    combined = _Combination(first)
    for statement in others:
        combined.add(statement)
    websites = (statement.row.website for statement in locator_first(ranked))
    combined.values["website"] = next(filter(None, websites), "")
    return combined.result()


def _speaking(ranked: Sequence[ReleaseStatement]) -> Iterator[ReleaseStatement]:
    """Yield the local lists, and of SAMHSA's two files the one that counts first."""
    has_samhsa = False
    for statement in ranked:
        if is_local_list_source(statement.source) or not has_samhsa:
            yield statement
        has_samhsa |= not is_local_list_source(statement.source)


class _Combination:
    """What is stated so far; each further statement counts less than those before it."""

    def __init__(self, first: ReleaseStatement) -> None:
        self.values = _values_of(first.row)
        self.offered, self.denied = first.row.offered, first.row.denied - first.row.offered
        self.sources = dict(first.row.fact_sources)
        self.contradictions: dict[str, Disagreement] = {}
        self.credentials: dict[tuple[str, str, str], StatedCredential] = {}
        self._add_credentials(first)

    def add(self, statement: ReleaseStatement) -> None:
        for name, value in _values_of(statement.row).items():
            default = FACTS[name].default
            if value == default or value == self.values[name]:
                continue
            if self.values[name] == default and name not in ADDRESS:
                self.values[name] = value
                self._note_source(statement, name)
            elif name not in UNDISPUTED:
                self._contradict(statement, name, self.values[name], value)
        self._add_services(statement)
        self._add_credentials(statement)

    def _add_credentials(self, statement: ReleaseStatement) -> None:
        for credential in _credentials_of(statement):
            self.credentials.setdefault(credential.key, credential)

    def _add_services(self, statement: ReleaseStatement) -> None:
        row = statement.row
        denied = self._all_denied()
        for service in row.denied & self.offered:
            self._contradict(statement, service.fact, OFFERED, DENIED)
        for service in row.offered & denied:
            self._contradict(statement, service.fact, DENIED, OFFERED)
        new_offered, new_denied = row.offered - self.offered - denied, row.denied - self.offered
        for service in (new_offered | new_denied) - denied:
            self._note_source(statement, service.fact)
        self.offered |= new_offered
        self.denied |= new_denied - new_offered

    def _all_denied(self) -> ServiceSet:
        return (self.denied | services_denied_by(self.offered)) - self.offered

    def _note_source(self, statement: ReleaseStatement, fact: str) -> None:
        stated = statement.row.fact_sources
        self.sources[fact] = stated.get(fact) or stated.get(ALL_FACTS) or statement.origin

    def _contradict(self, statement: ReleaseStatement, fact: str, shown: Any, other: Any) -> None:
        self.contradictions.setdefault(fact, Disagreement(fact, shown, other, statement.release_id))

    def result(self) -> CombinedStatement:
        return CombinedStatement(
            values=self.values,
            offered=self.offered,
            denied=self._all_denied(),
            explicitly_denied=self.denied,
            fact_sources=self.sources,
            contradictions=tuple(self.contradictions[fact] for fact in sorted(self.contradictions)),
            credentials=tuple(self.credentials.values()),
        )


def _values_of(row: FacilityRow) -> dict[str, Any]:
    values = {name: row.more.get(name, FACTS[name].default) for name in UNSTATED_FACTS}
    values |= {name: getattr(row, name) for name in STATED_FACTS}
    values["intake_phones"] = [dict(phone) for phone in row.intake_phones]
    return values


def _credentials_of(statement: ReleaseStatement) -> Iterator[StatedCredential]:
    """Yield them with the source and day that they have themselves, else with those of the list."""
    origin = statement.origin
    for credential in statement.row.credentials:
        yield replace(
            credential,
            source=credential.source or f"{origin['source']} {origin['edition']}",
            checked_on=credential.checked_on or date.fromisoformat(origin["date"]),
        )
