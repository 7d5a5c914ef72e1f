"""Computes which columns of which facilities change, given what is stated of them. No I/O."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..facts.stored_values import DENIED, LISTED, OFFERED, WITHDRAWN
from ..models.facility import SERVICE_BITS
from ..rules.freshness import SERVICE_PREFIX
from ..sources.rows import StatedCredential
from ..taxonomy import ServiceSet
from .columns import NO_NUMBERS, ZipPlaces, facility_columns
from .release_statements import Disagreement, ReleaseStatement
from .resolve import resolve_facts
from .snapshot import Snapshot

NEW_RELEASE_ID = 0  # stands for the id of the release that is about to be written
SERVICE_COLUMNS = (*SERVICE_BITS, "denied_services")
# Columns that change together with a fact, under its name.
FIELD_OF_COLUMN = {
    "name_key": "name",
    "phone_suspended_on": "phone",
    **dict.fromkeys(("latitude", "longitude", "x", "y", "z", "position_origin"), "position"),
    "source_release_id": "source_release",
}


class ImportRefused(Exception):
    """The import may not go on. The message says why, and what would allow it."""


@dataclass(frozen=True, slots=True)
class FacilityIdentity:
    """The permanent identity of a facility: the same on each site that loads the same files."""

    uuid: uuid.UUID
    id: int
    code: str


@dataclass
class ChangeSet:
    """Facility id -> columns to write, and all conflicts that there are afterwards.

    ``redated``: nothing changes but the release that states the facility. ``withdrawn``: those of
    ``changed`` that the release no longer lists. ``credentials``: those that lists state afterwards
    and nobody here saw.
    """

    added: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    changed: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    redated: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    withdrawn: list[int] = field(default_factory=list)
    unchanged: set[int] = field(default_factory=set)
    conflicts: list[tuple[int, Disagreement]] = field(default_factory=list)
    credentials: dict[int, frozenset[StatedCredential]] = field(default_factory=dict)

    @property
    def writes_facts(self) -> bool:
        return bool(self.added or self.changed or self.redated)

    def replaced(self, facilities: Collection[int], newer: "ChangeSet") -> "ChangeSet":
        """Return these changes, with those of some facilities as ``newer`` has them."""

        def others(found: Mapping[int, Any]) -> dict[int, Any]:
            return {key: now for key, now in found.items() if key not in facilities}

        return ChangeSet(
            added=others(self.added) | newer.added,
            changed=others(self.changed) | newer.changed,
            redated=others(self.redated) | newer.redated,
            withdrawn=[
                *(facility for facility in self.withdrawn if facility not in facilities),
                *newer.withdrawn,
            ],
            unchanged=self.unchanged.difference(facilities) | newer.unchanged,
            conflicts=[
                *(conflict for conflict in self.conflicts if conflict[0] not in facilities),
                *newer.conflicts,
            ],
            credentials=others(self.credentials) | newer.credentials,
        )


def compute_changes(
    statements: Mapping[int, list[ReleaseStatement]], snapshot: Snapshot, zips: ZipPlaces, today
) -> ChangeSet:
    changes = ChangeSet()
    for facility, stated in statements.items():
        shown = resolve_facts(stated, snapshot.checks.get(facility, ()), today)
        changes.conflicts += [(facility, disagreement) for disagreement in shown.disagreements]
        own = snapshot.own_credentials
        if listed := {each for each in shown.credentials if (facility, *each.key) not in own}:
            changes.credentials[facility] = frozenset(listed)
        now = facility_columns(shown, zips, snapshot.suspended.get(facility, NO_NUMBERS))
        before = snapshot.columns.get(facility)
        if before is None:
            changes.added[facility] = now
        elif not stated and not snapshot.checks.get(facility):
            changes.unchanged.add(facility)  # made by hand, nothing to merge
        else:
            _note_change(changes, facility, before, now)
    return changes


def _note_change(changes: ChangeSet, facility: int, before: Mapping, now: Mapping) -> None:
    if now == before:
        changes.unchanged.add(facility)
    elif {**now, "source_release_id": None} == {**before, "source_release_id": None}:
        changes.unchanged.add(facility)
        changes.redated[facility] = now
    else:
        changes.changed[facility] = now
        if before["status"] == LISTED and now["status"] == WITHDRAWN:
            changes.withdrawn.append(facility)


def changed_fields(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields in which two rows of columns differ, as the change log names them."""
    for column, value in now.items():
        if column not in SERVICE_COLUMNS and before[column] != value:
            yield FIELD_OF_COLUMN.get(column, column)
    if any(before[column] != now[column] for column in SERVICE_COLUMNS):
        for slug, _had, _has in changed_services(before, now):
            yield f"{SERVICE_PREFIX}{slug}"


def changed_services(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (slug, answer before, answer now) of each service whose answer differs, by slug."""
    had, has = _offered(before), _offered(now)
    denials = set(before["denied_services"]).symmetric_difference(now["denied_services"])
    for slug in sorted({*(had - has).slugs(), *(has - had).slugs(), *denials}):
        answers = _answer(slug, had, before), _answer(slug, has, now)
        if answers[0] != answers[1]:
            yield slug, *answers


def _offered(columns: Mapping[str, Any]) -> ServiceSet:
    return ServiceSet.from_words([columns[word] for word in SERVICE_BITS])


def _answer(slug: str, offered: ServiceSet, columns: Mapping[str, Any]) -> str | None:
    if slug in offered:
        return OFFERED
    return DENIED if slug in columns["denied_services"] else None
