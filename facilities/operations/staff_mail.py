"""Mail to staff: how much waits, that it came in, and who logged in on a new device.

No name, number or word of a report.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override
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


def announce_new_device(user: User, device: str, language: str) -> None:
    """Let a worker tell a person of a log-in from a browser that is new to them."""
    if settings.EMAIL_ENABLED and user.email:
        mail_new_device.enqueue(user.email, device, language)


@task()
def mail_new_device(address: str, device: str, language: str) -> None:
    with override(language):
        subject = f"{settings.SITE_NAME}: {_('a log-in from a new device')}"
        seen = _("Somebody logged in as you from a browser that you had not used here before: %s.")
        lines = [
            seen % (device or _("unknown browser")),
            _(
                "If it was you, there is nothing to do. If not, tell an administrator of the site "
                "at once: they can end that session and give you a new link."
            ),
        ]
    send_mail(subject, "\n\n".join(lines), None, [address])
