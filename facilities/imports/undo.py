"""Undoes the newest release: afterwards everything is as if its file had never been loaded.

Facilities that only this release lists are deleted. What people did since stays, and everything
shown is recomputed. So a release cannot be undone if people worked on facilities that would go.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from ..models import (
    AuditCall,
    Availability,
    Credential,
    Facility,
    Merge,
    Proposal,
    Release,
    Report,
    SourceRow,
    UpdateLink,
    Verification,
)
from ..places.tables import zip_places
from ..resolution.change_log import recording_changes
from ..resolution.changes import ImportRefused
from ..resolution.recompute import recompute_within
from ..resolution.snapshot import row_reader
from ..resolution.write import delete_facilities
from .plan import is_identity

logger = logging.getLogger(__name__)

STAFF_WORK_MODELS = (
    Verification,
    Proposal,
    Credential,
    Report,
    AuditCall,
    UpdateLink,
    Availability,
)
MAX_NAMED = 5  # facilities that a refusal names
BATCH = 500


@dataclass(frozen=True)
class UndoResult:
    """The name of the release that was undone, and how many facilities went or changed."""

    release: str
    removed: int
    changed: int


def last_loaded_release() -> Release | None:
    """Return the only release that can be undone: the last one loaded, archived or not."""
    return Release.objects.defer("key_sheet", "report").order_by("pk").last()


def undo_release(
    *,
    today: date,
    expected: int | None = None,
    after_write: Callable[[UndoResult], None] = lambda result: None,
) -> UndoResult:
    """Undo the newest release. Raises ImportRefused with a sentence.

    ``expected``: the key of the release that the person saw, if any. Another one may have been
    loaded since. ``after_write`` gets the result within the transaction that undoes the release:
    both happen, or neither.
    """
    with recording_changes() as log:
        release = last_loaded_release()
        if release is None:
            raise ImportRefused("No release is loaded.")
        if expected not in (None, release.pk):
            raise ImportRefused("Another release was loaded or undone meanwhile. Look again.")
        added = facilities_added_by(release)
        _refuse_to_lose_work(added)
        name = str(release)
        release.rows.all().delete()
        for batch in _batches(added):
            delete_facilities(Facility.objects.filter(pk__in=batch), log)
        release.delete()
        changes = recompute_within(log, zip_places(), today=today)
        result = UndoResult(name, len(added), len(changes.changed))
        after_write(result)
    logger.info(
        "Undid release %s: %d facilities removed, %d changed.",
        result.release, result.removed, result.changed,
    )  # fmt: skip
    return result


def facilities_added_by(release: Release) -> set[int]:
    """Return facilities first seen in this release that no other release lists.

    The identity decides: a facility that a curator created and this release lists later is not
    deleted with it.
    """
    pairs = SourceRow.objects.exclude(release=release).values_list("facility_id", "merged_from_id")
    elsewhere = {key for pair in pairs.distinct() for key in pair}
    rows = {
        (merged_from or facility, number)
        for facility, merged_from, number in release.rows.filter(
            facility__isnull=False
        ).values_list("facility_id", "merged_from_id", "row_number")
    }
    identities = dict(Facility.objects.values_list("pk", "uuid"))
    declared = set() if release.is_of_samhsa else _declared_identities(release)
    return {
        facility
        for facility, number in rows
        if facility not in elsewhere
        and (
            is_identity(identities[facility], release, number)
            or (number, identities[facility]) in declared
        )
    }


def _declared_identities(release: Release) -> set[tuple[int, UUID]]:
    """Return (row number, identity) of the rows that give their facility one themselves."""
    read = row_reader(release)
    rows = (read(raw, number) for number, raw in release.rows.values_list("row_number", "raw"))
    return {(row.row_number, row.identity) for row in rows if row.identity}


def _refuse_to_lose_work(added: Iterable[int]) -> None:
    active = Merge.objects.filter(undone_at__isnull=True).select_related("kept", "absorbed")
    touched: dict[int, None] = {}
    for batch in _batches(added):
        merges = active.filter(Q(kept__in=batch) | Q(absorbed__in=batch))
        if merge := merges.order_by("-pk").first():
            raise ImportRefused(
                f"{merge.absorbed} was merged into {merge.kept} since, and only this release lists "
                "one of the two. Undo that merge first."
            )
        for model in STAFF_WORK_MODELS:
            work = model.objects.filter(facility__in=batch)
            if model is Credential:
                work = work.exclude(is_listed=True)  # it came with the release, and goes with it
            touched |= dict.fromkeys(work.values_list("facility_id", flat=True))
    if touched:
        named = Facility.objects.filter(pk__in=sorted(touched)[:MAX_NAMED])
        names = "; ".join(map(str, named.order_by("name_key", "pk")))
        raise ImportRefused(
            f"People have worked on {len(touched):,} facilities that only this release lists, "
            f"such as {names}. Their work would be lost. Load the right file "
            "over this release instead."
        )


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
