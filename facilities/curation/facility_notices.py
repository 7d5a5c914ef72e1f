"""What facilities are told: that several people reported their number, or that they closed."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Call, Facility, FacilityNotice, Report, UpdateLink
from .listing_doubts import NOTICE_LIFETIME, REPORT_THRESHOLD

TOPICS = (Report.Topic.PHONE, Report.Topic.CLOSED)  # of which two reports put a notice on a page
UNSETTLED = (Report.State.OPEN, Report.State.IN_PROGRESS)


def notice_facility(report: Report) -> None:
    """Keep what the facility is to be told, once in the time for which its page says it."""
    if report.topic not in TOPICS:
        return
    alike = Report.objects.filter(facility=report.facility, topic=report.topic, state__in=UNSETTLED)
    if alike.count() < REPORT_THRESHOLD:
        return
    # Reports that are settled had a notice of their own.
    oldest = min(alike.values_list("reported_on", flat=True))
    since = max(report.reported_on - NOTICE_LIFETIME, oldest)
    kept = FacilityNotice.objects.filter(facility=report.facility, topic=report.topic)
    if not kept.filter(reported_on__gte=since).exists():
        FacilityNotice.objects.create(
            facility=report.facility, topic=report.topic, reported_on=report.reported_on
        )


def pending_notices() -> QuerySet[FacilityNotice]:
    """Return what no facility was told, as long as a report that it tells of is not settled."""
    reported = Report.objects.filter(
        facility=OuterRef("facility"),
        topic=OuterRef("topic"),
        state__in=UNSETTLED,
        reported_on__lte=OuterRef("reported_on"),
    )
    return FacilityNotice.objects.filter(Exists(reported), told_at__isnull=True)


def mark_told(facility: Facility, *, by, now: datetime, call: Call | None = None) -> None:
    pending_notices().filter(facility=facility).update(told_by=by, told_at=now, call=call)


def mail_address_of(facility: Facility) -> str:
    """Return the newest address that an editor confirmed as the facility's own; "" for none."""
    links = UpdateLink.objects.filter(facility=facility, sent_to__contains="@", revoked_at=None)
    return links.order_by("-made_at", "-pk").values_list("sent_to", flat=True).first() or ""
