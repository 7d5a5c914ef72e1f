"""What is shown of a facility, given what files state of it and what people checked. Pure.

The order of precedence, fact by fact:

1. The newest verification that confirmed or corrected the fact. One that could not confirm it
   leaves the value as it is, and ends its counting as checked.
2. The directory; then the locator. A release that still lists the facility outranks one whose
   successor dropped it. The website and the street position come from the locator first.
   A number that the release withholds (see withholding.py) stays as it was shown before.

A file that now says something else than it did when the fact was verified, and something else
than we do, leaves our value in place and is a disagreement, for a person to settle. So is what a
release withholds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..facts.registry import FACTS, PHONE, STATED_FACTS, UNSTATED_FACTS, kind_of, service_of
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
from ..matching.similarity import plain_address
from ..rules.freshness import is_fresh
from ..sources.rows import STREET, Position
from ..taxonomy import Service, ServiceSet, services_denied_by
from .statements import CheckedFact, Disagreement, Statement

_RANK = {"directory": 0, "locator": 1}


@dataclass(frozen=True, slots=True)
class ResolvedFacility:
    """What is shown. `values` holds the fact columns; `position` None means: centre of the ZIP.

    `stated` and `stated_offered` are what files alone say, for the same facts.
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

    def shown_value(self, fact: str) -> Any:
        """What is shown of a fact, as a verification keeps it; KeyError for what is no fact."""
        if service := service_of(fact):
            return _answer(service, self.offered, self.denied)
        own = {"position": list(self.position or ()) or None, "status": self.status}
        return own[fact] if fact in own else self.values[fact]

    def source_value(self, fact: str) -> Any:
        """What the files say of a fact, in the same form."""
        if service := service_of(fact):
            return _answer(service, self.stated_offered, services_denied_by(self.stated_offered))
        return self.stated[fact]


def resolve_facts(
    statements: Iterable[Statement], verifications: Iterable[CheckedFact], today: date
) -> ResolvedFacility:
    """Merge; see the module. Verifications may come in any order."""
    ranked = rank_statements(statements)
    verifications = tuple(verifications)
    checks = _newest(each for each in verifications if each.outcome != UNCONFIRMED)
    newest = _newest(verifications)
    counted = [each for fact, each in checks.items() if newest[fact].outcome != UNCONFIRMED]
    stated = _stated(ranked)
    withheld = _withheld(ranked, checks)
    checked = {fact: check.value_after for fact, check in checks.items() if fact in stated}
    values = stated | withheld | checked
    found = _found_position(ranked, values)
    position, origin = _position(found, checks)
    offered, denied = _services(ranked, checks)
    status = _status(ranked, checks, counted, today)
    stated = stated | {"position": _pair(found), "status": _stated_status(ranked)}
    disagreements: tuple[Disagreement, ...] = ()
    if checks or withheld:
        ours = _everything(values, position, status, checks, offered, denied)
        theirs = stated | _stated_services(ranked, checks)
        disagreements = _disagreements(ranked, checks, ours, theirs, withheld)
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
        stated_offered=_stated_offered(ranked),
    )


def rank_statements(statements: Iterable[Statement]) -> list[Statement]:
    """The statement that counts first, first."""
    return sorted(statements, key=lambda each: (each.is_dropped, _RANK[each.source]))


def _newest(verifications: Iterable[CheckedFact]) -> dict[str, CheckedFact]:
    return {each.fact: each for each in sorted(verifications, key=lambda each: each.checked_at)}


def _stated(ranked: Sequence[Statement]) -> dict[str, Any]:
    values = {name: FACTS[name].default for name in (*STATED_FACTS, *UNSTATED_FACTS)}
    if ranked:
        row = ranked[0].row
        values |= {fact: getattr(row, fact) for fact in STATED_FACTS}
        values["intake_phones"] = [dict(phone) for phone in row.intake_phones]
        websites = (each.row.website for each in _locator_first(ranked))
        values["website"] = next(filter(None, websites), "")
    return values


def _withheld(ranked: Sequence[Statement], checks: Mapping[str, CheckedFact]) -> Mapping[str, Any]:
    """A number and its extension as shown before, unless somebody found another one."""
    found = ranked[0].withheld if ranked else {}
    if found and PHONE in checks and checks[PHONE].value_after != found[PHONE]:
        return {}
    return found


def _locator_first(ranked: Sequence[Statement]) -> list[Statement]:
    return sorted(ranked, key=lambda each: (each.is_dropped, -_RANK[each.source]))


