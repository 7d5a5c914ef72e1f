"""Numbers that reached somebody else, and so were taken off a listing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility


class SuspendedNumberQuerySet(models.QuerySet):
    """Named subsets of suspended numbers."""

    def standing(self):
        return self.filter(restored_at__isnull=True)


class SuspendedNumber(models.Model):
    """A number that is left out of a facility's listing, whatever states it, until it is restored.

    It is applied after resolution. Files and checks keep the number, so restoring loses nothing.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="suspended_numbers")
    number = models.CharField(_("number"), max_length=20)
    note = models.TextField(blank=True)
    call = models.ForeignKey(
        "Call", models.SET_NULL, null=True, blank=True, related_name="suspended_numbers"
    )
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    suspended_at = models.DateTimeField()
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    restored_at = models.DateTimeField(null=True)

    objects = SuspendedNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspended number")
        verbose_name_plural = _("suspended numbers")

    def __str__(self):
        return f"Suspended number {self.pk} of facility {self.facility_id}"
