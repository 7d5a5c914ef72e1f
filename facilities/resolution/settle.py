"""Which columns of which facilities change, given what is stated of them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..facts.stored_values import LISTED, WITHDRAWN
from .columns import ZipPlaces, facility_columns
from .resolve import resolve_facts
from .snapshot import Snapshot
from .statements import Disagreement, Statement

NEW_RELEASE_ID = 0  # stands for the id of the release that is about to be written


class ImportRefused(Exception):
    """The load may not go on. The message is a sentence that says why and what would allow it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a facility is for good: same file, edition and row, same identity everywhere."""

    uuid: uuid.UUID
    id: int
    code: str


@dataclass
class ChangeSet:
    """Facility id -> columns to write, and all conflicts there are afterwards."""

    added: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    changed: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    redated: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    withdrawn: list[int] = field(default_factory=list)
    unchanged: int = 0
    conflicts: list[tuple[int, Disagreement]] = field(default_factory=list)

    @property
    def writes_facts(self) -> bool:
        return bool(self.added or self.changed or self.redated)


def compute_changes(
    statements: Mapping[int, list[Statement]], known: Snapshot, zips: ZipPlaces, today
) -> ChangeSet:
    """What every facility's columns become, told apart by what that changes."""
    settlement = ChangeSet()
    for facility, stated in statements.items():
        shown = resolve_facts(stated, known.checks.get(facility, ()), today)
        settlement.conflicts += [(facility, each) for each in shown.disagreements]
        now = facility_columns(shown, zips)
        before = known.columns.get(facility)
        if before is None:
            settlement.added[facility] = now
        elif not stated and not known.checks.get(facility):
            settlement.unchanged += 1  # made by hand, nothing to merge
        else:
            _note_change(settlement, facility, before, now)
    return settlement


def _note_change(settlement: ChangeSet, facility: int, before: Mapping, now: Mapping) -> None:
    if now == before:
        settlement.unchanged += 1
    elif {**now, "source_release_id": None} == {**before, "source_release_id": None}:
        settlement.unchanged += 1
        settlement.redated[facility] = now
    else:
        settlement.changed[facility] = now
        if before["status"] == LISTED and now["status"] == WITHDRAWN:
            settlement.withdrawn.append(facility)
