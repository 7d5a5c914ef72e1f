"""Undoes the newest release: afterwards everything is as if its file had never been loaded.

Facilities that only this release lists are deleted, but for those that people have worked on: they
become drafts with all that was checked of them. What people did since stays, and everything shown
is recomputed.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from ..facts.registry import FACTS
from ..facts.stored_values import CORRECTED, DRAFT, UNCONFIRMED
from ..models import (
    AuditCall,
    Availability,
    Call,
    Credential,
    Dispute,
    Facility,
    LegalHold,
    ListingTag,
    Merge,
    Proposal,
    Release,
    Report,
    SourceRow,
    SuspendedNumber,
    UpdateLink,
    Verification,
)
from ..places.tables import zip_code_table
from ..resolution.change_log import recording_changes
from ..resolution.changes import ImportRefused
from ..resolution.recompute import recompute_in_transaction
from ..resolution.resolve import resolve_facts
from ..resolution.snapshot import read_snapshot, row_reader
from ..resolution.write import delete_facilities
from .plan import is_identity_of_row

logger = logging.getLogger(__name__)

STAFF_WORK_MODELS = (
    Verification,
    Proposal,
    Credential,
    Report,
    AuditCall,
    UpdateLink,
    Availability,
    Call,
    SuspendedNumber,
    Dispute,
    LegalHold,
    ListingTag,
)
# What a draft is known by. The release stated it, and nothing else does once that is gone.
DRAFT_FACTS = tuple(fact.name for fact in FACTS.values() if fact.is_asked_at_creation)
BATCH = 500


@dataclass(frozen=True)
class UndoResult:
    """The name of the release that was undone, and how many facilities went or changed.

    ``kept``: how many that only it lists became drafts, because people had worked on them.
    """

    release: str
    removed: int
    changed: int
    kept: int = 0


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
        _refuse_merged(added)
        kept = count_records_of_people(added).keys()
        name = str(release)
        _state_drafts(kept, name, today)
        release.rows.all().delete()
        for batch in _batches(added - kept):
            delete_facilities(Facility.objects.filter(pk__in=batch), log)
        release.delete()
        changes = recompute_in_transaction(log, zip_code_table(), today=today)
        result = UndoResult(
            name, len(added) - len(kept), len(changes.changed.keys() - kept), len(kept)
        )
        after_write(result)
    logger.info(
        "Undid release %s: %d facilities removed, %d kept as drafts, %d changed.",
        result.release, result.removed, result.kept, result.changed,
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
            is_identity_of_row(identities[facility], release, number)
            or (number, identities[facility]) in declared
        )
    }


def _declared_identities(release: Release) -> set[tuple[int, UUID]]:
    """Return (row number, identity) of the rows that give their facility one themselves."""
    read = row_reader(release)
    rows = (read(raw, number) for number, raw in release.rows.values_list("row_number", "raw"))
    return {(row.row_number, row.identity) for row in rows if row.identity}


def count_records_of_people(facilities: Iterable[int]) -> dict[int, int]:
    """Return facility -> how many records people made of it, for those that have any."""
    numbers: dict[int, int] = defaultdict(int)
    for batch in _batches(facilities):
        for model in STAFF_WORK_MODELS:
            work = model.objects.filter(facility__in=batch)
            if model is Credential:
                work = work.exclude(is_listed=True)  # it came with the release, and goes with it
            for facility in work.values_list("facility_id", flat=True):
                numbers[facility] += 1
    return dict(numbers)


def _refuse_merged(added: Iterable[int]) -> None:
    active = Merge.objects.filter(undone_at__isnull=True).select_related("kept", "absorbed")
    for batch in _batches(added):
        merges = active.filter(Q(kept__in=batch) | Q(absorbed__in=batch))
        if merge := merges.order_by("-pk").first():
            raise ImportRefused(
                f"{merge.absorbed} was merged into {merge.kept} since, and only this release lists "
                "one of the two. Undo that merge first."
            )


def _state_drafts(facilities: Iterable[int], release: str, today: date) -> None:
    """Write down what names these facilities, as facts that nobody could confirm.

    They count from the beginning of the day, so that a check of that day is newer.
    """
    snapshot = read_snapshot(only=facilities)
    begin = datetime.combine(today, time(), UTC)
    a_moment_later = begin + timedelta(microseconds=1)
    note = f"From {release}, which was taken back."
    written = []
    for facility in sorted(facilities):
        checks = snapshot.checks.get(facility, [])
        shown = resolve_facts(snapshot.statements.get(facility, ()), checks, today)
        settled = {check.fact for check in checks if check.outcome != UNCONFIRMED}
        values = {fact: shown.values[fact] for fact in DRAFT_FACTS} | {"status": DRAFT}
        for fact, value in _new_values(values, settled):
            check = {
                "facility_id": facility, "fact": fact, "method": Verification.Method.DOCUMENT,
                "note": note,
            }  # fmt: skip
            for outcome, at in ((CORRECTED, begin), (UNCONFIRMED, a_moment_later)):
                written.append(
                    Verification(**check, outcome=outcome, value_after=value, checked_at=at)
                )
    Verification.objects.bulk_create(written, batch_size=BATCH)


def _new_values(values: Mapping[str, Any], settled: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Yield (fact, value) of what is known and no check states."""
    return (
        (fact, value)
        for fact, value in values.items()
        if fact not in settled and (fact == "status" or value != FACTS[fact].default)
    )


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
