"""Records the changes of a sheet as checks, facility by facility.

Each facility is a transaction of its own: others can work meanwhile. A sheet that was interrupted
is simply sent again, because changes that were recorded already change nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ...models import Proposal
from .. import CheckNotAllowed, InvalidValue, OutdatedValue, record_checks
from .diff import RowChanges

MAX_NOTE_LENGTH = 300


@dataclass
class ApplyResult:
    """Counts of facts recorded and waiting, of facilities, and the refused rows with the reason."""

    recorded: int = 0
    waiting: int = 0
    facilities: int = 0
    refused: list[tuple[RowChanges, str]] = field(default_factory=list)


def apply_changes(rows: Iterable[RowChanges], *, file_name: str, by, now: datetime) -> ApplyResult:
    result = ApplyResult()
    note = file_name[:MAX_NOTE_LENGTH].replace("\0", "")
    for row in rows:
        if not row.changes:
            continue
        try:
            recorded = record_checks(
                row.facility, row.checks(note=note), by=by, now=now,
                origin=Proposal.Origin.SPREADSHEET,
            )  # fmt: skip
        except (OutdatedValue, InvalidValue, CheckNotAllowed) as refusal:
            result.refused.append((row, str(refusal)))
            continue
        result.facilities += 1
        result.recorded += len(recorded.verifications)
        result.waiting += len(recorded.proposals)
    return result
