"""The work queue itself: which facilities wait, in which order, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ...models import Assignment
from ...places.service_area import ServiceArea
from ...places.timezones import CallerTimeZone, is_time_to_call
from .inputs import RiskProfile, load_pending_signals, load_risk_profiles, phone_check_ages
from .scoring import PendingSignals, ScoreTerm, pending_terms, score_terms, total_points

CALLABLE_NOW = "now"  # in place of a zone: wherever it is time to call
OPEN, MINE, TAKEN, RESTING = "open", "mine", "taken", "resting"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One facility that waits. ``zone``: its time zone, None if unknown."""

    facility_id: int
    points: int
    state: str
    zone: CallerTimeZone | None
    assignment: Assignment | None
    is_snoozed: bool


@dataclass(frozen=True)
class QueueQuery:
    """Which entries a curator asks for.

    ``state``, ``zone``: "" for any. ``zone``: the slug of a zone, or CALLABLE_NOW. ``whose``: OPEN,
    MINE, TAKEN or RESTING.
    """

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
    """All entries at one moment: most points first, ties by id."""

    now: datetime
    entries: tuple[QueueEntry, ...]
    risk_profiles: Mapping[int, RiskProfile]
    pending_signals: Mapping[int, PendingSignals]

    def filter(self, query: QueueQuery, user_id: int) -> list[QueueEntry]:
        return [entry for entry in self.entries if query.matches(entry, user_id, self.now)]

    def terms(self, facility_id: int) -> list[ScoreTerm]:
        """Return the terms of a facility's score; none for one outside the area."""
        profile = self.risk_profiles.get(facility_id)
        if profile is None:
            return []
        return score_terms(profile.risk_factors, self.pending_signals.get(facility_id))

    def zone(self, facility_id: int) -> CallerTimeZone | None:
        profile = self.risk_profiles.get(facility_id)
        return profile.zone if profile else None

    @property
    def phone_ages(self) -> list[int]:
        return phone_check_ages(self.risk_profiles)


def read_queue(area: ServiceArea, now: datetime) -> WorkQueue:
    """Return the queue of an area: facilities that have points.

    A withdrawn facility is in it only if something about it waits for an answer.
    """
    profiles = load_risk_profiles(area, now)
    signals = load_pending_signals(profiles)
    assignments = _assignments(now)
    entries = (
        _entry(key, profile, signals.get(key), assignments.get(key), now)
        for key, profile in profiles.items()
        if profile.is_listed or key in signals
    )
    ranked = sorted(
        (entry for entry in entries if entry.points),
        key=lambda entry: (-entry.points, entry.facility_id),
    )
    return WorkQueue(now, tuple(ranked), profiles, signals)


def _entry(
    key: int,
    profile: RiskProfile,
    signals: PendingSignals | None,
    assignment: Assignment | None,
    now: datetime,
) -> QueueEntry:
    points = profile.points
    if signals:
        points += total_points(list(pending_terms(profile.risk_factors, signals)))
    return QueueEntry(
        facility_id=key,
        points=points,
        state=profile.state,
        zone=profile.zone,
        assignment=assignment,
        is_snoozed=assignment is not None and is_snoozed(assignment, signals, now),
    )


def is_snoozed(assignment: Assignment, signals: PendingSignals | None, now: datetime) -> bool:
    """Whether it is snoozed and nothing new came since the last call."""
    if assignment.snoozed_until is None or assignment.snoozed_until <= now:
        return False
    if signals is None:
        return True
    proposed_at, tried_at = signals.proposed_at, assignment.last_tried_at
    is_proposal_new = proposed_at is not None and (tried_at is None or proposed_at > tried_at)
    return not signals.has_new_report and not is_proposal_new


def _assignments(now: datetime) -> dict[int, Assignment]:
    active = Assignment.objects.filter(Q(assigned_to__isnull=False) | Q(snoozed_until__gt=now))
    return {
        assignment.facility_id: assignment for assignment in active.select_related("assigned_to")
    }
