"""What a planned load changes, kind by kind: counted for its report, listed to look at before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..facts.registry import STATED_FACTS, UNSTATED_FACTS
from ..facts.stored_values import DENIED, OFFERED
from ..models.facility import SERVICE_BITS
from ..resolution.settle import NEW_RELEASE_ID
from ..resolution.statements import Disagreement
from ..rules.freshness import SERVICE_PREFIX
from ..taxonomy import ServiceSet
from .plan import LoadPlan

PLAIN_FACTS = (*STATED_FACTS, *UNSTATED_FACTS, "status")
SERVICES = "services"  # all of them, where facts are counted


@dataclass(frozen=True)
class FactChange:
    """One facility that a load adds or changes. ``facts``: (fact, what we show now, then)."""

    facility: int
    code: str
    name: str
    place: str
    facts: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class NewConflict:
    """A verified fact that the file contradicts."""

    change: FactChange
    disagreement: Disagreement
    is_new: bool


def describe_changes(plan: LoadPlan) -> None:
    """Complete the report with what matching and merging found."""
    report, settlement = plan.report, plan.settlement
    codes = codes_of(plan)
    report.added = len(settlement.added)
    report.withdrawn = len(settlement.withdrawn)
    report.withdrawn_codes = [codes[each] for each in settlement.withdrawn]
    report.changed = len(settlement.changed) - report.withdrawn
    report.restated = len(settlement.redated)
    report.facts = _counted(plan)
    report.unchanged = len(
        set(plan.assigned.values()) - settlement.added.keys() - settlement.changed.keys()
    )
    report.ambiguous = [*_ambiguities(plan, codes)]
    report.conflicts = [
        {"facility": codes[facility], "fact": each.fact} for facility, each in settlement.conflicts
    ]
    if not plan.reading.is_whole:
        report.notes.append("Pages of the export are missing: nothing was withdrawn.")
    _describe_all(plan)


def codes_of(plan: LoadPlan) -> Mapping[int, str]:
    return {**plan.known.codes, **{each.id: each.code for each in plan.new.values()}}


def changes(plan: LoadPlan, facilities: Iterable[int]) -> Iterator[FactChange]:
    """What becomes of these facilities: of one that is added or stays as it is, no facts."""
    codes = codes_of(plan)
    for facility in facilities:
        before = plan.known.columns.get(facility)
        now = shown_after_load(plan, facility)
        facts = tuple(changed_facts(before, now)) if before else ()
        place = f"{now['city']}, {now['state']}"
        yield FactChange(facility, codes[facility], now["name"], place, facts)


def new_conflicts(plan: LoadPlan) -> Iterator[NewConflict]:
    """All conflicts there are once the file is loaded, those that it brings first."""
    settled = sorted(
        plan.settlement.conflicts, key=lambda each: each[1].release_id != NEW_RELEASE_ID
    )
    found = changes(plan, [facility for facility, _ in settled])
    for (_, disagreement), change in zip(settled, found, strict=True):
        yield NewConflict(change, disagreement, is_new=disagreement.release_id == NEW_RELEASE_ID)


def shown_after_load(plan: LoadPlan, facility: int) -> Mapping[str, Any]:
    """A facility's columns as the load leaves them."""
    for columns in (plan.settlement.added, plan.settlement.changed):
        if facility in columns:
            return columns[facility]
    return plan.known.columns[facility]


def changed_facts(before: Mapping[str, Any], now: Mapping[str, Any]):
    """(fact, value before, value now) as verifications keep them, each service by itself."""
    for fact in PLAIN_FACTS:
        if before[fact] != now[fact]:
            yield fact, before[fact], now[fact]
    if _position(before) != _position(now):
        yield "position", _position(before), _position(now)
    had, has = _service_answers(before), _service_answers(now)
    for slug in sorted(had.keys() | has.keys()):
        if had.get(slug) != has.get(slug):
            yield f"{SERVICE_PREFIX}{slug}", had.get(slug), has.get(slug)


def _position(columns: Mapping[str, Any]) -> list[float] | None:
    point = columns["latitude"], columns["longitude"]
    return None if None in point else list(point)


def _service_answers(columns: Mapping[str, Any]) -> dict[str, str]:
    offered = ServiceSet.from_words([columns[word] for word in SERVICE_BITS])
    denied = dict.fromkeys(columns["denied_services"], DENIED)
    return denied | dict.fromkeys(offered.slugs(), OFFERED)


def _counted(plan: LoadPlan) -> dict[str, int]:
    """Fact -> facilities of which the load changes it, most first."""
    counts: Counter[str] = Counter()
    for facility, now in plan.settlement.changed.items():
        before = plan.known.columns[facility]
        counts.update(fact for fact in PLAIN_FACTS if before[fact] != now[fact])
        counts["position"] += _position(before) != _position(now)
        services = (*SERVICE_BITS, "denied_services")
        counts[SERVICES] += any(before[column] != now[column] for column in services)
    return {fact: number for fact, number in counts.most_common() if number}


def _ambiguities(plan: LoadPlan, codes: Mapping[int, str]) -> Iterator[dict]:
    names = {row.row_number: row.name for row in plan.reading.rows}
    for number, ids in sorted(plan.candidates.items()):
        candidates = [codes[each] for each in ids]
        yield {"row_number": number, "name": names.get(number, ""), "candidates": candidates}


def _describe_all(plan: LoadPlan) -> None:
    """What can be said of the listings as a whole once this is loaded."""
    settlement, report = plan.settlement, plan.report
    shown = {**plan.known.columns, **settlement.added, **settlement.changed}
    listed = [columns for columns in shown.values() if columns["status"] == "listed"]
    report.missing_positions = sum(columns["latitude"] is None for columns in listed)
    report.approximate_positions = sum(
        columns["position_origin"] in ("zip", "city") for columns in listed
    )
