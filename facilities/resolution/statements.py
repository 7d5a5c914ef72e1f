"""What is known of a facility before it is merged: what files state of it, what people checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ..sources.rows import FacilityRow

# Record -> fact -> what is shown of it, in a release's report; JSON has texts for keys.
Withheld = Mapping[str, Mapping[str, Any]]


class CheckedFact(Protocol):
    """A Verification, as far as merging reads it."""

    fact: str
    outcome: str
    value_after: Any
    source_value: Any
    checked_at: Any


@dataclass(frozen=True, slots=True)
class Statement:
    """What one release says of a facility. `dropped_in` is the later release that leaves it out.

    `sightings`: the rows behind `row`, each with the record it spoke of, if that was merged.
    `withheld`: fact -> what is shown in place of the row's value until somebody checks it.
    """

    source: str
    release_id: int | None
    row: FacilityRow
    dropped_in: int | None = None
    is_dropped: bool = False
    sightings: tuple[tuple[int | None, FacilityRow], ...] = ()
    withheld: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A fact that the newest file states otherwise than we show it; `release_id` is that file's."""

    fact: str
    shown_value: Any
    source_value: Any
    release_id: int | None


def with_withheld(statement: Statement, facility: int, kept: Mapping[int, Withheld]) -> Statement:
    """The statement with what its release, one of ``kept``, withholds of the facility."""
    withheld = kept.get(statement.release_id, {}).get(stating_record(statement, facility))
    return replace(statement, withheld=withheld) if withheld else statement


def stating_record(statement: Statement, facility: int) -> str:
    """The record that the row shown spoke of: it may have been merged into the facility."""
    return str(statement.sightings[0][0] or facility)
