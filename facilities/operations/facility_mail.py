"""Mail to facilities: that their page says what several people reported. Nothing of the reports."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ..curation.facility_notices import mail_address_of, mark_told, pending_notices
from ..models import Facility


def mail_notices(facility: Facility) -> None:
    """Let a worker tell a facility that has an address; others are told in the next call."""
    if not settings.EMAIL_ENABLED or not mail_address_of(facility):
        return
    if pending_notices().filter(facility=facility).exists():
        mail_facility_notices.enqueue(facility.pk)


@task()
def mail_facility_notices(key: int) -> None:
    facility = Facility.objects.get(pk=key)
    address, notices = mail_address_of(facility), pending_notices().filter(facility=facility)
    topics = [notice.get_topic_display() for notice in notices]
    if not topics or not address:
        return
    lines = [
        _("Several people reported something about your listing %(facility)s: %(topics)s.")
        % {"facility": facility.name, "topics": "; ".join(topics)},
        _("Your page says so for 30 days, or until we have checked it."),
        _("Ask us for a link with which you can update your listing or dispute what it says."),
        settings.CONTACT_URL or "",
    ]
    subject = _("Your listing in %(site)s") % {"site": settings.SITE_NAME}
    send_mail(subject, "\n\n".join(filter(None, lines)), None, [address])
    mark_told(facility, by=None, now=timezone.now())
