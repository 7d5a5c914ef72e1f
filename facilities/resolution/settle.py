"""Which columns of which facilities change, given what is stated of them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..facts.registry import LISTED, WITHDRAWN
from .columns import Zips, columns
from .resolve import effective
from .snapshot import Known
from .statements import Disagreement, Statement

PENDING = 0  # stands for the id of the release that is about to be written


class Refused(Exception):
    """The load may not go on. The message is a sentence that says why and what would allow it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a facility is for good: same file, edition and row, same identity everywhere."""

    uuid: uuid.UUID
    id: int
    code: str


@dataclass
class Settlement:
    """Facility id -> columns to write, and all conflicts there are afterwards."""

    added: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    changed: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    restated: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    withdrawn: list[int] = field(default_factory=list)
    unchanged: int = 0
    conflicts: list[tuple[int, Disagreement]] = field(default_factory=list)

    @property
    def writes_facts(self) -> bool:
        return bool(self.added or self.changed or self.restated)


def settle(
    statements: Mapping[int, list[Statement]], known: Known, zips: Zips, today
) -> Settlement:
    """What every facility's columns become, told apart by what that changes."""
    settlement = Settlement()
    for facility, stated in statements.items():
        shown = effective(stated, known.checks.get(facility, ()), today)
        settlement.conflicts += [(facility, each) for each in shown.disagreements]
        now = columns(shown, zips)
        before = known.columns.get(facility)
        if before is None:
            settlement.added[facility] = now
        elif not stated and not known.checks.get(facility):
            settlement.unchanged += 1  # made by hand, nothing to merge
        else:
            _note_change(settlement, facility, before, now)
    return settlement


def _note_change(settlement: Settlement, facility: int, before: Mapping, now: Mapping) -> None:
    if now == before:
        settlement.unchanged += 1
    elif {**now, "stated_in_id": None} == {**before, "stated_in_id": None}:
        settlement.unchanged += 1
        settlement.restated[facility] = now
    else:
        settlement.changed[facility] = now
        if before["status"] == LISTED and now["status"] == WITHDRAWN:
            settlement.withdrawn.append(facility)
