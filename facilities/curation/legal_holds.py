"""Keeps the notes about a facility from deletion for as long as a dispute or a law asks for it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..facts.findings import CheckNotAllowed
from ..models import DataVersion, Facility, LegalHold


def standing_hold(facility: Facility) -> LegalHold | None:
    return facility.legal_holds.standing().select_related("placed_by").order_by("pk").first()


def place_hold(facility: Facility, reason: str, *, by, now: datetime) -> LegalHold:
    """Raises CheckNotAllowed if there is one already."""
    with transaction.atomic():
        DataVersion.lock()  # two people may press at once
        if standing_hold(facility):
            raise CheckNotAllowed(_("There is a legal hold already."))
        return facility.legal_holds.create(reason=reason, placed_by=by, placed_at=now)


def lift_hold(hold: LegalHold, *, by, now: datetime) -> None:
    """Raises CheckNotAllowed if somebody has lifted it meanwhile."""
    standing = LegalHold.objects.standing().filter(pk=hold.pk)
    if not standing.update(lifted_by=by, lifted_at=now):
        raise CheckNotAllowed(_("Somebody else has lifted it meanwhile."))


def held_facilities() -> Q:
    """Return the condition for facilities under a hold, and for records merged into one."""
    held = LegalHold.objects.standing().values("facility")
    return Q(pk__in=held) | Q(merged_into__in=held)
