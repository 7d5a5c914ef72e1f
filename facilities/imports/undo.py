"""Takes the newest release back, so that all is as if its file had never been loaded.

Facilities that it alone brought go with it. What people did since stays and is merged anew, as
after any load. So nothing is taken back where people's work would have nothing left to stand on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from ..models import (
    AuditCall,
    Availability,
    Credential,
    DataVersion,
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
from ..resolution.recompute import recompute_facilities
from ..resolution.settle import ImportRefused
from .plan import is_identity

STAFF_WORK_MODELS = (
    Verification,
    Proposal,
    Credential,
    Report,
    AuditCall,
    UpdateLink,
    Availability,
)
MODEL_NAMES = 5  # facilities that a refusal names
BATCH = 500


@dataclass(frozen=True)
class UndoResult:
    """What taking a release back did: facilities that went, and that changed."""

    release: str
    removed: int
    changed: int


def newest_release() -> Release | None:
    """The release that can be taken back: the last one loaded, archived or not."""
    return Release.objects.defer("key_sheet", "report").order_by("pk").last()


def undo_release(*, today: date, expected: int | None = None) -> UndoResult:
    """Take back the newest release; Refused, with a sentence, where that may not be.

    `expected`: the key of the release that the person means, if they were shown one.
    """
    with transaction.atomic():
        DataVersion.write_lock()
        release = newest_release()
        if release is None:
            raise ImportRefused("No release is loaded.")
        if expected not in (None, release.pk):
            raise ImportRefused("Another release was loaded or taken back meanwhile: look again.")
        brought = listings_added_by(release)
        _refuse_to_lose_work(brought)
        name = str(release)
        release.rows.all().delete()
        for batch in _batches(brought):
            Facility.objects.filter(pk__in=batch).delete()
        release.delete()
        settlement = recompute_facilities(zip_places(), today=today)
        DataVersion.bump()
    return UndoResult(name, len(brought), len(settlement.changed))


def listings_added_by(release: Release) -> set[int]:
    """Facilities that were first seen in this release and that no other release knows."""
    pairs = SourceRow.objects.exclude(release=release).values_list("facility_id", "merged_from_id")
    known = {key for pair in pairs.distinct() for key in pair}
    seen = {
        (merged_from or facility, number)
        for facility, merged_from, number in release.rows.filter(
            facility__isnull=False
        ).values_list("facility_id", "merged_from_id", "row_number")
    }
    identities = dict(Facility.objects.values_list("pk", "uuid"))
    return {
        facility
        for facility, number in seen
        if facility not in known and is_identity(identities[facility], release, number)
    }


def _refuse_to_lose_work(brought: Iterable[int]) -> None:
    merged = Merge.objects.filter(undone_at__isnull=True)
    touched: dict[int, None] = {}
    for batch in _batches(brought):
        either = Q(kept__in=batch) | Q(absorbed__in=batch)
        if (
            merge := merged.filter(either)
            .select_related("kept", "absorbed")
            .order_by("-pk")
            .first()
        ):
            raise ImportRefused(
                f"{merge.absorbed} was merged into {merge.kept} since, and only this release lists "
                "one of the two. Undo that merge first."
            )
        for model in STAFF_WORK_MODELS:
            touched |= dict.fromkeys(
                model.objects.filter(facility__in=batch).values_list("facility_id", flat=True)
            )
    if touched:
        found = Facility.objects.filter(pk__in=sorted(touched)[:MODEL_NAMES]).order_by(
            "name_key", "pk"
        )
        raise ImportRefused(
            f"People have worked on {len(touched):,} facilities that only this release lists, "
            f"such as {'; '.join(map(str, found))}. Their work would be lost. Load the right file "
            "over this release instead."
        )


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
