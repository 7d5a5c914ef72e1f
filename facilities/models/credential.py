"""A license, accreditation or certification with its number, scope, proof and expiry."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .facility import Facility


class CredentialQuerySet(models.QuerySet):
    """Named subsets of credentials."""

    def confirmed(self):
        return self.filter(is_confirmed=True)


class Credential(models.Model):
    """A document that two people have seen or a list states. It expires by itself on its day."""

    class Kind(models.TextChoices):
        LICENSE = "license", _("License")
        ACCREDITATION = "accreditation", _("Accreditation")
        CERTIFICATION = "certification", _("Certification")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    issuer = models.CharField(_("issued by"), max_length=200, help_text="Who issued it.")
    number = models.CharField(_("number"), max_length=100, blank=True)
    scope = models.CharField(_("scope"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    proof_url = models.URLField(_("proof"), max_length=500, blank=True)
    checked_on = models.DateField(_("seen on"))
    source = models.CharField(
        _("source"),
        max_length=250,
        blank=True,
        default="",
        db_default="",
        help_text="Whose list states it; empty where a curator here saw it.",
    )
    is_listed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It came with a loaded list and goes with it.",
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    is_confirmed = models.BooleanField(
        default=True, db_default=True, help_text="A list states it, or a second person has seen it."
    )
    entered_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_how = models.TextField(
        blank=True, default="", db_default="", help_text="The evidence of the second person."
    )

    objects = CredentialQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True)
                | models.Q(issued_on__isnull=True)
                | models.Q(expires_on__gte=models.F("issued_on")),
                name="credential_expires_after_issue",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.issuer} {self.number}".strip()

    def is_current(self, today) -> bool:
        return self.expires_on is None or self.expires_on >= today
