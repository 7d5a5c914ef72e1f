"""Searches all records for likely pairs, and stores them for the page that lists them."""

from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ...geo import Point
from ...imports.undo import facilities_added_by
from ...models import DistinctPair, Facility, LikelyPair, Release
from .features import DuplicateFeatures
from .pairing import CandidatePair, find_likely_pairs

BATCH = 500
EXACT_POSITION_ORIGINS = ("street", "hand")
COMPARED_FIELDS = (
    "pk", "name", "program_name", "street", "street2", "zip", "state", "phone", "latitude",
    "longitude", "position_origin", "status",
)  # fmt: skip
# Services do not show a duplicate: those of two programs in one house are alike too.
ComparedRecord = namedtuple("ComparedRecord", (*COMPARED_FIELDS, "offered"), defaults=(None,))


def detect_duplicates(*, now: datetime, progress: Callable = iter) -> list[CandidatePair]:
    """Replace the list of likely pairs. Records that were merged or hidden are not compared."""
    found = find_likely_pairs(_all_features(), apart=_distinct_pairs(), progress=progress)
    with transaction.atomic():
        LikelyPair.objects.all().delete()
        kept = (
            LikelyPair(
                first_id=pair.first, second_id=pair.second, score=pair.score, terms=pair.terms,
                found_at=now,
            )
            for pair in found
        )  # fmt: skip
        LikelyPair.objects.bulk_create(kept, batch_size=BATCH)
    return found


def detect_duplicates_after_load(release: Release, *, now: datetime) -> list[CandidatePair]:
    """Find the pairs anew, and return those of a facility that is new with this release.

    What matching did not join may be a known facility all the same: it changed its name together
    with its phone, say. Pairs of two new facilities are left out.
    """
    new = facilities_added_by(release)
    pairs = detect_duplicates(now=now)
    return [pair for pair in pairs if (pair.first in new) != (pair.second in new)]


def mark_distinct(first: Facility, second: Facility, *, by, now: datetime) -> DistinctPair:
    one, other = sorted((first.pk, second.pk))
    with transaction.atomic():
        LikelyPair.objects.filter(first_id=one, second_id=other).delete()
        distinct, _ = DistinctPair.objects.get_or_create(
            first_id=one, second_id=other, defaults={"decided_by": by, "decided_at": now}
        )
    return distinct


def _distinct_pairs() -> set[tuple[int, int]]:
    """Return pairs found to be two facilities; a merged one counts as what it became."""
    merged = Facility.objects.filter(merged_into__isnull=False)
    roots = dict(merged.values_list("pk", "merged_into_id"))
    pairs = DistinctPair.objects.values_list("first_id", "second_id")
    return {(roots.get(first, first), roots.get(second, second)) for first, second in pairs}


def features_of(facility: Facility) -> DuplicateFeatures:
    return _features(tuple(getattr(facility, field) for field in COMPARED_FIELDS))


def share_only_phone(first: Facility, second: Facility) -> bool:
    """Whether they have one number and no third record that is compared has it."""
    if not first.phone or first.phone != second.phone:
        return False
    return _scored_records().filter(phone=first.phone).count() == 2


def _scored_records() -> QuerySet[Facility]:
    return Facility.objects.filter(merged_into__isnull=True).exclude(status="hidden")


def _all_features() -> Iterator[DuplicateFeatures]:
    return map(_features, _scored_records().values_list(*COMPARED_FIELDS))


def _features(columns: tuple) -> DuplicateFeatures:
    record = ComparedRecord(*columns)
    is_known = record.latitude is not None
    return DuplicateFeatures.of(
        record.pk,
        record,
        Point(record.latitude, record.longitude) if is_known else None,
        is_exact=record.position_origin in EXACT_POSITION_ORIGINS,
        is_listed=record.status != "withdrawn",
    )
