"""The inputs of resolution: what files state of a facility and what people checked. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from ..sources.rows import FacilityRow

# Record -> fact -> the value shown instead, in a release's report. Keys of JSON are texts.
Withheld = Mapping[str, Mapping[str, Any]]


class DatedFile(Protocol):
    """A release, or a file that is about to be one."""

    source: str
    source_title: str
    edition: str
    published_on: date


class CheckedFact(Protocol):
    """The part of a Verification that resolution reads."""

    fact: str
    outcome: str
    value_after: Any
    source_value: Any
    checked_at: Any


@dataclass(frozen=True, slots=True)
class ReleaseStatement:
    """What one release states of a facility.

    ``dropped_in``: the later release that leaves the facility out. ``dropped_at``: when the first
    that did was loaded; None where that is being loaded now. ``sightings``: the rows behind
    ``row``, each with the key of the record that it described, if that was merged into the
    facility. ``withheld``: fact -> the value shown instead of the row's until a person checks it.
    ``origin``: title, edition and day of the release, as a facility notes the source of a fact.
    """

    source: str
    release_id: int | None
    row: FacilityRow
    dropped_in: int | None = None
    is_dropped: bool = False
    dropped_at: datetime | None = None
    sightings: tuple[tuple[int | None, FacilityRow], ...] = ()
    withheld: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A fact for which the release ``release_id`` states another value than is shown."""

    fact: str
    shown_value: Any
    source_value: Any
    release_id: int | None


def statement_origin(release: DatedFile) -> Mapping[str, str]:
    """Return what a facility notes of the source of one fact."""
    return {
        "source": release.source,
        "edition": release.edition,
        "date": release.published_on.isoformat(),
        **({"title": release.source_title} if release.source_title else {}),
    }


def with_withheld_facts(
    statement: ReleaseStatement, facility: int, kept: Mapping[int, Withheld]
) -> ReleaseStatement:
    """Add what the statement's release withholds of the facility; ``kept`` is keyed by release."""
    withheld = kept.get(statement.release_id, {}).get(described_record_key(statement, facility))
    return replace(statement, withheld=withheld) if withheld else statement


def described_record_key(statement: ReleaseStatement, facility: int) -> str:
    """Return the key of the record that the row described, which may have been merged since."""
    return str(statement.sightings[0][0] or facility)
