"""Writes the change log: see ``models/change.py``. There is no other way to a new data version."""

import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from ..facts.stored_values import DRAFT, HIDDEN, LISTED
from ..models import Change, DataVersion, Facility, Revision, VersionStamp
from ..models.change import TOKEN_LENGTH
from .bulk import bulk_insert

MERGED = "merged"  # stands for the status of a record that was merged into another
Kind = Change.Kind


@dataclass
class _Entry:
    before: str | None
    after: str | None = None
    fields: set[str] = field(default_factory=set)

    def listed_fields(self) -> list[str]:
        """Return the fields, or none where the listing begins or ends as a whole."""
        is_whole = self.before != self.after and not {None, MERGED}.isdisjoint(
            (self.before, self.after)
        )
        return [] if is_whole else sorted(self.fields)


class ChangeLog:
    """What the open transaction changes. ``version``: that of the data before it."""

    def __init__(self, version: VersionStamp) -> None:
        self.version = version
        self._entries: dict[uuid.UUID, _Entry] = {}

    def note(
        self,
        facility: uuid.UUID,
        *,
        before: str | None,
        after: str | None,
        fields: Iterable[str] = (),
    ) -> None:
        """Note that fields of a facility change.

        ``before`` and ``after``: its status, MERGED, or None where there is no record. What is
        noted of one facility adds up, from the first ``before`` to the last ``after``.
        """
        entry = self._entries.setdefault(facility, _Entry(before))
        entry.after = after
        entry.fields.update(fields)

    def note_fields(self, facility: Facility, fields: Iterable[str]) -> None:
        """Note fields that change without the columns of the facility."""
        status = MERGED if facility.merged_into_id else facility.status
        self.note(facility.uuid, before=status, after=status, fields=fields)

    def write(self) -> None:
        """Give the data their next version, if anything was noted."""
        changed = {
            facility: entry
            for facility, entry in self._entries.items()
            if entry.fields or entry.before != entry.after
        }
        if not changed:
            return
        number = self.version.number + 1
        start_version(number)
        bulk_insert(
            Change,
            (
                {
                    "revision_id": number,
                    "facility_uuid": facility,
                    "kind": kind_of_change(entry.before, entry.after).value,
                    "fields": entry.listed_fields(),
                }
                for facility, entry in changed.items()
            ),
        )


@contextmanager
def recording_changes() -> Iterator[ChangeLog]:
    """Open the transaction of a write, in which nobody else writes.

    Its first query takes the lock. At its end the log is written, and with it the new version.
    One such block is not opened within another.
    """
    with transaction.atomic():
        log = ChangeLog(DataVersion.lock())
        yield log
        log.write()


def start_version(number: int) -> None:
    """Make ``number`` the newest version, with a token of its own."""
    token = secrets.token_hex(TOKEN_LENGTH // 2)
    DataVersion.objects.filter(pk=1).update(number=number, token=token)
    Revision.objects.create(number=number, token=token)


def kind_of_change(before: str | None, after: str | None) -> Kind:
    """Name a change by what a reader has to do: add, read again, or take off the list."""
    if after is None:
        return Kind.DRAFT if before == DRAFT else Kind.DELETED
    if after == MERGED:
        return Kind.MERGED
    if after == DRAFT:
        return Kind.DRAFT if before in (None, DRAFT) else Kind.HIDDEN
    if after == HIDDEN:
        return Kind.HIDDEN
    if after == before:
        return Kind.CHANGED
    return Kind.ADDED if after == LISTED else Kind.WITHDRAWN
