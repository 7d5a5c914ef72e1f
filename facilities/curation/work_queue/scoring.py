"""Computes the terms of a facility's score. No I/O, no clock."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from ...facts.registry import FACTS
from ...rules.freshness import is_fresh, max_age
from .topics import CALL_TOPICS
from .weights import WEIGHTS_BY_SLUG, RiskWeight

AGE_UNKNOWN = 3650  # days: neither a release nor a check dates it
UNREACHABLE, MOVED = "unreachable", "moved"
# Facts of which two people say the same before a change is shown: see two_person_rule.py.
NEEDING_SECOND_CHECK = frozenset(
    {"status", *(fact.name for fact in FACTS.values() if fact.needs_second_check)}
)
_REPORT_WEIGHTS = {"phone": "report-phone", "closed": "report-closed"}


@dataclass(frozen=True, slots=True)
class RiskFactors:
    """What the records of a facility themselves say about the risk that it misleads.

    ``ages``: for each of CALL_TOPICS, days since the last check, or since the release where nobody
    checked; None where nothing is claimed. ``inconsistency_count``: those that nobody asked about
    within the maximum age of a service. ``shared_with``: unrelated facilities with its phone.
    ``is_phone_missed``: the newest check could not confirm the phone. ``is_approximate``: the
    position is.
    """

    ages: tuple[int | None, ...]
    inconsistency_count: int = 0
    shared_with: int = 0
    is_phone_checked: bool = False
    is_phone_missed: bool = False
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class RiskDates:
    """The same by dates, which hold until the records change. Most facilities share them.

    Dates are ordinals, 0 for unknown or never. ``checked``: for each of CALL_TOPICS, the day from
    which its oldest fact ages; None where nothing is claimed. ``asked``: for each inconsistency,
    the day since which all that it is about are checked. ``phone_checked``: of the newest check, if
    it confirmed or corrected the phone.
    """

    checked: tuple[int | None, ...]
    asked: tuple[int, ...] = ()
    shared_with: int = 0
    phone_checked: int = 0
    is_phone_missed: bool = False
    is_approximate: bool = False

    def factors_on(self, today: date) -> RiskFactors:
        return RiskFactors(
            ages=tuple(None if day is None else age_in_days(today, day) for day in self.checked),
            inconsistency_count=sum(not _is_fresh("service", day, today) for day in self.asked),
            shared_with=self.shared_with,
            is_phone_checked=_is_fresh("phone", self.phone_checked, today),
            is_phone_missed=self.is_phone_missed,
            is_approximate=self.is_approximate,
        )


def age_in_days(today: date, day: int) -> int:
    return today.toordinal() - day if day else AGE_UNKNOWN


def _is_fresh(kind: str, day: int, today: date) -> bool:
    return bool(day) and is_fresh(kind, date.fromordinal(day), today)


@dataclass(frozen=True)
class PendingSignals:
    """What came from outside and waits for an answer.

    ``reports``: their topics. ``conflicts``, ``proposals``: their facts. ``has_new_report``: one
    that nobody has claimed yet. ``notice_count``: what the facility is to be told of reports.
    ``proposed_at``: of the newest proposal. ``website``: MOVED, UNREACHABLE or "".
    """

    reports: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    website: str = ""
    has_new_report: bool = False
    notice_count: int = 0
    proposed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One line of a score: a weight, and how often it occurs, not capped."""

    weight: RiskWeight
    count: int

    @property
    def points(self) -> int:
        return self.weight.points * min(self.count, self.weight.most)


def risk_score_terms(
    factors: RiskFactors, signals: PendingSignals | None = None
) -> list[ScoreTerm]:
    terms = [*risk_terms(factors), *(pending_terms(factors, signals) if signals else ())]
    return sorted(terms, key=lambda term: -term.points)


def total_points(terms: list[ScoreTerm]) -> int:
    return sum(term.points for term in terms)


def risk_terms(factors: RiskFactors) -> Iterator[ScoreTerm]:
    for topic, age in zip(CALL_TOPICS, factors.ages, strict=True):
        if age is not None and (elapsed := max_ages_elapsed(topic.kind, age)):
            yield ScoreTerm(WEIGHTS_BY_SLUG[topic.weight], elapsed)
    if factors.is_phone_missed:
        yield ScoreTerm(WEIGHTS_BY_SLUG["phone-missed"], 1)
    if factors.shared_with and not factors.is_phone_checked:
        yield ScoreTerm(WEIGHTS_BY_SLUG["shared-phone"], factors.shared_with)
    if factors.inconsistency_count:
        yield ScoreTerm(WEIGHTS_BY_SLUG["contradiction"], factors.inconsistency_count)
    if factors.is_approximate:
        yield ScoreTerm(WEIGHTS_BY_SLUG["approximate"], 1)


def pending_terms(factors: RiskFactors, signals: PendingSignals) -> Iterator[ScoreTerm]:
    slugs = [_REPORT_WEIGHTS.get(topic, "report-other") for topic in signals.reports]
    slugs += [
        "conflict-phone" if fact == "phone" else "conflict-other" for fact in signals.conflicts
    ]
    slugs += [
        "second-check" if fact in NEEDING_SECOND_CHECK else "proposal" for fact in signals.proposals
    ]
    slugs += ["tell-facility"] * signals.notice_count
    if signals.website in (MOVED, UNREACHABLE):
        slugs.append(f"website-{signals.website}")
    for slug, count in Counter(slugs).items():
        yield ScoreTerm(WEIGHTS_BY_SLUG[slug], count)


def max_ages_elapsed(kind: str, age: int) -> int:
    """Return how many maximum ages have passed: 0 while a fact is fresh.

    >>> [max_ages_elapsed("phone", days) for days in (0, 180, 181, 360, 361)]
    [0, 0, 1, 1, 2]
    """
    days = max(1, max_age(kind).days)
    return max(0, age - 1) // days
