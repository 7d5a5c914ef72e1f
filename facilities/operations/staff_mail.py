"""Mail to staff: how much waits, and that it came in. No name, number or word of a report."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from ..models import Report


def is_mail_configured() -> bool:
    return bool(settings.EMAIL_ENABLED and settings.STAFF_EMAIL)


def mail_to_staff(subject: str, lines: Iterable[str]) -> None:
    """Send to STAFF_EMAIL. Raises SMTPException or OSError."""
    send_mail(f"{settings.SITE_NAME}: {subject}", "\n".join(lines), None, settings.STAFF_EMAIL)


def announce_report(topic: str) -> None:
    """Let a worker tell staff of a report about a phone number; others wait for the daily mail."""
    if topic != Report.Topic.PHONE or not is_mail_configured():
        return
    waiting = DBTaskResult.objects.ready().filter(task_path=mail_phone_report.module_path)
    if not waiting.exists():  # one mail for all that come before it is sent
        mail_phone_report.enqueue()


@task()
def mail_phone_report() -> None:
    mail_to_staff(
        _("a report about a phone number"),
        [_("Somebody reported that a phone number is wrong. It waits on the staff's first page.")],
    )
