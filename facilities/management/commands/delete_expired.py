"""Deletes what the site must not know any longer; to be run daily."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.admin.uploads import delete_old_uploads
from facilities.operations.retention import apply_retention


class Command(BaseCommand):
    help = (
        "Deletes log-in failures older than 30 days, expired marks of public forms, words of "
        "reports closed more than 90 days ago, contacts of closed reports, expired sessions, and "
        "uploaded releases that nobody loaded within a day. Run it daily."
    )

    def handle(self, **options) -> None:
        now = timezone.now()
        for kind, number in apply_retention(now).items():
            self.stdout.write(f"{number:>8,}  {kind}")
        self.stdout.write(f"{delete_old_uploads(now):>8,}  uploaded releases older than a day")
