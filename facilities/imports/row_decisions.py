"""Decisions of curators about ambiguous rows: stored by file, applied when it is loaded."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Facility, Release, RowDecision, SourceRow
from ..places.tables import zip_places
from ..resolution.change_log import recording_changes
from ..resolution.changes import FacilityIdentity, ImportRefused
from ..resolution.recompute import recompute_within
from ..resolution.snapshot import row_reader
from ..sources.rows import FacilityRow
from .plan import new_identities


def waiting_rows() -> QuerySet[SourceRow]:
    """Return ambiguous rows of releases that no later full release of their source replaced."""
    newer = Release.objects.applied().filter(
        source=OuterRef("release__source"), pk__gt=OuterRef("release_id"), is_partial=False
    )
    waiting = SourceRow.objects.filter(facility__isnull=True, release__is_effective=True)
    return waiting.exclude(candidate_ids=[]).filter(~Exists(newer))


def save_decision(
    sha256: str, row_number: int, facility: Facility | None, *, by, now: datetime
) -> RowDecision:
    decision, _ = RowDecision.objects.update_or_create(
        sha256=sha256,
        row_number=row_number,
        defaults={"facility": facility, "decided_by": by, "decided_at": now},
    )
    return decision


def clear_decision(sha256: str, row_number: int) -> None:
    RowDecision.objects.filter(sha256=sha256, row_number=row_number).delete()


def assign_row(row: SourceRow, facility: Facility | None, *, by, now: datetime) -> Facility:
    """Assign an ambiguous row of a loaded file to a facility, or to a new one, and recompute.

    Raises ImportRefused if the row was assigned meanwhile or does not fit the facility.
    """
    with recording_changes() as log:
        held = waiting_rows().select_related("release").filter(pk=row.pk).first()
        if held is None:
            raise ImportRefused("Somebody has already assigned this row.")
        if facility is not None and facility.merged_into_id:
            facility = facility.merged_into
        if facility is not None and facility.pk not in current_candidates(held):
            raise ImportRefused("This row does not look like that facility.")
        save_decision(held.release.sha256, held.row_number, facility, by=by, now=now)
        new = [] if facility else [_identity(held)]
        held.facility_id = facility.pk if facility else new[0].id
        held.save(update_fields=["facility"])
        if facility:  # even if it has a row of this release already, which says the same
            log.note_fields(facility, ["source_release"])
        only = {held.facility_id, *current_candidates(held)}
        recompute_within(log, zip_places(), today=now.date(), only=only, new=new)
    return Facility.objects.get(pk=held.facility_id)


def current_candidates(row: SourceRow) -> dict[int, None]:
    """Return the facilities that a row may describe, in order: merged ones as what they became."""
    candidates = Facility.objects.filter(pk__in=row.candidate_ids)
    merged_into = dict(candidates.values_list("pk", "merged_into_id"))
    return {merged_into[key] or key: None for key in row.candidate_ids if key in merged_into}


def _identity(row: SourceRow) -> FacilityIdentity:
    release, number = row.release, row.row_number
    codes = Facility.objects.values_list("code", flat=True)
    identities = new_identities(
        release.source,
        release.edition,
        [number],
        codes,
        is_demonstration=release.is_demonstration,
    )
    return identities[number]


def parse_source_row(row: SourceRow) -> FacilityRow:
    return row_reader(row.release)(row.raw, row.row_number)
