"""What a facility is to be told because its public page says it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility
from .report import Report


class FacilityNotice(models.Model):
    """Several people reported one thing about a facility; by mail or by a call it is told so."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=9, choices=Report.Topic)
    reported_on = models.DateField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        help_text="Empty after a mail.",
    )  # fmt: skip
    call = models.ForeignKey("Call", models.SET_NULL, null=True, related_name="notices")

    class Meta:
        verbose_name = _("notice for a facility")
        verbose_name_plural = _("notices for facilities")

    def __str__(self):
        return f"Notice {self.pk} for facility {self.facility_id}"
