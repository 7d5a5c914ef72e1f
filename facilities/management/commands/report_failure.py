"""Tells the operators by mail that a systemd unit failed."""

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Says that a systemd UNIT failed: by mail to ALERT_EMAIL where EMAIL_URL names a server, "
        "else on the terminal alone. directory-failed@.service runs it; it needs no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("unit")

    def handle(self, *, unit: str, **options):
        subject = f"{settings.SITE_NAME}: {unit} failed"
        self.stderr.write(subject)
        if settings.EMAIL_ENABLED and settings.ALERT_EMAIL:
            send_mail(
                subject,
                f"Read why on the server: journalctl -u {unit}\n"
                "What else needs attention there: manage.py status\n",
                None,
                settings.ALERT_EMAIL,
            )
