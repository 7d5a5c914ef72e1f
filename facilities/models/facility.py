"""A facility as the site shows it. ``resolution/write.py`` alone writes its facts."""

import base64
import uuid
from functools import cache, cached_property

from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from ..geo import Point
from ..taxonomy import ServiceSet
from .fields import BitsField, KeyField
from .querysets import FacilityQuerySet

CODE_LENGTH = 8
SERVICE_BITS = tuple(f"service_bits_{number}" for number in range(6))
NARROW = ("x", "y", "z", *SERVICE_BITS, "last_verified_on", "id")


def primary_key_of(identity: uuid.UUID) -> int:
    """Return the primary key: the first 63 bits of the UUID, so that both sort alike."""
    return identity.int >> 65


def public_code_of(identity: uuid.UUID) -> str:
    """Return the 8 characters (base 32, 40 bits of the UUID) that end the facility's URL."""
    return base64.b32encode(identity.bytes[:5]).decode().lower()


@cache
def _path_of_facilities(language: str | None) -> str:
    """Return "/facility/" or "/es/facility/". Reversing 20 addresses for a page takes 1 ms."""
    with override(language):
        return reverse("facilities:facility", args=["-"]).removesuffix("-/")


class Facility(models.Model):
    """One place of treatment. Its columns hold what is shown."""

    class Status(models.TextChoices):
        LISTED = "listed", _("Listed")
        WITHDRAWN = "withdrawn", _("No longer in the newest list")
        HIDDEN = "hidden", _("Hidden by an editor")
        DRAFT = "draft", _("Draft")

    class PositionOrigin(models.TextChoices):
        STREET = "street", _("Street address")
        ZIP = "zip", _("Center of the ZIP code")
        CITY = "city", _("Center of the city")
        HAND = "hand", _("Set by hand")

    # Identity
    id = models.BigIntegerField(primary_key=True)
    uuid = models.UUIDField(unique=True)
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.LISTED)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False
    )  # fmt: skip

    # Facts that files state, unless a person verified otherwise
    name = models.CharField(max_length=200)
    program_name = models.CharField(max_length=200, blank=True)
    name_key = KeyField(max_length=420, help_text="Name and program, folded: searched, ordered.")
    street = models.CharField(max_length=200, blank=True)
    street2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=5)
    county_fips = models.CharField(max_length=5, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_extension = models.CharField(max_length=10, blank=True)
    intake_phones = models.JSONField(default=list, help_text="List of {number, extension}.")
    website = models.URLField(max_length=500, blank=True)

    phone_suspended_on = models.DateField(
        null=True, help_text="Since when no number is shown because it reached somebody else."
    )

    # Facts that only curators or the facility set
    hours = models.JSONField(default=dict, help_text="Of the intake line: weekday -> intervals.")
    fax = models.CharField(max_length=20, blank=True)
    admission_hours = models.TextField(blank=True)
    referral_requirements = models.TextField(blank=True)
    admission_exclusions = models.TextField(blank=True, help_text="Who cannot be admitted.")
    is_address_confidential = models.BooleanField(default=False)

    # Position, degrees and unit vector
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    z = models.FloatField(null=True)
    position_origin = models.CharField(max_length=6, choices=PositionOrigin, blank=True)

    # Services: offered in bits, 63 a column; denied as a list of slugs
    service_bits_0 = BitsField(default=0)
    service_bits_1 = BitsField(default=0)
    service_bits_2 = BitsField(default=0)
    service_bits_3 = BitsField(default=0)
    service_bits_4 = BitsField(default=0)
    service_bits_5 = BitsField(default=0)
    denied_services = models.JSONField(default=list)

    last_verified_on = models.DateField(null=True)
    fact_sources = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()),
        help_text="Fact, or * for all -> source, edition, date, method; if not source_release's.",
    )  # fmt: skip
    source_release = models.ForeignKey(
        "Release", models.SET_NULL, null=True, related_name="+",
        help_text="The newest applied release that states its services; dates them on the page.",
    )  # fmt: skip

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        permissions = [
            ("verify_facility", "Can record what was checked of a facility"),
            ("hide_facility", "Can hide a facility and show it again"),
            ("merge_facility", "Can merge facilities and keep look-alikes apart"),
            ("export_facility", "Can export everything about one facility"),
        ]
        # The first two cover the narrow query of a search: it reads no table.
        indexes = [
            models.Index(
                fields=["status", "latitude", "longitude", "state", *NARROW], name="facility_near"
            ),
            models.Index(
                fields=["status", "state", "county_fips", "latitude", "longitude", *NARROW],
                name="facility_in_area",
            ),
            # Covers the list of the staff: its order, search and filters read no table.
            models.Index(
                fields=["name_key", "id", "merged_into", "status", "state", "last_verified_on",
                        "city", "zip", "phone", "code"],
                name="facility_by_name",
            ),
            models.Index(fields=["status", "id"], name="facility_by_key"),
            models.Index(fields=["phone"], name="facility_by_phone"),
            # Few are merged. An index of all would be taken for the many that are not.
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="facility_merged",
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, x__isnull=True)
                | models.Q(
                    latitude__range=(-90, 90), longitude__range=(-180, 180), x__isnull=False
                ),
                name="facility_position_is_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(status="listed"),
                name="facility_merged_is_not_listed",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.city}, {self.state} ({self.code})"

    def get_absolute_url(self) -> str:
        return f"{_path_of_facilities(get_language())}{self.slug}/"

    @property
    def offered(self) -> ServiceSet:
        return ServiceSet.from_words([getattr(self, name) for name in SERVICE_BITS])

    @cached_property
    def rendered(self) -> dict[str, tuple[str, ...]]:
        """What pages rendered of this record, by language; forgotten with it."""
        return {}

    @property
    def denied(self) -> ServiceSet:
        return ServiceSet.of(*self.denied_services)

    @property
    def point(self) -> Point | None:
        return None if self.latitude is None else Point(self.latitude, self.longitude)

    @property
    def is_approximate(self) -> bool:
        """Whether the position is that of a ZIP code or city and not of the address."""
        return self.position_origin in (self.PositionOrigin.ZIP, self.PositionOrigin.CITY)

    @property
    def slug(self) -> str:
        """The last part of the facility's address: words for people, the code for us."""
        words = slugify(f"{self.name} {self.city} {self.state}")[:80].strip("-")
        return f"{words}-{self.code}" if words else self.code
