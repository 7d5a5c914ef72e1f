"""Deletes what the site must not know any longer; to be run daily."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.admin import uploads
from facilities.curation.spreadsheet import uploads as spreadsheet_uploads
from facilities.models import ScheduledTask
from facilities.operations.retention import apply_retention
from facilities.operations.scheduled_tasks import record_success


class Command(BaseCommand):
    help = (
        "Deletes log-in failures older than 30 days, expired marks of public forms, words of "
        "reports closed more than 90 days ago, contacts of closed reports, expired sessions, notes "
        "of staff older than STAFF_NOTES_DAYS without a legal hold, and "
        "uploaded releases and sheets that nobody loaded within a day. Run it daily."
    )

    def handle(self, **options) -> None:
        now = timezone.now()
        deleted = apply_retention(now) | {
            "uploaded releases older than a day": uploads.delete_old_uploads(now),
            "uploaded sheets older than a day": spreadsheet_uploads.delete_old_sheets(
                settings.UPLOAD_ROOT, now
            ),
        }
        for kind, number in deleted.items():
            self.stdout.write(f"{number:>8,}  {kind}")
        done = "\n".join(f"{number:,} {kind}" for kind, number in deleted.items())
        record_success(ScheduledTask.Name.DELETE_EXPIRED, done)
