"""The queue itself: which listings wait, in which order, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ...models import Assignment
from ...places.service_area import Area
from ...places.timezones import Zone, is_time_to_call
from .inputs import RiskProfile, load_pending_signals, load_risk_profiles, phone_check_ages
from .scoring import PendingSignals, ScoreTerm, pending_terms, score_terms, total_points

CALLABLE_NOW = "now"  # in place of a zone: wherever it is time to call
OPEN, MINE, TAKEN, RESTING = "open", "mine", "taken", "resting"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One listing that waits."""

    facility_id: int
    points: int
    state: str
    zone: Zone | None
    assignment: Assignment | None
    is_snoozed: bool


@dataclass(frozen=True)
class QueueQuery:
    """Which entries a curator asks for. ``zone``: a zone's slug or NOW; "" is any."""

    state: str = ""
    zone: str = ""
    whose: str = OPEN

    def matches(self, entry: QueueEntry, user_id: int, now: datetime) -> bool:
        if self.state and entry.state != self.state:
            return False
        if self.zone == CALLABLE_NOW and not is_time_to_call(entry.zone, now):
            return False
        if self.zone not in ("", CALLABLE_NOW) and (not entry.zone or entry.zone.slug != self.zone):
            return False
        return self._matches_assignee(entry, user_id)

    def _matches_assignee(self, entry: QueueEntry, user_id: int) -> bool:
        holder = entry.assignment.assigned_to_id if entry.assignment else None
        if self.whose == OPEN:
            return holder is None and not entry.is_snoozed
        if self.whose == MINE:
            return holder == user_id
        return holder is not None if self.whose == TAKEN else entry.is_snoozed


@dataclass(frozen=True)
class WorkQueue:
    """All that waits at one moment, the greatest harm first; ties by key."""

    now: datetime
    entries: tuple[QueueEntry, ...]
    risk_profiles: Mapping[int, RiskProfile]
    pending_signals: Mapping[int, PendingSignals]

    def filter(self, wanted: QueueQuery, user_id: int) -> list[QueueEntry]:
        return [entry for entry in self.entries if wanted.matches(entry, user_id, self.now)]

    def terms(self, facility_id: int) -> list[ScoreTerm]:
        """Why it stands where it stands; nothing for a listing that the area does not hold."""
        known = self.risk_profiles.get(facility_id)
        return (
            score_terms(known.risk_factors, self.pending_signals.get(facility_id)) if known else []
        )

    def zone(self, facility_id: int) -> Zone | None:
        known = self.risk_profiles.get(facility_id)
        return known.zone if known else None

    @property
    def phone_ages(self) -> list[int]:
        return phone_check_ages(self.risk_profiles)


def read_queue(area: Area, now: datetime) -> WorkQueue:
    """The queue of an area: what is listed and may be wrong, or has something waiting."""
    known = load_risk_profiles(area, now)
    waiting = load_pending_signals(known)
    turns = _assignments(now)
    entries = (
        _entry(key, each, waiting.get(key), turns.get(key), now)
        for key, each in known.items()
        if each.is_listed or key in waiting
    )
    ranked = sorted(
        (entry for entry in entries if entry.points),
        key=lambda entry: (-entry.points, entry.facility_id),
    )
    return WorkQueue(now, tuple(ranked), known, waiting)


def _entry(
    key: int,
    known: RiskProfile,
    waiting: PendingSignals | None,
    turn: Assignment | None,
    now: datetime,
) -> QueueEntry:
    points = known.points
    if waiting:
        points += total_points(list(pending_terms(known.risk_factors, waiting)))
    resting = turn is not None and is_snoozed(turn, waiting, now)
    return QueueEntry(key, points, known.state, known.zone, turn, resting)


def is_snoozed(turn: Assignment, waiting: PendingSignals | None, now: datetime) -> bool:
    """Whether it is put off, and nothing came since somebody last had it in hand."""
    if turn.snoozed_until is None or turn.snoozed_until <= now:
        return False
    if waiting is None:
        return True
    at, tried = waiting.proposed_at, turn.last_tried_at
    is_proposal_new = at is not None and (tried is None or at > tried)
    return not waiting.has_new_report and not is_proposal_new


def _assignments(now: datetime) -> dict[int, Assignment]:
    """Those that somebody has in hand, or that were put off."""
    active = Assignment.objects.filter(Q(assigned_to__isnull=False) | Q(snoozed_until__gt=now))
    return {turn.facility_id: turn for turn in active.select_related("assigned_to")}
