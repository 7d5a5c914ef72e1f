"""Records what the rows of a sheet ask for, facility by facility, through the curating package.

Each facility is a transaction of its own: others can work meanwhile, and a sheet that was cut
short is simply sent again, for what was taken already asks for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ...models import Proposal
from .. import Invalid, NotAllowed, Outdated, record
from .diff import RowChanges

LONGEST_NOTE = 300


@dataclass
class Taken:
    """What became of the rows: counts of facts, and the rows refused after all, with why."""

    shown: int = 0
    waiting: int = 0
    facilities: int = 0
    refused: list[tuple[RowChanges, str]] = field(default_factory=list)


def take(rows: Iterable[RowChanges], *, file_name: str, by, now: datetime) -> Taken:
    """Record every change as a check by this person, from a document of that name."""
    taken = Taken()
    note = file_name[:LONGEST_NOTE].replace("\0", "")
    for row in rows:
        if not row.changes:
            continue
        try:
            recorded = record(
                row.facility, row.checks(note=note), by=by, now=now,
                origin=Proposal.Origin.SPREADSHEET,
            )  # fmt: skip
        except (Outdated, Invalid, NotAllowed) as refusal:
            taken.refused.append((row, str(refusal)))
            continue
        taken.facilities += 1
        taken.shown += len(recorded.verifications)
        taken.waiting += len(recorded.proposals)
    return taken
