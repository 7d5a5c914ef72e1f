"""When the work of timers was last done, and when the primary database last gave a sign of life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScheduledTask(models.Model):
    """The last success of one task. ``HEARTBEAT`` is written every second where replicas follow."""

    class Name(models.TextChoices):
        DELETE_EXPIRED = "delete-expired", _("Deletion of expired data")
        BACKUP = "backup", _("Backup")
        VERIFY_BACKUP = "verify-backup", _("Trial restore of the newest backup")
        WEBSITE_CHECKS = "website-checks", _("Website checks")
        PUBLISHED_DATA = "published-data", _("Published data")
        HEARTBEAT = "heartbeat", _("Heartbeat")

    name = models.CharField(max_length=20, primary_key=True)
    succeeded_at = models.DateTimeField()
    summary = models.TextField(
        blank=True, default="", db_default="", help_text="What it did, one thing a line."
    )

    class Meta:
        verbose_name = _("scheduled task")
        verbose_name_plural = _("scheduled tasks")

    def __str__(self):
        return self.name


class ScheduledTaskRun(models.Model):
    """One success of a task that deletes something, and what it did."""

    name = models.CharField(max_length=20)
    succeeded_at = models.DateTimeField()
    summary = models.TextField(blank=True, help_text="What it did, one thing a line.")

    class Meta:
        verbose_name = _("run of a scheduled task")
        verbose_name_plural = _("runs of scheduled tasks")
        indexes = [models.Index(fields=["name", "-succeeded_at"], name="task_run_newest")]

    def __str__(self):
        return f"{self.name}, {self.succeeded_at:%Y-%m-%d}"
