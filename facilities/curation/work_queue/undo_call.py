"""Undoes a whole call: checks, a number taken down, reports closed, and when it is called again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ...models import Call, DataVersion, Facility, Report
from .. import CheckNotAllowed
from ..recording import revert_call
from ..suspend_number import restore_number
from . import assignments

UNDO_WINDOW = timedelta(hours=24)


def undoable_call(facility: Facility, now: datetime) -> Call | None:
    """Return the newest call of a facility if it is at most a day old and stands.

    Older calls are undone after it, from the newest back.
    """
    standing = facility.calls.filter(undone_at__isnull=True, made_at__gte=now - UNDO_WINDOW)
    return standing.select_related("made_by").order_by("made_at", "pk").last()


def undo_call(call: Call, *, by, now: datetime) -> None:
    """Bring back what was before a call, all or nothing.

    A contact that was deleted when a report closed stays deleted. Raises CheckNotAllowed for any
    but the ``undoable_call``, and where somebody built on it.
    """
    with transaction.atomic():
        DataVersion.lock()  # before any other row, as all who write do
        if undoable_call(call.facility, now) != call:
            raise CheckNotAllowed(
                _("This call cannot be undone any more: take back its facts one by one.")
            )
        held = Call.objects.select_for_update().get(pk=call.pk)
        revert_call(held, by=by, now=now)
        for suspended in held.suspended_numbers.standing():
            restore_number(suspended, by=by, now=now)
        Report.corrections.through.objects.filter(report__in=held.closed_reports.all()).delete()
        held.closed_reports.update(
            state=Report.State.IN_PROGRESS, answer="", closed_by=None, closed_at=None,
            closing_call=None,
        )  # fmt: skip
        held.notices.update(told_by=None, told_at=None, call=None)
        assignments.restore_assignment(held.facility_id, held.assignment_before)
        held.undone_by, held.undone_at = by, now
        held.save(update_fields=["undone_by", "undone_at"])
