"""What changed since a client last asked, from the change log, in the order of its versions.

The lock of ``DataVersion`` makes versions visible in the order of their numbers, so a cursor that
holds a number has seen all that came before it. A version that the log does not know by its token,
as after a restore, or of which it has lost a successor, has no "since": the client begins anew.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from ..facts.registry import PRIVATE_FACTS
from ..models import Change, DataVersion, Facility, Revision, VersionStamp
from ..models.facility import public_code_of
from .cursors import ChangeCursor

BEFORE_THE_FIRST = VersionStamp(0, "")
PUBLIC_STATUSES = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
PUBLIC_KINDS = [kind for kind in Change.Kind if kind is not Change.Kind.DRAFT]


class UnknownVersion(Exception):
    """The log cannot say what changed since this version."""


@dataclass(frozen=True)
class PublicChange:
    """What one version changed of one facility. ``facility`` is None of one that was deleted."""

    revision: int
    at: datetime
    facility_uuid: uuid.UUID
    kind: str
    fields: Sequence[str]
    facility: Facility | None

    @property
    def code(self) -> str:
        return public_code_of(self.facility_uuid)

    @property
    def is_on_a_page(self) -> bool:
        found = self.facility
        is_public = found is not None and found.status in PUBLIC_STATUSES
        return is_public and found.merged_into_id is None

    @property
    def successor(self) -> Facility | None:
        kept = self.facility.merged_into if self.facility else None
        return kept if kept is not None and kept.status in PUBLIC_STATUSES else None


@dataclass(frozen=True)
class ChangePage:
    """A part of what changed; ``cursor`` is where the next one begins."""

    changes: Sequence[PublicChange]
    cursor: ChangeCursor
    is_last: bool


def current_cursor() -> ChangeCursor:
    """Return the cursor of all that is there now: what a full copy of the data begins with."""
    return ChangeCursor(DataVersion.current())


def changes_after(cursor: ChangeCursor, limit: int) -> ChangePage:
    """Return what changed after the cursor, and where to go on. Raises UnknownVersion.

    It opens no transaction, which on SQLite would wait for writers: what others write meanwhile is
    newer than the version read first, and left for the next request.
    """
    newest = DataVersion.current()
    _check_version(cursor.version, newest)
    rows = [*_rows_after(cursor).filter(revision__lte=newest.number)[: limit + 1]]
    found = [*build_public_changes(rows[:limit])]
    if len(rows) <= limit:
        return ChangePage(found, ChangeCursor(newest), is_last=True)
    last = rows[limit - 1]
    version = VersionStamp(last.revision_id, last.token)
    return ChangePage(found, ChangeCursor(version, last.facility_uuid), is_last=False)


def _check_version(version: VersionStamp, newest: VersionStamp) -> None:
    """Raises UnknownVersion unless the log has this version and each one after it."""
    if version == newest:
        return
    is_known = (
        version == BEFORE_THE_FIRST
        or Revision.objects.filter(number=version.number, token=version.token).exists()
    )
    later = Revision.objects.filter(number__gt=version.number, number__lte=newest.number)
    count = later.aggregate(count=Count("number"), last=Max("number"))
    is_complete = count["count"] == newest.number - version.number > 0
    if not is_known or not is_complete or count["last"] != newest.number:
        raise UnknownVersion


def _rows_after(cursor: ChangeCursor) -> QuerySet:
    after = Q(revision__gt=cursor.version.number)
    if cursor.last is not None:
        after |= Q(revision=cursor.version.number, facility_uuid__gt=cursor.last)
    return public_change_rows().filter(after).order_by("revision", "facility_uuid")


def public_change_rows() -> QuerySet:
    """Return the changes that are for everybody, each with its version's token and time."""
    return Change.objects.filter(kind__in=PUBLIC_KINDS).annotate(
        token=F("revision__token"), at=F("revision__made_at")
    )


def build_public_changes(rows: Iterable[Change]) -> Iterable[PublicChange]:
    """Add the facilities; of a confidential address even the names of what changed are left out."""
    rows = [*rows]
    facilities = _facilities({row.facility_uuid for row in rows})
    for row in rows:
        facility = facilities.get(row.facility_uuid)
        if facility is not None and facility.status == Facility.Status.DRAFT:
            continue
        is_private = facility is not None and facility.is_address_confidential
        hidden = PRIVATE_FACTS if is_private else frozenset()
        fields = [name for name in row.fields if name not in hidden]
        yield PublicChange(row.revision_id, row.at, row.facility_uuid, row.kind, fields, facility)


def _facilities(uuids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Facility]:
    fields = ("uuid", "code", "name", "city", "state", "status", "is_address_confidential")
    found = Facility.objects.filter(uuid__in=uuids).select_related("merged_into")
    merged = (f"merged_into__{name}" for name in ("code", "status"))
    return {each.uuid: each for each in found.only(*fields, *merged)}


def change_record(change: PublicChange, origin: str) -> dict:
    has_page = change.is_on_a_page
    return {
        "revision": change.revision,
        "at": change.at.isoformat(),
        "code": change.code,
        "uuid": str(change.facility_uuid),
        "kind": change.kind,
        "fields": change.fields,
        "url": origin + change.facility.get_absolute_url() if has_page else None,
        "successor": change.successor.code if change.successor else None,
    }
