"""Facts that people verified, and where the newest release disagrees with them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility
from .release import Release


class VerificationQuerySet(models.QuerySet):
    """Named subsets of verifications."""

    def standing(self):
        return self.filter(reverted_at__isnull=True)


class Verification(models.Model):
    """A fact that a person confirmed, corrected or could not confirm. The newest wins over files.

    A reverted verification stays for the history and counts for nothing else.

    ``fact`` is a field's name ("phone") or "service:" and a slug. Values are JSON; a service's is
    "offered", "denied" or null for "not reported".
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        CORRECTED = "corrected", _("Corrected")
        NOT_CONFIRMED = "not_confirmed", _("Could not be confirmed")

    class Method(models.TextChoices):
        PHONE = "phone", _("By phone")
        WEBSITE = "website", _("On its website")
        DOCUMENT = "document", _("From a document")
        FACILITY = "facility", _("By the facility itself")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="verifications")
    fact = models.CharField(max_length=80)
    outcome = models.CharField(max_length=13, choices=Outcome)
    value_before = models.JSONField(null=True)
    value_after = models.JSONField(null=True)
    source_value = models.JSONField(null=True, help_text="What the newest file said at that time.")
    method = models.CharField(max_length=8, choices=Method)
    evidence_url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField()
    call = models.ForeignKey(
        "Call", models.SET_NULL, null=True, blank=True, related_name="verifications"
    )
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField(null=True, blank=True)
    revert_reason = models.TextField(blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = [
            models.Index(fields=["facility", "fact", "-checked_at"], name="verification_newest")
        ]

    def __str__(self):
        return f"Verification {self.pk}: {self.fact}, {self.get_outcome_display()}"


class Conflict(models.Model):
    """A fact for which the newest release disagrees with the value shown.

    A person verified that value, or the new one is a phone number that unrelated facilities share.
    Derived: resolution rewrites it.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="conflicts")
    fact = models.CharField(max_length=80)
    shown_value = models.JSONField(null=True)
    source_value = models.JSONField(null=True)
    release = models.ForeignKey(Release, models.CASCADE, related_name="conflicts")

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [
            models.UniqueConstraint(fields=["facility", "fact"], name="conflict_once_a_fact")
        ]

    def __str__(self):
        return f"Conflict over {self.fact} of facility {self.facility_id}"
