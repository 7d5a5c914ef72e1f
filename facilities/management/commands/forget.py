"""Deletes what the site must not know any longer; to be run daily."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.staff.forgetting import forget


class Command(BaseCommand):
    help = (
        "Deletes log-in failures older than 30 days, expired marks of public forms, words of "
        "reports closed more than 90 days ago, contacts of closed reports, and expired sessions. "
        "Run it daily."
    )

    def handle(self, **options) -> None:
        for kind, number in forget(timezone.now()).items():
            self.stdout.write(f"{number:>8,}  {kind}")
