"""Curators' work: assignments, calls, website checks and audits."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility


class Assignment(models.Model):
    """Who checks a facility next, and until when it may rest."""

    facility = models.OneToOneField(Facility, models.CASCADE, related_name="assignment")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assignments"
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    last_outcome = models.CharField(max_length=20, blank=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="Since the last answer.")

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self):
        return f"Assignment of facility {self.facility_id}"


class Call(models.Model):
    """One call of the work queue as it ended, kept so that it can be undone as a whole."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="calls")
    outcome = models.CharField(max_length=20)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    assignment_before = models.JSONField(help_text="Fields of the assignment -> their values.")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self):
        return f"Call {self.pk}: {self.outcome}"


class WebsiteCheck(models.Model):
    """The result of the last visit to a facility's website. Changes no public fact."""

    class Outcome(models.TextChoices):
        REACHABLE = "reachable", _("Reachable")
        UNREACHABLE = "unreachable", _("Unreachable")
        MOVED = "moved", _("Moved to another domain")
        UNKNOWN = "unknown", _("Could not be told")

    facility = models.OneToOneField(Facility, models.CASCADE, related_name="website_check")
    website = models.URLField(max_length=500)
    outcome = models.CharField(max_length=11, choices=Outcome)
    detail = models.CharField(max_length=200, blank=True)
    redirects_to = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("website check")
        verbose_name_plural = _("website checks")

    def __str__(self):
        return f"{self.website}: {self.get_outcome_display()}"


class Audit(models.Model):
    """A random sample of listings to call. The same seed gives the same sample."""

    seed = models.PositiveIntegerField(_("seed"))
    size = models.PositiveIntegerField(_("listings"))
    sampled_on = models.DateField(_("drawn on"))

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")

    def __str__(self):
        return f"Audit of {self.sampled_on} (seed {self.seed})"


class AuditCall(models.Model):
    """One call of an audit and its result."""

    class Outcome(models.TextChoices):
        RIGHT = "right", _("Everything right")
        REACHED = "reached", _("Right enough to reach care")
        WRONG = "wrong", _("Wrong")
        NO_ANSWER = "no_answer", _("Nobody answered")

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="calls")
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="audit_calls")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    note = models.TextField(blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("audit call")
        verbose_name_plural = _("audit calls")
        constraints = [
            models.UniqueConstraint(fields=["audit", "facility"], name="audit_calls_once")
        ]

    def __str__(self):
        return f"Call {self.pk} of audit {self.audit_id}"


class RiskSnapshot(models.Model):
    """What the records say of the risk of each facility, as of one version of the data. One row.

    A cache of the work queue (``curation/work_queue/risk_table.py``): it may be deleted.
    """

    number = models.PositiveBigIntegerField()
    token = models.CharField(max_length=16, blank=True)
    rules = models.CharField(max_length=64, help_text="Of the code that computed it.")
    arrays = models.BinaryField()

    class Meta:
        verbose_name = _("risk snapshot")
        verbose_name_plural = _("risk snapshots")

    def __str__(self):
        return f"Risks of version {self.number}"
