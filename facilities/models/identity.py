"""Decisions about which records are one facility: merges, pairs kept apart, ambiguous rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility
from .release import SourceRow


class Merge(models.Model):
    """Two records found to be one. ``moved`` holds what moved, so that undoing is exact."""

    kept = models.ForeignKey(Facility, models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Facility, models.CASCADE, related_name="merged_by")
    moved = models.JSONField(default=dict, help_text="Table -> keys, and the former columns.")
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def __str__(self):
        return f"{self.gone_id} into {self.kept_id}"


class Distinct(models.Model):
    """Two look-alikes that somebody found to be two facilities. The lower key stands first."""

    first = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    second = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("distinct pair")
        verbose_name_plural = _("distinct pairs")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="distinct_pair_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.first_id} is not {self.second_id}"


class RowDecision(models.Model):
    """What a curator decided of an ambiguous row: which facility it is, or a new one (empty)."""

    row = models.OneToOneField(SourceRow, models.CASCADE, related_name="decision")
    facility = models.ForeignKey(Facility, models.CASCADE, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("row decision")
        verbose_name_plural = _("row decisions")

    def __str__(self):
        return f"row {self.row_id}"
