"""Reads what scores are made of, for all listings at once: eight statements, whatever their number.

What the records themselves say is kept by data version and day; what comes from outside (reports,
proposals, conflicts, visits to websites) is few and read each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from operator import lshift

from django.db.models import F

from ...geo import Point
from ...matching.similarity import are_related
from ...models import (
    Conflict,
    Facility,
    Proposal,
    Release,
    Report,
    Verification,
    WebsiteCheck,
)
from ...models.facility import SERVICE_BITS
from ...models.versioned_cache import versioned_cache
from ...places.service_area import Area
from ...places.timezones import Zone, zone_of
from ...rules.freshness import is_fresh
from ...rules.inconsistencies import INCONSISTENCY_INPUTS, inconsistent_services
from ...taxonomy import BITS, WORDS, ServiceSet
from ..two_person_rule import utc_day
from ..website_checks.alerts import ALERTING_CHECKS
from .scoring import PendingSignals, RiskFactors, oldest_age, risk_terms, total_points
from .topics import CALL_TOPICS, PHONE_TOPIC, service_facts

AGES_UNKNOWN = 3650  # days: neither a survey nor a check dates it
COLUMNS = (
    "pk", "status", "state", "county_fips", "latitude", "longitude", "position_origin", "name",
    "phone", "source_release_id", *SERVICE_BITS,
)  # fmt: skip
SHIFTS = tuple(BITS * place for place in range(WORDS))


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """One listing: what its records say, and the points of that alone."""

    risk_factors: RiskFactors
    points: int
    state: str
    zone: Zone | None
    is_listed: bool


@dataclass(frozen=True, slots=True)
class LatestCheck:
    """The newest check of a fact."""

    at: datetime
    is_settled: bool


def load_risk_profiles(area: Area, now: datetime) -> Mapping[int, RiskProfile]:
    """Every listing of the area, those no longer in the newest list included."""
    return _risk_profiles(area, utc_day(now))


@versioned_cache(maxsize=2)
def _risk_profiles(area: Area, today: date) -> Mapping[int, RiskProfile]:
    shown = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
    found = Facility.objects.filter(status__in=shown, merged_into__isnull=True)
    rows = list(found.values_list(*COLUMNS))
    published = dict(Release.objects.values_list("pk", "published_on"))
    ages = {key: (today - day).days for key, day in published.items()}
    listed = (row for row in rows if row[1] == Facility.Status.LISTED)
    checks, shared = (
        _latest_checks(),
        count_shared_phones((row[0], row[8], row[7]) for row in listed),
    )
    known = {}
    for row in rows:
        if area.holds(row[2], row[3]):
            stated = ages.get(row[9], AGES_UNKNOWN)
            told = (row, shared.get(row[0], 0), stated, today)
            known[row[0]] = (
                _risk_profile(*told, checks[row[0]])
                if row[0] in checks
                else _profile_without_checks(*told)
            )
    return known


@lru_cache(maxsize=25_000)
def _profile_without_checks(row: tuple, shared: int, stated: int, today: date) -> RiskProfile:
    """Most listings, and they change with a file alone: after a check only one is worked out."""
    return _risk_profile(row, shared, stated, today, {})


def _risk_profile(
    row: tuple, shared: int, stated: int, today: date, checks: Mapping[str, LatestCheck]
) -> RiskProfile:
    key, status, state, _fips, latitude, longitude, origin, *_rest = row
    offered = ServiceSet(sum(map(lshift, row[10:], SHIFTS)))
    sight = RiskFactors(
        ages=_ages(offered, checks, stated, today),
        inconsistency_count=_inconsistency_count(offered, checks, today),
        shared_with=shared,
        is_approximate=origin in (Facility.PositionOrigin.ZIP, Facility.PositionOrigin.CITY),
    )
    if checks:
        sight = _with_checks(sight, checks, today)
    return RiskProfile(
        risk_factors=sight,
        points=_points(sight),
        state=state,
        zone=zone_of(None if latitude is None else Point(latitude, longitude), state),
        is_listed=status == Facility.Status.LISTED,
    )


@lru_cache(maxsize=20_000)
def _points(sight: RiskFactors) -> int:
    """Most listings that nobody checked look alike."""
    return total_points(list(risk_terms(sight)))


def _with_checks(sight: RiskFactors, checks: Mapping[str, LatestCheck], today: date) -> RiskFactors:
    phone, website = checks.get("phone"), checks.get("website")
    return replace(
        sight,
        is_phone_checked=bool(
            phone and phone.is_settled and is_fresh("phone", phone.at.date(), today)
        ),
        is_phone_missed=bool(phone and not phone.is_settled),
        website_checked_at=website.at if website and website.is_settled else None,
    )


def _ages(
    offered: ServiceSet, checks: Mapping[str, LatestCheck], stated: int, today: date
) -> tuple[int | None, ...]:
    if not checks:
        return tuple(
            stated if subject.facts or not offered.isdisjoint(subject.services) else None
            for subject in CALL_TOPICS
        )
    ages = {
        fact: (today - check.at.date()).days for fact, check in checks.items() if check.is_settled
    }
    return tuple(
        oldest_age(ages, (*subject.facts, *service_facts(offered & subject.services)), stated)
        for subject in CALL_TOPICS
    )


def _inconsistency_count(
    offered: ServiceSet, checks: Mapping[str, LatestCheck], today: date
) -> int:
    """Contradictions of which nobody asked lately: some service of each is unchecked."""
    found = _inconsistencies(offered & INCONSISTENCY_INPUTS)
    if not checks:
        return len(found)
    fresh = {
        fact
        for fact, check in checks.items()
        if check.is_settled and is_fresh("service", check.at.date(), today)
    }
    return sum(not fresh.issuperset(service_facts(about)) for about in found)


@lru_cache(maxsize=20_000)
def _inconsistencies(offered: ServiceSet) -> tuple[ServiceSet, ...]:
    return inconsistent_services(offered)


def _latest_checks() -> dict[int, dict[str, LatestCheck]]:
    """Facility -> fact -> its newest check that nobody took back."""
    found: dict[int, dict[str, LatestCheck]] = defaultdict(dict)
    rows = Verification.objects.standing().order_by("checked_at", "pk")
    for key, fact, outcome, at in rows.values_list("facility_id", "fact", "outcome", "checked_at"):
        found[key][fact] = LatestCheck(at, outcome != Verification.Outcome.NOT_CONFIRMED)
    return found


def count_shared_phones(listings: Iterable[tuple[int, str, str]]) -> dict[int, int]:
    """Facility -> how many of unrelated name have its number, of (facility, number, name)."""
    bearers: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, phone, name in listings:
        bearers[phone].append((key, name))
    return {
        key: unrelated
        for phone, found in bearers.items()
        if phone and len(found) > 1
        for key, name in found
        if (unrelated := sum(not _are_related(name, other) for _, other in found))
    }


@lru_cache(maxsize=20_000)
def _are_related(one: str, other: str) -> bool:
    return one == other or are_related(one, other)


def load_pending_signals(keep: Mapping[int, RiskProfile]) -> dict[int, PendingSignals]:
    """Facility -> what came from outside and waits, for those that have any."""
    found: dict[int, PendingSignals] = defaultdict(PendingSignals)
    unsettled = (Report.State.OPEN, Report.State.IN_PROGRESS)
    reports = Report.objects.filter(state__in=unsettled)
    for key, topic, state in reports.values_list("facility_id", "topic", "state"):
        found[key].reports.append(topic)
        if state == Report.State.OPEN:
            found[key] = replace(found[key], has_new_report=True)
    proposals = Proposal.objects.filter(state=Proposal.State.WAITING)
    for key, fact, at in proposals.values_list("facility_id", "fact", "made_at"):
        found[key].proposals.append(fact)
        found[key] = replace(found[key], proposed_at=max(found[key].proposed_at or at, at))
    for key, fact in Conflict.objects.values_list("facility_id", "fact"):
        found[key].conflicts.append(fact)
    bad = WebsiteCheck.objects.filter(ALERTING_CHECKS, website=F("facility__website"))
    for key, outcome, at in bad.values_list("facility_id", "outcome", "checked_at"):
        seen_on = keep[key].risk_factors.website_checked_at if key in keep else None
        if seen_on is None or seen_on < at:
            found[key] = replace(found[key], website=outcome)
    return {key: each for key, each in found.items() if key in keep}


def phone_check_ages(found: Mapping[int, RiskProfile]) -> list[int]:
    """Days since each listed facility's number was checked, or stated in a survey."""
    place = CALL_TOPICS.index(PHONE_TOPIC)
    return [each.risk_factors.ages[place] or 0 for each in found.values() if each.is_listed]
