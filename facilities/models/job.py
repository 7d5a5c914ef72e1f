"""Background work that a member of staff started, and the processes that do such work."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult


class Job(models.Model):
    """One task for people: who started it, in which language, and how far it is.

    The task itself holds its state and its result. With it the job is deleted.
    """

    task = models.OneToOneField(DBTaskResult, models.CASCADE, related_name="job")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="What a page finds its result by."
    )
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0: not known.")

    class Meta:
        verbose_name = _("background work")
        verbose_name_plural = _("background work")

    def __str__(self):
        return f"Job {self.pk}: {self.title}"


class WorkerProcess(models.Model):
    """A process that does background work, and when it last gave a sign of life."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker process")
        verbose_name_plural = _("worker processes")

    def __str__(self):
        return self.worker_id
