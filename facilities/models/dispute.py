"""A facility's right of reply: what it says is wrong with its own listing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility
from .proposal import UpdateLink


class DisputeQuerySet(models.QuerySet):
    """Named subsets of disputes."""

    def open(self):
        return self.filter(answered_at__isnull=True)


class Dispute(models.Model):
    """A fact that the facility disputes. The fact shows it, with its day, until staff answer."""

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("We changed it")
        KEPT = "kept", _("It stays as it is")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="disputes")
    fact = models.CharField(_("fact"), max_length=80)
    words = models.TextField(help_text="What is wrong, as the facility says; staff alone see it.")
    link = models.ForeignKey(UpdateLink, models.SET_NULL, null=True, related_name="disputes")
    made_at = models.DateTimeField(_("made"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, blank=True)
    answer = models.TextField(blank=True, help_text="The facility reads it.")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")

    def __str__(self):
        return f"Dispute {self.pk} over {self.fact} of facility {self.facility_id}"
