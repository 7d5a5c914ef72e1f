"""What a planned load changes: counted for its report, and listed to look at before loading."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..facts.registry import STATED_FACTS, UNSTATED_FACTS
from ..facts.stored_values import LISTED
from ..resolution.changes import NEW_RELEASE_ID, SERVICE_COLUMNS, changed_services
from ..resolution.release_statements import Disagreement
from ..rules.freshness import SERVICE_PREFIX
from .plan import LoadPlan
from .record_linkage import EXACT_ORIGINS

PLAIN_FACTS = (*STATED_FACTS, *UNSTATED_FACTS, "status")
SERVICES = "services"  # all of them, where facts are counted


@dataclass(frozen=True)
class FactChange:
    """One facility that a load adds or changes. ``facts``: (fact, value before, value after)."""

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


def fill_load_report(plan: LoadPlan) -> None:
    report, planned = plan.report, plan.changes
    codes = facility_codes(plan)
    report.added = len(planned.added)
    report.withdrawn = len(planned.withdrawn)
    report.withdrawn_codes = sorted(codes[facility] for facility in planned.withdrawn)
    report.changed = len(planned.changed) - report.withdrawn
    report.restated = len(planned.redated)
    report.facts = _counted(plan)
    report.unchanged = len(
        set(plan.assigned.values()) - planned.added.keys() - planned.changed.keys()
    )
    report.ambiguous = [*_waiting(plan, plan.candidates, codes)]
    report.outdated = [*_waiting(plan, plan.outdated, codes)]
    report.lost_streets = sorted(_losses(plan, codes, _has_street))
    report.lost_positions = sorted(_losses(plan, codes, _has_exact_position))
    report.conflicts = [
        {"facility": codes[facility], "fact": disagreement.fact}
        for facility, disagreement in sorted(planned.conflicts, key=_facility_and_fact)
    ]
    shown = {**plan.snapshot.columns, **planned.added, **planned.changed}
    listed = [columns for columns in shown.values() if columns["status"] == LISTED]
    report.missing_positions = sum(columns["latitude"] is None for columns in listed)
    report.approximate_positions = sum(
        columns["position_origin"] in ("zip", "city") for columns in listed
    )


def _losses(
    plan: LoadPlan, codes: Mapping[int, str], has_value: Callable[[Mapping[str, Any]], bool]
) -> Iterator[str]:
    """Yield the codes of listed facilities that had a value and have none after the load."""
    for facility, now in plan.changes.changed.items():
        before = plan.snapshot.columns[facility]
        if now["status"] == LISTED and has_value(before) and not has_value(now):
            yield codes[facility]


def _has_street(columns: Mapping[str, Any]) -> bool:
    return any(map(str.isalnum, columns["street"]))


def _has_exact_position(columns: Mapping[str, Any]) -> bool:
    return columns["position_origin"] in EXACT_ORIGINS


def _facility_and_fact(conflict: tuple[int, Disagreement]) -> tuple[int, str]:
    return conflict[0], conflict[1].fact


def facility_codes(plan: LoadPlan) -> Mapping[int, str]:
    """Return facility id -> code, also of facilities that the load adds."""
    return {**plan.snapshot.codes, **{new.id: new.code for new in plan.new.values()}}


def facility_changes(plan: LoadPlan, facilities: Iterable[int]) -> Iterator[FactChange]:
    """A facility that is added has no facts before and after."""
    codes = facility_codes(plan)
    for facility in facilities:
        before = plan.snapshot.columns.get(facility)
        now = columns_after_load(plan, facility)
        facts = tuple(changed_facts(before, now)) if before else ()
        place = f"{now['city']}, {now['state']}"
        yield FactChange(facility, codes[facility], now["name"], place, facts)


def new_conflicts(plan: LoadPlan) -> Iterator[NewConflict]:
    """Yield all conflicts that there are after the load, those that it brings first."""
    conflicts = sorted(
        plan.changes.conflicts, key=lambda conflict: conflict[1].release_id != NEW_RELEASE_ID
    )
    facilities = facility_changes(plan, [facility for facility, _ in conflicts])
    for (_, disagreement), change in zip(conflicts, facilities, strict=True):
        yield NewConflict(change, disagreement, is_new=disagreement.release_id == NEW_RELEASE_ID)


def columns_after_load(plan: LoadPlan, facility: int) -> Mapping[str, Any]:
    for columns in (plan.changes.added, plan.changes.changed):
        if facility in columns:
            return columns[facility]
    return plan.snapshot.columns[facility]


def changed_facts(before: Mapping[str, Any], now: Mapping[str, Any]):
    """Yield (fact, value before, value now) in the form of verifications, service by service."""
    for fact in PLAIN_FACTS:
        if before[fact] != now[fact]:
            yield fact, before[fact], now[fact]
    if _position(before) != _position(now):
        yield "position", _position(before), _position(now)
    for slug, had, has in changed_services(before, now):
        yield f"{SERVICE_PREFIX}{slug}", had, has


def _position(columns: Mapping[str, Any]) -> list[float] | None:
    point = columns["latitude"], columns["longitude"]
    return None if None in point else list(point)


def _counted(plan: LoadPlan) -> dict[str, int]:
    """Return fact -> number of facilities whose fact the load changes, most first."""
    counts: Counter[str] = Counter()
    for facility, now in plan.changes.changed.items():
        before = plan.snapshot.columns[facility]
        counts.update(fact for fact in PLAIN_FACTS if before[fact] != now[fact])
        counts["position"] += _position(before) != _position(now)
        counts[SERVICES] += any(before[column] != now[column] for column in SERVICE_COLUMNS)
    return {fact: number for fact, number in counts.most_common() if number}


def _waiting(
    plan: LoadPlan, rows: Mapping[int, tuple[int, ...]], codes: Mapping[int, str]
) -> Iterator[dict]:
    names = {row.row_number: row.name for row in plan.reading.rows}
    for number, ids in sorted(rows.items()):
        candidates = [codes[facility] for facility in ids]
        yield {"row_number": number, "name": names.get(number, ""), "candidates": candidates}
