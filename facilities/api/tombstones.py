"""What is left of a listing that is not shown any more: why, and what took its place."""

from django.utils.translation import gettext as _

from ..models import Facility, Merge
from .flat_record import RecordContext


def merged_tombstone(facility: Facility, context: RecordContext) -> dict:
    """Name the listing that this one was merged into; none where that one is not public."""
    kept = facility.merged_into
    is_public = kept.status in (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
    merge = Merge.objects.filter(absorbed=facility, undone_at=None).order_by("pk").last()
    return _tombstone(
        facility,
        "merged",
        _("It was found to be the same facility as another listing."),
        since=merge.made_at.date().isoformat() if merge else None,
        successor={"code": kept.code, "url": context.address(kept)} if is_public else None,
    )


def hidden_tombstone(facility: Facility) -> dict:
    return _tombstone(facility, "hidden", _("An editor of this directory took it down."))


def withdrawn_tombstone(facility: Facility, closure: str) -> dict:
    """``closure``: what somebody told us of it; "" where a file only left it out."""
    reason = closure or _(
        "It is not in the newest list: it may have closed, or not answered the survey. Call first."
    )
    return _tombstone(facility, "withdrawn", reason)


def _tombstone(
    facility: Facility,
    status: str,
    reason: str,
    *,
    since: str | None = None,
    successor: dict | None = None,
) -> dict:
    return {
        "code": facility.code,
        "uuid": str(facility.uuid),
        "status": status,
        "reason": reason,
        "since": since,
        "successor": successor,
    }
