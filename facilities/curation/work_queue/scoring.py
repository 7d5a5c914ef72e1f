"""From what is known of a listing to the terms of its score. Pure: days are passed in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...rules.freshness import max_age
from .topics import CALL_TOPICS, PHONE_TOPIC
from .weights import WEIGHTS_BY_SLUG, Weight

UNREACHABLE, MOVED = "unreachable", "moved"
_LEFT = {"phone": "report-phone", "closed": "report-closed"}


@dataclass(frozen=True, slots=True)
class RiskFactors:
    """What the records themselves say of a listing.

    ``ages``: days since the check, or since the survey where nobody checked, for each of
    SUBJECTS; None where nothing is claimed. ``doubts``: contradictions that nobody asked about
    within the shelf life of a service. ``shared_with``: unrelated listings with its number.
    """

    ages: tuple[int | None, ...]
    inconsistency_count: int = 0
    shared_with: int = 0
    is_phone_checked: bool = False
    is_phone_missed: bool = False
    is_approximate: bool = False
    website_checked_at: datetime | None = None

    @property
    def phone_age(self) -> int:
        return self.ages[CALL_TOPICS.index(PHONE_TOPIC)] or 0


@dataclass(frozen=True)
class PendingSignals:
    """What came from outside and waits. ``reports``: what about; ``conflicts``, ``proposals``:
    facts. ``has_new_report``: one that nobody has taken in hand; ``proposed_at``: the newest."""

    reports: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    website: str = ""
    has_new_report: bool = False
    proposed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One line of a score: a weight, and how often it occurs (not capped)."""

    weight: Weight
    count: int

    @property
    def points(self) -> int:
        return self.weight.points * min(self.count, self.weight.most)


def score_terms(sight: RiskFactors, news: PendingSignals | None = None) -> list[ScoreTerm]:
    """Every term of a listing's score, the heaviest first."""
    found = [*risk_terms(sight), *(pending_terms(sight, news) if news else ())]
    return sorted(found, key=lambda term: -term.points)


def total_points(found: list[ScoreTerm]) -> int:
    return sum(term.points for term in found)


def risk_terms(sight: RiskFactors) -> Iterator[ScoreTerm]:
    """The terms that hold until somebody checks."""
    for subject, age in zip(CALL_TOPICS, sight.ages, strict=True):
        if age is not None and (gone_by := max_ages_elapsed(subject.kind, age)):
            yield ScoreTerm(WEIGHTS_BY_SLUG[subject.weight], gone_by)
    if sight.is_phone_missed:
        yield ScoreTerm(WEIGHTS_BY_SLUG["phone-missed"], 1)
    if sight.shared_with and not sight.is_phone_checked:
        yield ScoreTerm(WEIGHTS_BY_SLUG["shared-phone"], sight.shared_with)
    if sight.inconsistency_count:
        yield ScoreTerm(WEIGHTS_BY_SLUG["contradiction"], sight.inconsistency_count)
    if sight.is_approximate:
        yield ScoreTerm(WEIGHTS_BY_SLUG["approximate"], 1)


def pending_terms(sight: RiskFactors, news: PendingSignals) -> Iterator[ScoreTerm]:
    """The terms of what waits for an answer."""
    counts: dict[str, int] = {}
    for about in news.reports:
        _add(counts, _LEFT.get(about, "report-other"))
    for fact in news.conflicts:
        _add(counts, "conflict-phone" if fact == "phone" else "conflict-other")
    for fact in news.proposals:
        _add(counts, "second-check" if fact == "phone" else "proposal")
    if news.website in (MOVED, UNREACHABLE):
        _add(counts, f"website-{news.website}")
    for slug, count in counts.items():
        yield ScoreTerm(WEIGHTS_BY_SLUG[slug], count)


def max_ages_elapsed(kind: str, age: int) -> int:
    """Whole shelf lives gone by: none while a fact is fresh.

    >>> [shelf_lives("phone", days) for days in (0, 180, 181, 360, 361)]
    [0, 0, 1, 1, 2]
    """
    days = max(1, max_age(kind).days)
    return max(0, age - 1) // days


def oldest_age(ages: Mapping[str, int], facts: tuple[str, ...], stated: int) -> int | None:
    """Days since the least recently checked of the facts; ``stated`` where one was not checked."""
    return max((ages.get(fact, stated) for fact in facts), default=None)


def _add(counts: dict[str, int], slug: str) -> None:
    counts[slug] = counts.get(slug, 0) + 1
