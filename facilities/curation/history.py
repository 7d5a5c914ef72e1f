"""What changed in a listing, when and by whom: from files, checks and dropped rows.

For the public, roles stand for names, notes and evidence stay inside, and whatever could tell a
confidential address is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..facts.leave_out_numbers import remove_numbers_from_value
from ..facts.registry import PHONE, PRIVATE_FACTS, STATED_FACTS
from ..facts.stored_values import LISTED, WITHDRAWN
from ..models import Facility, Proposal, Release, Verification
from ..resolution.source_history import read_source_history
from ..sources.rows import FacilityRow
from ..taxonomy import VOCABULARY

IMPORT, CURATOR, FACILITY = "import", "curator", "facility"
KINDS = (
    "first",
    "changed",
    "stated",
    "confirmed",
    "not_confirmed",
    "taken_back",
    "suspended",
    "restored",
)


@dataclass(frozen=True)
class FactEvent:
    """One thing that happened to one fact. ``kind`` is one of KINDS, ``fact`` "" for the listing.

    "suspended" and "restored" are a number that was taken down and put back. "stated" is what a
    file changed while the page kept a checked value, or an unshared phone.
    ``check`` is there for those who may see names and notes, and never shown to the public.
    """

    at: datetime
    kind: str
    role: str
    fact: str = ""
    before: Any = None
    after: Any = None
    release: Release | None = None
    check: Verification | None = None

    @property
    def note(self) -> str:
        """Why it was found so, or taken back; only for readers who may see names."""
        if self.check is None:
            return ""
        return self.check.revert_reason if self.kind == "taken_back" else self.check.note


def read_events(facility: Facility) -> list[FactEvent]:
    checks = facility.verifications.select_related("checked_by", "reverted_by")
    withheld = set(facility.conflicts.values_list("release_id", "fact"))
    found = [*_check_events(checks), *_number_events(facility)]
    for event in _release_events(facility):
        is_kept = (event.release.pk, event.fact) in withheld or any(
            _is_current(check, event) for check in checks
        )
        found.append(replace(event, kind="stated") if is_kept else event)
    return sorted(found, key=lambda event: event.at, reverse=True)


def public_events(facility: Facility) -> list[FactEvent]:
    """Return what everybody may know: no address that is private, no number that is suspended."""
    hidden = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    events = [event for event in read_events(facility) if event.fact not in hidden]
    suspended = {*facility.suspended_numbers.standing().values_list("number", flat=True)}
    return [_without_numbers(event, suspended) for event in events] if suspended else events


def _without_numbers(event: FactEvent, numbers: Collection[str]) -> FactEvent:
    values = (
        remove_numbers_from_value(event.fact, value, numbers)
        for value in (event.before, event.after)
    )
    before, after = values
    return replace(event, before=before, after=after)


def _number_events(facility: Facility) -> Iterator[FactEvent]:
    for each in facility.suspended_numbers.all():
        yield FactEvent(each.suspended_at, "suspended", CURATOR, PHONE, each.number)
        if each.restored_at:
            yield FactEvent(each.restored_at, "restored", CURATOR, PHONE, None, each.number)


def _is_current(check: Verification, event: FactEvent) -> bool:
    return (
        check.fact == event.fact
        and check.outcome != Verification.Outcome.NOT_CONFIRMED
        and check.checked_at < event.at
        and (check.reverted_at is None or check.reverted_at > event.at)
    )


def _release_events(facility: Facility) -> Iterator[FactEvent]:
    succession = read_source_history(facility.pk)
    for source in {release.source: None for release, _ in succession}:
        rows = [(release, row) for release, row in succession if release.source == source]
        yield from _source_events(rows)


def _source_events(rows: Iterable[tuple[Release, FacilityRow | None]]) -> Iterator[FactEvent]:
    before: FacilityRow | None = None
    status = ""
    for release, row in rows:
        if row is None:
            if status == LISTED:
                yield _imported(release, "changed", "status", LISTED, WITHDRAWN)
                status = WITHDRAWN
            continue
        if before is None:
            yield _imported(release, "first")
        else:
            yield from _changed(release, before, row)
        if status == WITHDRAWN:
            yield _imported(release, "changed", "status", WITHDRAWN, LISTED)
        before, status = row, LISTED


def _imported(release: Release, kind: str, fact: str = "", before=None, after=None) -> FactEvent:
    return FactEvent(release.loaded_at, kind, IMPORT, fact, before, after, release)


def _changed(release: Release, before: FacilityRow, row: FacilityRow) -> Iterator[FactEvent]:
    for fact in STATED_FACTS:
        old, new = _plain(getattr(before, fact)), _plain(getattr(row, fact))
        if old != new:
            yield _imported(release, "changed", fact, old, new)
    for service in VOCABULARY:
        was, is_now = service in before.offered, service in row.offered
        if was != is_now:
            answers = ("offered" if was else None, "offered" if is_now else None)
            yield _imported(release, "changed", service.fact, *answers)


def _plain(value: Any) -> Any:
    return [dict(each) for each in value] if isinstance(value, tuple) else value


def _check_events(checks: Iterable[Verification]) -> Iterator[FactEvent]:
    told = _facility_events(checks)
    for check in checks:
        kind = "changed" if check.outcome == "corrected" else check.outcome
        role = FACILITY if check.pk in told else CURATOR
        values = {"before": check.value_before, "after": check.value_after, "check": check}
        yield FactEvent(check.checked_at, kind, role, check.fact, **values)
        if check.reverted_at:
            values = {"before": check.value_after, "after": check.value_before, "check": check}
            yield FactEvent(check.reverted_at, "taken_back", CURATOR, check.fact, **values)


def _facility_events(checks: Iterable[Verification]) -> set[int]:
    proposals = Proposal.objects.filter(
        verification__in=list(checks), origin=Proposal.Origin.FACILITY
    )
    return set(proposals.values_list("verification_id", flat=True))


def group_by_day(found: Iterable[FactEvent]) -> Mapping[date, list[FactEvent]]:
    days: dict[date, list[FactEvent]] = {}
    for event in found:
        days.setdefault(event.at.date(), []).append(event)
    return days
