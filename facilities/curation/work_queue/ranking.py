"""The queue itself: which listings wait, in which order, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ...models import Assignment
from ...places.service_area import Area
from ...places.timezones import Zone, is_time_to_call
from .inputs import Standing, news, phone_ages, standing
from .scoring import News, Term, news_terms, score, terms

NOW = "now"  # in place of a zone: wherever it is time to call
OPEN, MINE, TAKEN, RESTING = "open", "mine", "taken", "resting"


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing that waits."""

    facility_id: int
    points: int
    state: str
    zone: Zone | None
    turn: Assignment | None
    is_resting: bool


@dataclass(frozen=True)
class Wanted:
    """Which entries a curator asks for. ``zone``: a zone's slug or NOW; "" is any."""

    state: str = ""
    zone: str = ""
    whose: str = OPEN

    def holds(self, entry: Entry, user_id: int, now: datetime) -> bool:
        if self.state and entry.state != self.state:
            return False
        if self.zone == NOW and not is_time_to_call(entry.zone, now):
            return False
        if self.zone not in ("", NOW) and (not entry.zone or entry.zone.slug != self.zone):
            return False
        return self._is_whose(entry, user_id)

    def _is_whose(self, entry: Entry, user_id: int) -> bool:
        holder = entry.turn.assigned_to_id if entry.turn else None
        if self.whose == OPEN:
            return holder is None and not entry.is_resting
        if self.whose == MINE:
            return holder == user_id
        return holder is not None if self.whose == TAKEN else entry.is_resting


@dataclass(frozen=True)
class Queue:
    """All that waits at one moment, the greatest harm first; ties by key."""

    now: datetime
    entries: tuple[Entry, ...]
    standing: Mapping[int, Standing]
    news: Mapping[int, News]

    def wanted(self, wanted: Wanted, user_id: int) -> list[Entry]:
        return [entry for entry in self.entries if wanted.holds(entry, user_id, self.now)]

    def terms(self, facility_id: int) -> list[Term]:
        """Why it stands where it stands; nothing for a listing that the area does not hold."""
        known = self.standing.get(facility_id)
        return terms(known.sight, self.news.get(facility_id)) if known else []

    def zone(self, facility_id: int) -> Zone | None:
        known = self.standing.get(facility_id)
        return known.zone if known else None

    @property
    def phone_ages(self) -> list[int]:
        return phone_ages(self.standing)


def read_queue(area: Area, now: datetime) -> Queue:
    """The queue of an area: what is listed and may be wrong, or has something waiting."""
    known = standing(area, now)
    waiting = news(known)
    turns = _turns(now)
    entries = (
        _entry(key, each, waiting.get(key), turns.get(key), now)
        for key, each in known.items()
        if each.is_listed or key in waiting
    )
    ranked = sorted(
        (entry for entry in entries if entry.points),
        key=lambda entry: (-entry.points, entry.facility_id),
    )
    return Queue(now, tuple(ranked), known, waiting)


def _entry(
    key: int, known: Standing, waiting: News | None, turn: Assignment | None, now: datetime
) -> Entry:
    points = known.points
    if waiting:
        points += score(list(news_terms(known.sight, waiting)))
    resting = turn is not None and is_resting(turn, waiting, now)
    return Entry(key, points, known.state, known.zone, turn, resting)


def is_resting(turn: Assignment, waiting: News | None, now: datetime) -> bool:
    """Whether it is put off, and nothing came since somebody last had it in hand."""
    if turn.snoozed_until is None or turn.snoozed_until <= now:
        return False
    if waiting is None:
        return True
    at, tried = waiting.proposed_at, turn.last_tried_at
    is_proposal_new = at is not None and (tried is None or at > tried)
    return not waiting.has_new_report and not is_proposal_new


def _turns(now: datetime) -> dict[int, Assignment]:
    """Those that somebody has in hand, or that were put off."""
    active = Assignment.objects.filter(Q(assigned_to__isnull=False) | Q(snoozed_until__gt=now))
    return {turn.facility_id: turn for turn in active.select_related("assigned_to")}