def _position(
    found: Position | None, checks: Mapping[str, CheckedFact]
) -> tuple[tuple[float, float] | None, str]:
    if "position" in checks and checks["position"].value_after:
        latitude, longitude = checks["position"].value_after
        return (latitude, longitude), "hand"
    if found is None:
        return None, ""
    return (found.point.latitude, found.point.longitude), found.origin


def _pair(position: Position | None) -> list[float] | None:
    return [position.point.latitude, position.point.longitude] if position else None


def _found_position(ranked: Sequence[Statement], values: Mapping[str, Any]) -> Position | None:
    """The files' best position of the address shown; that of another address says nothing."""
    address = plain_address(values["street"], values["zip"])
    given = [each.row for each in _locator_first(ranked) if each.row.position]
    streets = (
        row.position
        for row in given
        if row.position.origin == STREET and plain_address(row.street, row.zip) == address
    )
    centres = (
        row.position for row in given if row.position.origin != STREET and row.zip == values["zip"]
    )
    return next(streets, None) or next(centres, None)


def _services(
    ranked: Sequence[Statement], checks: Mapping[str, CheckedFact]
) -> tuple[ServiceSet, ServiceSet]:
    stated = _stated_offered(ranked)
    if not checks:
        return stated, services_denied_by(stated)
    verified = {
        service: check.value_after
        for fact, check in checks.items()
        if (service := service_of(fact)) is not None
    }
    yes, no = (
        ServiceSet.of(*(service for service, value in verified.items() if value == wanted))
        for wanted in (OFFERED, DENIED)
    )
    settled = ServiceSet.of(*verified)
    offered = (stated - settled) | yes
    denied = (services_denied_by(offered) - settled) | no
    return offered, denied - offered


def _stated_services(
    ranked: Sequence[Statement], checks: Mapping[str, CheckedFact]
) -> dict[str, str | None]:
    offered = _stated_offered(ranked)
    denied = services_denied_by(offered)
    return {
        fact: _answer(service, offered, denied)
        for fact in checks
        if (service := service_of(fact)) is not None
    }


def _stated_offered(ranked: Sequence[Statement]) -> ServiceSet:
    return ranked[0].row.offered if ranked else ServiceSet()


def _answer(service: Service, offered: ServiceSet, denied: ServiceSet) -> str | None:
    if service in offered:
        return OFFERED
    return DENIED if service in denied else None


def _stated_status(ranked: Sequence[Statement]) -> str:
    return WITHDRAWN if ranked and all(each.is_dropped for each in ranked) else LISTED


def _status(
    ranked: Sequence[Statement],
    checks: Mapping[str, CheckedFact],
    counted: Iterable[CheckedFact],
    today: date,
) -> str:
    """People's word, unless it is "listed": that, like any check, holds for its shelf life."""
    said = checks["status"].value_after if "status" in checks else LISTED
    if said in STATUSES and said != LISTED:
        return said
    stated = _stated_status(ranked)
    if stated == WITHDRAWN and any(
        is_fresh(kind_of(check.fact), check.checked_at.date(), today) for check in counted
    ):
        return LISTED
    return stated


def _everything(values, position, status, checks, offered, denied) -> dict[str, Any]:
    """Fact -> what we show, for every fact that a file may contradict."""
    services = {fact: service_of(fact) for fact in checks}
    answers = {
        fact: _answer(service, offered, denied) for fact, service in services.items() if service
    }
    return values | answers | {"position": list(position or ()) or None, "status": status}


def _disagreements(
    ranked: Sequence[Statement],
    checks: Mapping[str, CheckedFact],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    withheld: Mapping[str, Any],
) -> tuple[Disagreement, ...]:
    if not ranked:
        return ()
    found = [
        Disagreement(fact, ours[fact], theirs[fact], ranked[0].release_id)
        for fact, check in checks.items()
        if fact in theirs
        and fact not in UNSTATED_FACTS
        and fact != "status"
        and theirs[fact] not in (ours[fact], check.source_value)
    ]
    if PHONE in withheld and PHONE not in checks:
        found.append(Disagreement(PHONE, ours[PHONE], theirs[PHONE], ranked[0].release_id))
    if _is_status_disputed(ours["status"], theirs["status"], checks):
        dropped_in = ranked[0].dropped_in if ranked[0].is_dropped else ranked[0].release_id
        found.append(Disagreement("status", ours["status"], theirs["status"], dropped_in))
    return tuple(sorted(found, key=lambda each: each.fact))


def _is_status_disputed(ours: str, theirs: str, checks: Mapping[str, CheckedFact]) -> bool:
    """A file's word that nobody has settled: it dropped what is listed, or changed its mind."""
    if ours == theirs or ours in (HIDDEN, DRAFT):
        return False
    if "status" in checks:
        return checks["status"].source_value != theirs
    return ours == LISTED
