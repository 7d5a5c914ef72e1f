"""What waiting rows of loaded files become: decided by people, stored by file, applied at once."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Facility, Release, RowDecision, SourceRow
from ..places.tables import zip_code_table
from ..resolution.change_log import recording_changes
from ..resolution.changes import FacilityIdentity, ImportRefused
from ..resolution.recompute import recompute_in_transaction
from ..resolution.snapshot import row_reader
from ..sources.rows import FacilityRow
from .plan import new_identities


def undecided_rows() -> QuerySet[SourceRow]:
    """Return waiting rows of releases that no later full release of their source replaced."""
    newer = Release.objects.applied().filter(
        source=OuterRef("release__source"), pk__gt=OuterRef("release_id"), is_partial=False
    )
    left_out = RowDecision.objects.filter(
        sha256=OuterRef("release__sha256"), row_number=OuterRef("row_number"), is_left_out=True
    )
    waiting = SourceRow.objects.filter(facility__isnull=True, release__is_effective=True)
    waiting = waiting.exclude(candidate_ids=[], is_outdated=False)
    return waiting.filter(~Exists(newer), ~Exists(left_out))


def ambiguous_rows() -> QuerySet[SourceRow]:
    """Return rows that may each describe one of several facilities."""
    return undecided_rows().filter(is_outdated=False)


def outdated_rows() -> QuerySet[SourceRow]:
    """Return rows of older files whose facility a newer directory leaves out."""
    return undecided_rows().filter(is_outdated=True)


def assign_row(row: SourceRow, facility: Facility | None, *, by, now: datetime) -> Facility:
    """Assign a waiting row of a loaded file to a facility, or to a new one, and recompute.

    Raises ImportRefused if the row was decided meanwhile or does not fit the facility.
    """
    with recording_changes() as log:
        held = _held(row)
        if facility is not None and facility.merged_into_id:
            facility = facility.merged_into
        if facility is not None and facility.pk not in current_candidates(held):
            raise ImportRefused("This row does not look like that facility.")
        _save_decision(held, facility, by=by, now=now)
        new = [] if facility else [_identity(held)]
        held.facility_id = facility.pk if facility else new[0].id
        held.save(update_fields=["facility"])
        if facility:  # even if it has a row of this release already, which says the same
            log.note_fields(facility, ["source_release"])
        only = {held.facility_id, *current_candidates(held)}
        recompute_in_transaction(log, zip_code_table(), today=now.date(), only=only, new=new)
    return Facility.objects.get(pk=held.facility_id)


def leave_row_out(row: SourceRow, *, by, now: datetime) -> None:
    """Settle that nothing is listed by a row. Raises ImportRefused if it was decided meanwhile."""
    with recording_changes():
        _save_decision(_held(row), None, by=by, now=now, is_left_out=True)


def _held(row: SourceRow) -> SourceRow:
    held = undecided_rows().select_related("release").filter(pk=row.pk).first()
    if held is None:
        raise ImportRefused("Somebody has already assigned this row.")
    return held


def _save_decision(
    row: SourceRow, facility: Facility | None, *, by, now: datetime, is_left_out: bool = False
) -> None:
    RowDecision.objects.update_or_create(
        sha256=row.release.sha256,
        row_number=row.row_number,
        defaults={
            "facility": facility, "is_left_out": is_left_out, "decided_by": by, "decided_at": now,
        },
    )  # fmt: skip


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
