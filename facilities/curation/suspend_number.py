"""Takes a number that reaches somebody else off every page, and puts it back: one press each.

A wrong number is worse than none, so one person may take it down. Nothing new is shown by that,
nor by putting back what was shown before: a new number waits for its second check as always.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from ..facts.findings import CheckNotAllowed
from ..facts.leave_out_numbers import numbers_of
from ..facts.registry import PHONE
from ..models import Call, Facility, SuspendedNumber
from ..resolution.change_log import ChangeLog, recording_changes
from ..resolution.recompute import recompute_in_transaction
from .dossier import read_dossier
from .recording import cached_zip_places
from .two_person_rule import utc_day


def suspend_number(
    facility: Facility, number: str, *, by, now: datetime, note: str = "", call: Call | None = None
) -> SuspendedNumber:
    """Take a number off this facility's listing; other facilities keep it.

    Raises CheckNotAllowed unless it is one of its own.
    """
    with recording_changes() as log:
        held = Facility.objects.get(pk=facility.pk)
        shown = read_dossier(held, today=utc_day(now)).shown
        if number not in {each for _fact, each in numbers_of(shown.values)}:
            raise CheckNotAllowed(_("Somebody else changed this meanwhile. Look at it again."))
        if held.suspended_numbers.standing().filter(number=number).exists():
            raise CheckNotAllowed(_("This number was taken down already."))
        suspended = SuspendedNumber.objects.create(
            facility=held, number=number, note=note, call=call, suspended_by=by, suspended_at=now
        )
        _recompute(log, held, now)
    facility.refresh_from_db()
    return suspended


def restore_number(suspended: SuspendedNumber, *, by, now: datetime) -> None:
    """Show a number again where files or checks state it.

    Raises CheckNotAllowed if it was restored already.
    """
    with recording_changes() as log:
        held = SuspendedNumber.objects.select_related("facility").get(pk=suspended.pk)
        if held.restored_at:
            raise CheckNotAllowed(_("This number was put back already."))
        held.restored_by, held.restored_at = by, now
        held.save(update_fields=["restored_by", "restored_at"])
        _recompute(log, held.facility, now)
    suspended.refresh_from_db()


def _recompute(log: ChangeLog, facility: Facility, now: datetime) -> None:
    log.note_fields(facility, [PHONE])
    recompute_in_transaction(log, cached_zip_places(), today=utc_day(now), only=[facility.pk])
