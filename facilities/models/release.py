"""The files that were loaded, and each row of them, word for word."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility
from .keyed_query import KeyedQuery
from .querysets import LONG_RELEASE_FIELDS


class ReleaseQuerySet(models.QuerySet):
    """Named subsets of releases."""

    def applied(self):
        return self.filter(is_effective=True)

    def for_pages(self):
        """Leave out what is long, and not public."""
        return self.defer(*LONG_RELEASE_FIELDS)


class Release(models.Model):
    """One loaded file."""

    class Source(models.TextChoices):
        """SAMHSA's. Each other list has a name of its own, such as "travis-county"."""

        DIRECTORY = "directory", _("SAMHSA National Directory")
        LOCATOR = "locator", _("SAMHSA FindTreatment.gov")

    source = models.CharField(_("source"), max_length=40)
    source_title = models.CharField(
        max_length=100, blank=True, default="", db_default="",
        help_text="What pages call a source that is not SAMHSA's.",
    )  # fmt: skip
    edition = models.CharField(_("edition"), max_length=10, help_text='A year ("2023") or a date.')
    published_on = models.DateField(
        _("published on"), help_text="What the file's facts are dated by."
    )
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    key_sheet = models.JSONField(default=dict, help_text="Code -> [category code, service name].")
    counts = models.JSONField(_("numbers"), default=dict)
    report = models.JSONField(_("report on loading"), default=dict)
    is_effective = models.BooleanField(
        _("counts"),
        default=True,
        help_text="No: older than the newest edition; archived, no facts changed.",
    )
    is_partial = models.BooleanField(
        _("partial"),
        default=False,
        help_text="It adds to the release before it: what it leaves out stays.",
    )
    is_demonstration = models.BooleanField(_("demonstration"), default=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("loaded by"),
    )
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        permissions = [
            ("load_release", "Can load a release"),
            ("undo_release", "Can undo the newest release"),
        ]

    def __str__(self):
        return f"{self.get_source_display()} {self.edition} (#{self.pk})"

    @property
    def is_of_samhsa(self) -> bool:
        return self.source in SAMHSA_SOURCES

    def get_source_display(self) -> str:
        # SAMHSA's files have no title of their own; it may not have been read.
        return source_title(self.source, "" if self.is_of_samhsa else self.source_title)


# Enumerations make their list of values at each use, and every card asks for it.
SAMHSA_SOURCES = tuple(Release.Source.values)


def source_title(source: str, title: str = "") -> str:
    """Name a source for readers; ``title``: what its list calls itself."""
    if source in SAMHSA_SOURCES:
        return str(Release.Source(source).label)
    return title or source


def newest_release() -> Release | None:
    """Return the release that dates the site: the newest directory, else the last loaded."""
    return next(iter(NEWEST.objects(SAMHSA_SOURCES)), None)


NEWEST = KeyedQuery(
    str,
    lambda sources: (
        Release.objects.applied()
        .filter(source__in=sources)
        .for_pages()
        .order_by("source", "-published_on", "-pk")[:1]
    ),
)


class SourceRow(models.Model):
    """What one release says of one facility, word for word."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="rows")
    facility = models.ForeignKey(
        Facility, models.CASCADE, null=True, related_name="source_rows",
        help_text="Empty: ambiguous, waiting for a curator; or archived and unlike any we list.",
    )  # fmt: skip
    is_outdated = models.BooleanField(
        default=False, db_default=False,
        help_text="It waits because a newer directory leaves its facility out.",
    )  # fmt: skip
    candidate_ids = models.JSONField(
        default=list, help_text="Ids of the facilities an ambiguous row may speak of."
    )
    merged_from = models.ForeignKey(
        Facility, models.SET_NULL, null=True, related_name="+",
        help_text="The record it spoke of, if that was merged into the facility.",
    )  # fmt: skip
    row_number = models.PositiveIntegerField(help_text="As the file counts, headings included.")
    raw = models.JSONField(help_text="Heading -> text, as read.")
    position = models.JSONField(
        null=True, help_text="[latitude, longitude, origin], in or beside the file, if any."
    )

    class Meta:
        verbose_name = _("source row")
        verbose_name_plural = _("source rows")
        constraints = [
            models.UniqueConstraint(fields=["release", "row_number"], name="source_row_once")
        ]

    def __str__(self):
        return f"Row {self.row_number} of release {self.release_id}"
