"""Records what the rows of a sheet ask for, facility by facility, through the curating package.

Each facility is a transaction of its own: others can work meanwhile, and a sheet that was cut
short is simply sent again, for what was taken already asks for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ...models import Proposal
from .. import InvalidValue, NotAllowed, OutdatedValue, record
from .diff import RowChanges

MAX_NOTE_LENGTH = 300


@dataclass
class ApplyResult:
    """What became of the rows: counts of facts, and the rows refused after all, with why."""

    recorded: int = 0
    waiting: int = 0
    facilities: int = 0
    refused: list[tuple[RowChanges, str]] = field(default_factory=list)


def apply_changes(rows: Iterable[RowChanges], *, file_name: str, by, now: datetime) -> ApplyResult:
    """Record every change as a check by this person, from a document of that name."""
    taken = ApplyResult()
    note = file_name[:MAX_NOTE_LENGTH].replace("\0", "")
    for row in rows:
        if not row.changes:
            continue
        try:
            recorded = record(
                row.facility, row.checks(note=note), by=by, now=now,
                origin=Proposal.Origin.SPREADSHEET,
            )  # fmt: skip
        except (OutdatedValue, InvalidValue, NotAllowed) as refusal:
            taken.refused.append((row, str(refusal)))
            continue
        taken.facilities += 1
        taken.recorded += len(recorded.verifications)
        taken.waiting += len(recorded.proposals)
    return taken
