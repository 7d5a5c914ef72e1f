"""Reads what each release in turn stated of a facility, from the stored rows."""

from collections import defaultdict
from dataclasses import replace

from ..models import Release, SourceRow
from ..sources.rows import FacilityRow, Position
from .snapshot import combine_rows, row_reader


def read_source_history(facility_id: int) -> list[tuple[Release, FacilityRow | None]]:
    """Return the effective releases of the facility's sources with its row there, oldest first.

    The row is None where a release that was not partial left the facility out. A release is
    skipped if an ambiguous row of it may have described the facility.
    """
    rows = defaultdict(list)
    kept = SourceRow.objects.filter(facility_id=facility_id, release__is_effective=True)
    for row in kept.order_by("release_id", "row_number"):
        rows[row.release_id].append(row)
    sources = kept.values_list("release__source", flat=True).distinct()
    releases = Release.objects.applied().filter(source__in=list(sources)).defer("report", "counts")
    succession: list[tuple[Release, FacilityRow | None]] = []
    for release in releases.order_by("pk"):
        if release.pk in rows:
            succession.append((release, _united(release, rows[release.pk])))
        elif not release.is_partial and not _is_ambiguous(release, facility_id):
            succession.append((release, None))
    return succession


def _united(release: Release, kept: list[SourceRow]) -> FacilityRow:
    read = row_reader(release)
    rows = []
    for each in kept:
        row = read(each.raw, each.row_number)
        position = Position.from_json(each.position) if each.position else row.position
        rows.append((each.merged_from_id, replace(row, position=position)))
    return combine_rows(release, release.pk, rows).row


def _is_ambiguous(release: Release, facility_id: int) -> bool:
    waiting = release.rows.filter(facility__isnull=True, is_outdated=False).exclude(
        candidate_ids=[]
    )
    return any(facility_id in ids for ids in waiting.values_list("candidate_ids", flat=True))
