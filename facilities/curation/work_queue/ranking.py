"""The work queue itself: which facilities wait, in which order, for whom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from ...models import Assignment
from ...places.service_area import ServiceArea
from ...places.timezones import CALLER_TIME_ZONES, CallerTimeZone, is_time_to_call
from ..two_person_rule import utc_day
from .inputs import load_pending_signals
from .risk_table import NO_ZONE, ListingRiskTable, current_risk_table
from .scoring import (
    PendingSignals,
    RiskFactors,
    ScoreTerm,
    pending_terms,
    risk_score_terms,
    total_points,
)

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


class QueueEntries(Sequence[QueueEntry]):
    """Entries in their order, made only where somebody looks at them.

    ``places``: of the facilities in the arrays of the risk table.
    """

    def __init__(self, queue: "WorkQueue", places: NDArray[np.int64]):
        self.queue = queue
        self.places = places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self.queue.entry(int(place)) for place in self.places[index]]
        return self.queue.entry(int(self.places[index]))


@dataclass(frozen=True, eq=False)
class WorkQueue:
    """All entries of an area at one moment.

    ``in_area``: which facilities of ``risks`` are within it. ``pending_signals``, ``assignments``:
    by the keys of facilities.
    """

    now: datetime
    risks: ListingRiskTable
    in_area: NDArray[np.bool_]
    pending_signals: Mapping[int, PendingSignals]
    assignments: Mapping[int, Assignment]

    def filter(self, query: QueueQuery, user_id: int) -> QueueEntries:
        """Return the entries that match: most points first, ties by key."""
        matches = self.in_area & (self._points > 0) & self._is_waiting
        matches &= self._matches_assignee(query.whose, user_id)
        if query.state:
            is_there = [state == query.state for state, _county in self.risks.place_names]
            matches &= np.array(is_there, bool)[self.risks.places]
        if query.zone == CALLABLE_NOW:
            matches &= self._in_zone(lambda zone: is_time_to_call(zone, self.now))
        elif query.zone:
            matches &= self._in_zone(lambda zone: zone.slug == query.zone)
        places = np.flatnonzero(matches)
        return QueueEntries(self, places[np.argsort(-self._points[places], kind="stable")])

    def entry(self, place: int) -> QueueEntry:
        key = int(self.risks.ids[place])
        assignment = self.assignments.get(key)
        return QueueEntry(
            facility_id=key,
            points=int(self._points[place]),
            state=self.risks.place_names[self.risks.places[place]][0],
            zone=self.risks.zone(place),
            assignment=assignment,
            is_snoozed=self._is_snoozed(key),
        )

    def terms(self, facility_id: int) -> list[ScoreTerm]:
        """Return the terms of a facility's score; none for one outside the area."""
        place = self.risks.find(facility_id)
        if place is None or not self.in_area[place]:
            return []
        return risk_score_terms(self._factors(place), self.pending_signals.get(facility_id))

    @cached_property
    def states(self) -> list[str]:
        """The states of the area that have facilities."""
        counts = np.bincount(self.risks.places[self.in_area], minlength=len(self.risks.place_names))
        names = zip(self.risks.place_names, counts, strict=True)
        return sorted({state for (state, _county), count in names if count})

    @cached_property
    def zones(self) -> list[CallerTimeZone]:
        """The zones of the area that have facilities."""
        counts = np.bincount(self.risks.zones[self.in_area], minlength=NO_ZONE)
        return [zone for zone, count in zip(CALLER_TIME_ZONES, counts, strict=False) if count]

    @property
    def phone_ages(self) -> dict[int, int]:
        """Days since a phone was checked or a release stated it -> number of listed facilities."""
        return self.risks.count_phone_ages(self._today, self.in_area & self.risks.listed)

    @property
    def _today(self) -> date:
        return utc_day(self.now)

    @cached_property
    def _points(self) -> NDArray[np.int16]:
        points = self.risks.points_on(self._today).copy()
        for key, signals in self.pending_signals.items():
            place = self.risks.find(key)
            points[place] += total_points(list(pending_terms(self._factors(place), signals)))
        return points

    @property
    def _is_waiting(self) -> NDArray[np.bool_]:
        """True for listed facilities, and for withdrawn ones of which something waits."""
        waiting = self.risks.listed.copy()
        waiting[[self.risks.find(key) for key in self.pending_signals]] = True
        return waiting

    def _factors(self, place: int) -> RiskFactors:
        return self.risks.risk(place).factors_on(self._today)

    def _matches_assignee(self, whose: str, user_id: int) -> NDArray[np.bool_]:
        holders = {key: each.assigned_to_id for key, each in self.assignments.items()}
        if whose == OPEN:
            keys = {key for key in holders if holders[key] is not None or self._is_snoozed(key)}
            return ~self._among(keys)
        if whose == MINE:
            return self._among(key for key, holder in holders.items() if holder == user_id)
        if whose == TAKEN:
            return self._among(key for key, holder in holders.items() if holder is not None)
        return self._among(key for key in holders if self._is_snoozed(key))

    def _is_snoozed(self, key: int) -> bool:
        assignment = self.assignments.get(key)
        signals = self.pending_signals.get(key)
        return assignment is not None and is_snoozed(assignment, signals, self.now)

    def _among(self, keys: Iterable[int]) -> NDArray[np.bool_]:
        among = np.zeros(len(self.risks), bool)
        among[[place for key in keys if (place := self.risks.find(key)) is not None]] = True
        return among

    def _in_zone(self, is_asked: Callable[[CallerTimeZone], bool]) -> NDArray[np.bool_]:
        return np.array([*map(is_asked, CALLER_TIME_ZONES), False], bool)[self.risks.zones]


def read_queue(area: ServiceArea, now: datetime) -> WorkQueue:
    """Return the queue of an area: facilities that have points.

    A withdrawn facility is in it only if something about it waits for an answer.
    """
    risks = current_risk_table()
    return WorkQueue(
        now=now,
        risks=risks,
        in_area=risks.within(area),
        pending_signals=load_pending_signals(lambda key: risks.find(key) is not None),
        assignments=_assignments(now),
    )


def is_snoozed(assignment: Assignment, signals: PendingSignals | None, now: datetime) -> bool:
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
