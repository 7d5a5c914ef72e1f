"""Decisions about ambiguous rows: kept for their file, and carried out where it is loaded."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ..models import DataVersion, Facility, Release, RowDecision, SourceRow
from ..places.tables import zip_places
from ..resolution.recompute import recompute_facilities
from ..resolution.settle import Identity, ImportRefused
from ..resolution.snapshot import row_reader
from .plan import new_identities


def waiting_rows() -> QuerySet[SourceRow]:
    """Ambiguous rows that still count: of a release that no whole one of its source followed."""
    newer = Release.objects.applied().filter(
        source=OuterRef("release__source"), pk__gt=OuterRef("release_id"), is_partial=False
    )
    waiting = SourceRow.objects.filter(facility__isnull=True, release__is_effective=True)
    return waiting.exclude(candidate_ids=[]).filter(~Exists(newer))


def save_decision(
    sha256: str, row_number: int, facility: Facility | None, *, by, now: datetime
) -> RowDecision:
    """Keep the decision for whoever loads the file: the facility, or None for a new one."""
    decision, _ = RowDecision.objects.update_or_create(
        sha256=sha256,
        row_number=row_number,
        defaults={"facility": facility, "decided_by": by, "decided_at": now},
    )
    return decision


def clear_decision(sha256: str, row_number: int) -> None:
    """Leave a row of a file that is not loaded undecided again."""
    RowDecision.objects.filter(sha256=sha256, row_number=row_number).delete()


def assign_row(row: SourceRow, facility: Facility | None, *, by, now: datetime) -> Facility:
    """Decide of a loaded row that waits, and let it speak. Refused if it waits no more."""
    with transaction.atomic():
        DataVersion.write_lock()
        held = waiting_rows().select_related("release").filter(pk=row.pk).first()
        if held is None:
            raise ImportRefused("Somebody has already placed this row.")
        if facility is not None and facility.merged_into_id:
            facility = facility.merged_into
        if facility is not None and facility.pk not in current_candidates(held):
            raise ImportRefused("This row does not look like that facility.")
        save_decision(held.release.sha256, held.row_number, facility, by=by, now=now)
        new = [] if facility else [_identity(held)]
        held.facility_id = facility.pk if facility else new[0].id
        held.save(update_fields=["facility"])
        only = {held.facility_id, *current_candidates(held)}
        recompute_facilities(zip_places(), today=now.date(), only=only, new=new)
        DataVersion.bump()
    return Facility.objects.get(pk=held.facility_id)


def current_candidates(row: SourceRow) -> dict[int, None]:
    """The facilities a row may speak of, in their order; a merged one is the one it became."""
    merged = Facility.objects.filter(pk__in=row.candidate_ids)
    roots = dict(merged.values_list("pk", "merged_into_id"))
    return {roots[each] or each: None for each in row.candidate_ids if each in roots}


def _identity(row: SourceRow) -> Identity:
    """For a facility first seen in this row."""
    release = row.release
    codes = set(Facility.objects.values_list("code", flat=True))
    number = row.row_number
    return new_identities(
        release.source, release.edition, [number], codes,
        is_demonstration=release.is_demonstration,
    )[number]  # fmt: skip


def parse_source_row(row: SourceRow):
    """The row as its file's reader understands it."""
    return row_reader(row.release)(row.raw, row.row_number)
