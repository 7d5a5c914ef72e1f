"""What a waiting row of a file becomes, once two people say the same of it.

Placing a row changes the name, number or address of a facility, withdraws the others that it might
have been, or lists one. So nobody does it alone.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ..facts.findings import CheckNotAllowed
from ..imports.row_decisions import (
    assign_row,
    current_candidates,
    leave_row_out,
    undecided_rows,
)
from ..models import DataVersion, Facility, RowProposal, SourceRow
from ..resolution.changes import ImportRefused
from .two_person_rule import Testimony
from .witnesses import second_check_refusal

PLACEMENT = "row"  # in place of a fact, where the rule is asked


@dataclass(frozen=True)
class RowPlacement:
    """One answer to what a row is: a facility, a new one (None), or nothing to list."""

    facility: Facility | None = None
    is_left_out: bool = False


def place_row(
    row: SourceRow, placement: RowPlacement, *, by, now: datetime, method: str = "",
    evidence_url: str = "", note: str = "",
) -> Facility | RowProposal | None:  # fmt: skip
    """Apply what a second person says too, or let it wait for one; None if the row is left out.

    Raises CheckNotAllowed if this is no second check, and ImportRefused.
    """
    second = Testimony(frozenset({by.pk}), now, method, evidence_url, note)
    facility = placement.facility
    with transaction.atomic():
        DataVersion.lock()  # before any other row, as all who write do
        _refuse_unfit(row, placement)
        same = row.proposals.filter(facility=facility, is_left_out=placement.is_left_out)
        refusals = [_refusal(each, second) for each in same.order_by("pk")]
        if "" in refusals:
            row.proposals.all().delete()
            if placement.is_left_out:
                return leave_row_out(row, by=by, now=now)
            return assign_row(row, facility, by=by, now=now)
        if refusals:
            raise CheckNotAllowed(refusals[0])
        return RowProposal.objects.create(
            row=row, facility=facility, is_left_out=placement.is_left_out, method=method,
            evidence_url=evidence_url, note=note, made_by=by, made_at=now,
        )  # fmt: skip


def _refuse_unfit(row: SourceRow, placement: RowPlacement) -> None:
    held = undecided_rows().filter(pk=row.pk).first()
    if held is None:
        raise ImportRefused("Somebody has already assigned this row.")
    if placement.facility and placement.facility.pk not in current_candidates(held):
        raise ImportRefused("This row does not look like that facility.")


def _refusal(proposal: RowProposal, second: Testimony) -> str:
    people = frozenset({proposal.made_by_id} - {None})
    first = Testimony(
        people, proposal.made_at, proposal.method, proposal.evidence_url, proposal.note
    )
    return second_check_refusal(PLACEMENT, None, first, second)
