"""The change log: which facilities each version of the data changed, and how.

One transaction at a time holds the lock of ``DataVersion``, from before its first change to its
end, and the lock gives it the next number. So versions become visible in the order of their
numbers: whoever reads version 7 sees all that 1 to 7 changed. A sequence, a clock or the id of a
transaction would not do: on PostgreSQL a transaction that began first may be seen last.

The log is never shortened. A check of a curator adds about 200 bytes to it; the edition of 2023
over that of 2022 adds 5.7 MB, most of it names of services. ``resolution/change_log.py`` writes it.
"""

from typing import NamedTuple

from django.db import models
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from .facility import primary_key_of
from .keyed_query import KeyedQuery

TOKEN_LENGTH = 16


class VersionStamp(NamedTuple):
    """The state of the data that something was read or computed from.

    Both parts count. A database that was restored, or a replica that took over, may reach a number
    for the second time, with other data; the token is random.
    """

    number: int
    token: str


class DataVersion(models.Model):
    """The newest version, and the lock of all writers. One row; caches are keyed by it."""

    number = models.PositiveBigIntegerField(default=0)
    token = models.CharField(max_length=TOKEN_LENGTH, default="", db_default="")

    class Meta:
        verbose_name = _("data version")
        verbose_name_plural = _("data version")

    def __str__(self):
        return f"Version {self.number}"

    @classmethod
    def current(cls) -> VersionStamp:
        newest = NEWEST.rows([1])
        return VersionStamp(*newest[0]) if newest else VersionStamp(0, "")

    @classmethod
    def lock(cls) -> VersionStamp:
        """Lock out other writers until the transaction ends; return the version before it."""
        held = cls.objects.select_for_update().filter(pk=1).first()
        if held is None:  # nothing was written yet, or a backup was restored while this waited
            cls.objects.get_or_create(pk=1)
            held = cls.objects.select_for_update().get(pk=1)
        return VersionStamp(held.number, held.token)


NEWEST = KeyedQuery(
    int, lambda keys: DataVersion.objects.filter(pk__in=keys).values_list("number", "token")
)


class Revision(models.Model):
    """A version that the data have or had, by its number."""

    number = models.PositiveBigIntegerField(primary_key=True)
    token = models.CharField(max_length=TOKEN_LENGTH)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")

    def __str__(self):
        return f"Revision {self.number}"


class Change(models.Model):
    """What one revision changed of one facility: the names of fields, never their values.

    Fields are facts, as verifications name them ("phone", "service:methadone", "position"); also
    "last_verified_on", "source_release", "county_fips", "credentials", "merged_into" and
    "merged_records". A field changed if its value did, or what stands behind it: a check, or a file
    that contradicts it. The facility is not a foreign key: it may have been deleted.
    """

    class Kind(models.TextChoices):
        """ADDED: listed, and not before: new, published or listed again. DRAFT: not for the public.

        What is changed while it is hidden or merged stays HIDDEN or MERGED.
        """

        ADDED = "added", _("Listed")
        CHANGED = "changed", _("Changed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        HIDDEN = "hidden", _("Hidden")
        MERGED = "merged", _("Merged")
        DELETED = "deleted", _("Deleted")
        DRAFT = "draft", _("Draft")

    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="changes", db_index=False
    )  # the constraint has an index that begins with it
    facility_uuid = models.UUIDField()
    kind = models.CharField(max_length=9, choices=Kind)
    fields = models.JSONField(default=list)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        # When a facility was last changed is asked of each that is published.
        indexes = [models.Index(fields=["facility_uuid", "revision"], name="change_by_facility")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "facility_uuid"], name="change_once")
        ]

    def __str__(self):
        return f"Revision {self.revision_id}: {self.facility_uuid} {self.kind}"


def changes_since(version: VersionStamp) -> frozenset[int] | None:
    """Return the primary keys of the facilities that changed after ``version``, in two queries.

    Some of them may be deleted. None: the log does not know this version, or not all that came
    after it, so that whatever was computed from it has to be computed anew. Who keeps something up
    to date reads ``DataVersion.current()`` first, then this, then the facilities: what others
    change in between is read twice and never missed.
    """
    is_known = Exists(Revision.objects.filter(number=version.number, token=version.token))
    newest = DataVersion.objects.filter(is_known, pk=1).values_list("number", flat=True).first()
    if newest is None:
        return None
    if newest == version.number:
        return frozenset()
    later = Revision.objects.filter(number__gt=version.number)
    logged = list(later.values_list("number", "changes__facility_uuid"))
    if not {number for number, _uuid in logged}.issuperset(range(version.number + 1, newest + 1)):
        return None
    return frozenset(primary_key_of(uuid) for _number, uuid in logged if uuid)
