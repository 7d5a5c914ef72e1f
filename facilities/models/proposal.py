"""Proposed changes, which wait for a second person or a curator, and links to propose them by."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..taxonomy import VOCABULARY, ServiceSet
from .facility import Facility
from .verification import Verification


class UpdateLink(models.Model):
    """A link by which a facility proposes changes. Only a hash of its token is stored."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="update_links")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_to = models.CharField(
        _("made for"),
        max_length=254,
        help_text="The address or number confirmed as the facility's own.",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("update link")
        verbose_name_plural = _("update links")

    def __str__(self):
        return f"Update link {self.pk}"


class Proposal(models.Model):
    """A change of one fact that is not shown yet."""

    class Origin(models.TextChoices):
        CURATOR = "curator", _("A curator")
        FACILITY = "facility", _("The facility")
        SPREADSHEET = "spreadsheet", _("A spreadsheet")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="proposals")
    fact = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    value_before = models.JSONField(null=True)
    origin = models.CharField(_("said by"), max_length=11, choices=Origin)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    method = models.CharField(max_length=8, choices=Verification.Method)
    evidence_url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True, help_text="Why it was refused.")
    link = models.ForeignKey(UpdateLink, models.SET_NULL, null=True, related_name="proposals")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    verification = models.ForeignKey(
        Verification, models.SET_NULL, null=True, related_name="proposals"
    )

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes = [models.Index(fields=["state", "facility", "fact"], name="proposal_waiting")]

    def __str__(self):
        return f"Proposal {self.pk}: {self.fact}, by {self.get_origin_display()}"


class Availability(models.Model):
    """Whether a facility says it can admit today. Shown with its time until it expires."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="availabilities")
    can_admit = models.BooleanField()
    services = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()),
        help_text="Slugs: for what, and for whom.",
    )  # fmt: skip
    words = models.CharField(max_length=200, blank=True)  # of earlier versions; not shown
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    link = models.ForeignKey(UpdateLink, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("stated_at")),
                name="availability_expires_after_it_is_stated",
            )
        ]

    def __str__(self):
        return f"Availability {self.pk}, until {self.expires_at:%Y-%m-%d %H:%M}"

    def programs(self, offered: ServiceSet) -> ServiceSet:
        """Return what it was stated for, of what the facility offers now."""
        return offered & ServiceSet.of(*(slug for slug in self.services if slug in VOCABULARY))

    def can_be_told(self, offered: ServiceSet) -> bool:
        """Whether its limits can be told: without them it would say more than was stated."""
        return bool(self.programs(offered)) if self.services else not self.words
