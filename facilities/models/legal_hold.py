"""Facilities whose staff notes may not be deleted for now. Words of reports go all the same."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility


class LegalHoldQuerySet(models.QuerySet):
    """Named subsets of legal holds."""

    def standing(self):
        return self.filter(lifted_at__isnull=True)


class LegalHold(models.Model):
    """Who keeps the notes about a facility from deletion, why, and since when."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="legal_holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self):
        return f"Legal hold {self.pk} on facility {self.facility_id}"
