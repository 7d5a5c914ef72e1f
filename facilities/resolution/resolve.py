"""Decides what is shown of a facility, from what files state and what people checked. No I/O.

The order of precedence, fact by fact:

1. The newest check that confirmed or corrected the fact. A check that could not confirm it leaves
   the value as it is, but the fact no longer counts as checked.
2. The sources, in the order of ``rules/source_order.py``: the directory, then the locator. A
   release that still lists the facility outranks one whose successor dropped it. Of SAMHSA's two
   the first counts as a whole; the website and the street position come from the locator first. A
   local list states only what it has, and fills in what those before it leave out. A phone number
   that the release withholds (see imports/shared_phones.py) stays as it was.

If a file states something else than it did when the fact was checked, and something else than is
shown, the shown value stays and the two disagree: a person settles that. So it is for what a
release withholds, and where a local list and another source state different things.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..facts.registry import PHONE, UNSTATED_FACTS, fact_age_kind, service_of_fact
from ..facts.stored_values import (
    DENIED,
    DRAFT,
    HIDDEN,
    LISTED,
    OFFERED,
    STATUSES,
    UNCONFIRMED,
    WITHDRAWN,
)
from ..matching.similarity import normalize_address
from ..rules.freshness import is_fresh
from ..sources.rows import STREET, Position, StatedCredential
from ..taxonomy import Service, ServiceSet, services_denied_by
from .combined_statement import (
    CombinedStatement,
    combine_statements,
    locator_first,
    rank_statements,
)
from .release_statements import CheckedFact, Disagreement, ReleaseStatement


@dataclass(frozen=True, slots=True)
class ResolvedFacility:
    """What is shown of a facility, and what files alone state of it.

    ``values``: the facts that are columns of the model. ``position``: (latitude, longitude) in
    degrees; None means the center of the ZIP code. ``source_release_id``: the release whose row
    counts first. ``stated`` and ``stated_offered``: the values that the files state.
    """

    values: Mapping[str, Any]
    offered: ServiceSet
    denied: ServiceSet
    status: str
    position: tuple[float, float] | None
    position_origin: str
    last_verified_on: date | None
    source_release_id: int | None
    disagreements: tuple[Disagreement, ...] = ()
    stated: Mapping[str, Any] = field(default_factory=dict)
    stated_offered: ServiceSet = field(default_factory=ServiceSet)
    stated_denied: ServiceSet = field(default_factory=ServiceSet)
    fact_sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    credentials: tuple[StatedCredential, ...] = ()

    def shown_value(self, fact: str) -> Any:
        """Return what is shown of a fact, in the form that a verification stores.

        Raises KeyError if there is no such fact.
        """
        if service := service_of_fact(fact):
            return _answer(service, self.offered, self.denied)
        own = {"position": list(self.position or ()) or None, "status": self.status}
        return own[fact] if fact in own else self.values[fact]

    def source_value(self, fact: str) -> Any:
        """Return what the files state of a fact, in the same form."""
        if service := service_of_fact(fact):
            return _answer(service, self.stated_offered, self.stated_denied)
        return self.stated[fact]


def resolve_facts(
    statements: Iterable[ReleaseStatement], verifications: Iterable[CheckedFact], today: date
) -> ResolvedFacility:
    """Resolve one facility as the module says. Verifications may come in any order."""
    ranked = rank_statements(statements)
    combined = combine_statements(ranked)
    verifications = tuple(verifications)
    checks = _newest_by_fact(check for check in verifications if check.outcome != UNCONFIRMED)
    newest = _newest_by_fact(verifications)
    # A value outlives a later "could not confirm", but its day and its protection do not.
    counted = [check for fact, check in checks.items() if newest[fact].outcome != UNCONFIRMED]
    stated = dict(combined.values)
    withheld = _withheld_phone(ranked, checks)
    checked = {fact: check.value_after for fact, check in checks.items() if fact in stated}
    values = stated | withheld | checked
    # After the checks, because a position counts only for the address that is shown.
    stated_position = _stated_position(ranked, values)
    position, origin = _resolve_position(stated_position, checks)
    offered, denied = _resolve_services(combined, checks)
    status = _resolve_status(ranked, checks, counted, today)
    stated = stated | {
        "position": _degrees(stated_position),
        "status": _stated_status(ranked),
    }
    disagreements: tuple[Disagreement, ...] = ()
    if checks or withheld:  # most facilities have neither, and an import resolves them all
        shown_values = _shown_values(values, position, status, checks, offered, denied)
        source_values = stated | _stated_answers(combined, checks)
        disagreements = _find_disagreements(ranked, checks, shown_values, source_values, withheld)
    if combined.contradictions:
        settled = {*checks, *(disagreement.fact for disagreement in disagreements)}
        disagreements += tuple(each for each in combined.contradictions if each.fact not in settled)
    return ResolvedFacility(
        values=values,
        offered=offered,
        denied=denied,
        status=status,
        position=position,
        position_origin=origin,
        last_verified_on=max((check.checked_at.date() for check in counted), default=None),
        source_release_id=ranked[0].release_id if ranked else None,
        disagreements=disagreements,
        stated=stated,
        stated_offered=combined.offered,
        stated_denied=combined.denied,
        fact_sources={
            fact: source for fact, source in combined.fact_sources.items() if fact not in checks
        },
        credentials=combined.credentials,
    )


def _newest_by_fact(verifications: Iterable[CheckedFact]) -> dict[str, CheckedFact]:
    by_age = sorted(verifications, key=lambda check: check.checked_at)
    return {check.fact: check for check in by_age}


def _withheld_phone(
    ranked: Sequence[ReleaseStatement], checks: Mapping[str, CheckedFact]
) -> Mapping[str, Any]:
    """Return the number and extension shown before the release that withholds its own.

    Return nothing once a person has found another number: that settles it.
    """
    withheld = ranked[0].withheld if ranked else {}
    if withheld and PHONE in checks and checks[PHONE].value_after != withheld[PHONE]:
        return {}
    return withheld


def _resolve_position(
    stated: Position | None, checks: Mapping[str, CheckedFact]
) -> tuple[tuple[float, float] | None, str]:
    if "position" in checks and checks["position"].value_after:
        latitude, longitude = checks["position"].value_after
        return (latitude, longitude), "hand"
    if stated is None:
        return None, ""
    return (stated.point.latitude, stated.point.longitude), stated.origin


def _degrees(position: Position | None) -> list[float] | None:
    return [position.point.latitude, position.point.longitude] if position else None


def _stated_position(
    ranked: Sequence[ReleaseStatement], values: Mapping[str, Any]
) -> Position | None:
    """Return the best position that files give of the address shown.

    The position of another address, such as the one before a move, would mislead. A position that
    is only the center of a ZIP code counts wherever that ZIP code is shown.
    """
    address = normalize_address(values["street"], values["zip"])
    rows = [statement.row for statement in locator_first(ranked) if statement.row.position]
    streets = (
        row.position
        for row in rows
        if row.position.origin == STREET and normalize_address(row.street, row.zip) == address
    )
    centers = (
        row.position for row in rows if row.position.origin != STREET and row.zip == values["zip"]
    )
    return next(streets, None) or next(centers, None)


def _resolve_services(
    combined: CombinedStatement, checks: Mapping[str, CheckedFact]
) -> tuple[ServiceSet, ServiceSet]:
    stated = combined.offered
    if not checks:
        return stated, combined.denied
    verified = {
        service: check.value_after
        for fact, check in checks.items()
        if (service := service_of_fact(fact)) is not None
    }
    yes, no = (
        ServiceSet.of(*(service for service, value in verified.items() if value == wanted))
        for wanted in (OFFERED, DENIED)
    )
    checked = ServiceSet.of(*verified)
    offered = (stated - checked) | yes
    # Some services deny others, as "no opioid medication" does; a person's own answer wins.
    denied = ((services_denied_by(offered) | combined.explicitly_denied) - checked) | no
    return offered, denied - offered


def _stated_answers(
    combined: CombinedStatement, checks: Mapping[str, CheckedFact]
) -> dict[str, str | None]:
    return {
        fact: _answer(service, combined.offered, combined.denied)
        for fact in checks
        if (service := service_of_fact(fact)) is not None
    }


def _answer(service: Service, offered: ServiceSet, denied: ServiceSet) -> str | None:
    if service in offered:
        return OFFERED
    return DENIED if service in denied else None


def is_withdrawn(statements: Sequence[ReleaseStatement]) -> bool:
    """Whether every file that stated a facility has dropped it."""
    return bool(statements) and all(statement.is_dropped for statement in statements)


def _stated_status(ranked: Sequence[ReleaseStatement]) -> str:
    return WITHDRAWN if is_withdrawn(ranked) else LISTED


def _resolve_status(
    ranked: Sequence[ReleaseStatement],
    checks: Mapping[str, CheckedFact],
    counted: Iterable[CheckedFact],
    today: date,
) -> str:
    """Return the status that a person set, unless it is "listed".

    "Listed", like any other check, keeps a facility that files dropped for as long as it is fresh:
    nobody can know for longer that it is still there. To list it again once it was dropped takes
    a check of the status itself, behind which two people stand.
    """
    checked = checks["status"].value_after if "status" in checks else LISTED
    if checked in STATUSES and checked != LISTED:
        return checked
    stated = _stated_status(ranked)
    if stated == WITHDRAWN and any(
        is_fresh(fact_age_kind(check.fact), check.checked_at.date(), today)
        and (check.fact == "status" or _precedes_drop(check, ranked))
        for check in counted
    ):
        return LISTED
    return stated


def _precedes_drop(check: CheckedFact, ranked: Sequence[ReleaseStatement]) -> bool:
    """Whether the facility was checked while a file still listed it."""
    return any(
        statement.dropped_at is None or check.checked_at < statement.dropped_at
        for statement in ranked
    )


def _shown_values(values, position, status, checks, offered, denied) -> dict[str, Any]:
    services = {fact: service_of_fact(fact) for fact in checks}
    answers = {
        fact: _answer(service, offered, denied) for fact, service in services.items() if service
    }
    return values | answers | {"position": list(position or ()) or None, "status": status}


def _find_disagreements(
    ranked: Sequence[ReleaseStatement],
    checks: Mapping[str, CheckedFact],
    shown: Mapping[str, Any],
    stated: Mapping[str, Any],
    withheld: Mapping[str, Any],
) -> tuple[Disagreement, ...]:
    if not ranked:
        return ()
    disagreements = [
        Disagreement(fact, shown[fact], stated[fact], ranked[0].release_id)
        for fact, check in checks.items()
        if fact in stated
        and fact not in UNSTATED_FACTS
        and fact != "status"
        and stated[fact] not in (shown[fact], check.source_value)
    ]
    if PHONE in withheld and PHONE not in checks:
        release_id = ranked[0].release_id
        disagreements.append(Disagreement(PHONE, shown[PHONE], stated[PHONE], release_id))
    if _is_status_disputed(shown["status"], stated["status"], checks):
        dropped_in = ranked[0].dropped_in if ranked[0].is_dropped else ranked[0].release_id
        disagreements.append(Disagreement("status", shown["status"], stated["status"], dropped_in))
    return tuple(sorted(disagreements, key=lambda disagreement: disagreement.fact))


def _is_status_disputed(shown: str, stated: str, checks: Mapping[str, CheckedFact]) -> bool:
    """Whether a release contradicts the status shown and no check of it settles that.

    Without a check of the status this is a listed facility that the release dropped, kept by a
    check of another fact. With one, the files state something else than they did that day.
    """
    if shown == stated or shown in (HIDDEN, DRAFT):
        return False
    if "status" in checks:
        return checks["status"].source_value != stated
    return shown == LISTED
