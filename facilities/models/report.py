"""Reports of the public, each with a receipt and nothing that tells who sent it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .facility import Facility


class Report(models.Model):
    """One report. Its contact is deleted when it closes, its message 90 days later."""

    class Topic(models.TextChoices):
        PHONE = "phone", _("The phone number")
        CLOSED = "closed", _("It has closed or moved")
        SERVICES = "services", _("What it offers")
        INSURANCE = "insurance", _("Insurance or payment")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("Being checked")
        CORRECTED = "corrected", _("Corrected")
        CONFIRMED = "confirmed", _("Checked: the listing was right")
        UNCLEAR = "unclear", _("Checked: could not be settled")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="reports")
    topic = models.CharField(_("what is wrong"), max_length=9, choices=Topic)
    message = models.TextField(blank=True)
    contact = models.CharField(max_length=254, blank=True)
    receipt = models.CharField(max_length=12, unique=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True, help_text="Shown to whoever has the receipt.")
    reported_on = models.DateField(_("reported"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    closing_call = models.ForeignKey(
        "Call", models.SET_NULL, null=True, blank=True, related_name="closed_reports"
    )
    corrections = models.ManyToManyField(
        "Verification", blank=True, related_name="+",
        help_text="What was corrected because of it.",
    )  # fmt: skip

    # What is to be deleted must not live on in a history.
    history = HistoricalRecords(excluded_fields=["message", "contact"])

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [models.Index(fields=["state", "facility"], name="report_open")]

    def __str__(self):
        return f"Report {self.pk}: {self.get_topic_display()}"


class Throttle(models.Model):
    """How often a client used a public form, under a keyed hash of its address that expires."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("throttle")
        verbose_name_plural = _("throttles")

    def __str__(self):
        return self.key[:8]
