"""What to do about a checked fact that a newer file contradicts: keep ours, take theirs, or ask."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..facts.findings import CheckNotRecorded
from ..models import Assignment, Conflict, Verification
from . import FactCheck, RecordedChecks, record_checks

Outcome = Verification.Outcome


class ConflictDecision(models.TextChoices):
    """Asking leaves the conflict as it is and puts the facility back in the queue."""

    KEEP = "keep", gettext_lazy("Keep ours")
    TAKE = "take", gettext_lazy("Take theirs")
    ASK = "ask", gettext_lazy("Ask the facility")


class ConflictAlreadyResolved(CheckNotRecorded):
    """The conflict is not there any more: settled, or another one by now."""


def resolve_conflict(
    conflict: Conflict, decision: str, *, method: str, by, now: datetime, note: str = ""
) -> RecordedChecks:
    """Settle one conflict. Only a check is written; numbers wait for their second check.

    Raises CheckNotRecorded (ConflictAlreadyResolved, OutdatedValue, InvalidValue) with a sentence.
    """
    if not Conflict.objects.filter(pk=conflict.pk).exists():
        raise ConflictAlreadyResolved(_("Somebody else changed this meanwhile. Look at it again."))
    if decision == ConflictDecision.ASK:
        Assignment.objects.filter(facility=conflict.facility_id).update(snoozed_until=None)
        return RecordedChecks()
    outcome = Outcome.CONFIRMED if decision == ConflictDecision.KEEP else Outcome.CORRECTED
    check = FactCheck(
        conflict.fact,
        outcome,
        conflict.source_value,
        method=method,
        note=note,
        seen=conflict.shown_value,
    )
    return record_checks(conflict.facility, [check], by=by, now=now)
