"""Which records are one facility: likely pairs, merges, pairs kept apart, ambiguous rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility
from .release import SourceRow


class MergeProposal(models.Model):
    """Two records that one person wants to merge, and how they know; it waits for a second."""

    kept = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    absorbed = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    method = models.CharField(max_length=8, blank=True)
    evidence_url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proposed merge")
        verbose_name_plural = _("proposed merges")

    def __str__(self):
        return f"{self.absorbed} into {self.kept}"


class Merge(models.Model):
    """Two records found to be one facility. ``moved`` lists what moved, so that undo is exact."""

    kept = models.ForeignKey(
        Facility, models.CASCADE, related_name="merges", verbose_name=_("kept")
    )
    absorbed = models.ForeignKey(
        Facility, models.CASCADE, related_name="merged_by", verbose_name=_("joined to it")
    )
    moved = models.JSONField(default=dict, help_text="Table -> keys, and the former columns.")
    note = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("joined by"),
    )
    made_at = models.DateTimeField(_("joined"))
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def __str__(self):
        return f"Merge {self.pk}: facility {self.absorbed_id} into {self.kept_id}"


class DistinctPair(models.Model):
    """Two similar records that a person found to be two facilities; the lower key is first."""

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
        return f"Facilities {self.first_id} and {self.second_id} are distinct"


class RowDecision(models.Model):
    """What a waiting row is: a facility, none for a new one, or nothing that is to be listed.

    Two people stand behind it. It belongs to the file, loaded or not, so that nobody is asked
    again.
    """

    sha256 = models.CharField(max_length=64, help_text="The file's, as its release keeps it.")
    row_number = models.PositiveIntegerField()
    facility = models.ForeignKey(Facility, models.CASCADE, null=True, related_name="+")
    is_left_out = models.BooleanField(default=False, db_default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("row decision")
        verbose_name_plural = _("row decisions")
        constraints = [
            models.UniqueConstraint(fields=["sha256", "row_number"], name="row_decided_once")
        ]

    def __str__(self):
        return f"Decision on row {self.row_number} of file {self.sha256[:8]}"


class RowProposal(models.Model):
    """What one person says that a waiting row is, and how they know; it waits for a second."""

    row = models.ForeignKey(SourceRow, models.CASCADE, related_name="proposals")
    facility = models.ForeignKey(Facility, models.CASCADE, null=True, related_name="+")
    is_left_out = models.BooleanField(default=False)
    method = models.CharField(max_length=8, blank=True)
    evidence_url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proposed row decision")
        verbose_name_plural = _("proposed row decisions")

    def __str__(self):
        return f"Proposal {self.pk} for row {self.row_id}"


class LikelyPair(models.Model):
    """Two records that may be one facility. Derived: each search for duplicates rewrites it."""

    first = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    second = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"), help_text="Of 100.")
    terms = models.JSONField(default=dict, help_text="Name of a term -> its points.")
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("likely pair")
        verbose_name_plural = _("likely duplicates")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likely_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="likely_pair_in_order"
            ),
        ]

    def __str__(self):
        return f"Facilities {self.first_id} and {self.second_id}: {self.score} of 100"
