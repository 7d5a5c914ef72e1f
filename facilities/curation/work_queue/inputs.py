"""Reads the inputs of the scores, for all facilities at once in eight queries.

What the records themselves say is cached by data version and day. Pending signals (reports,
proposals, conflicts, website checks) are few, and are read each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

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
from ...places.service_area import ServiceArea
from ...places.timezones import CallerTimeZone, time_zone_at
from ...rules.freshness import is_fresh
from ...rules.inconsistencies import INCONSISTENCY_INPUTS, inconsistent_services
from ...taxonomy import ServiceSet
from ..two_person_rule import utc_day
from ..website_checks.alerts import ALERTING_CHECKS
from .scoring import PendingSignals, RiskFactors, oldest_age, risk_terms, total_points
from .topics import CALL_TOPICS, PHONE_TOPIC, service_facts

AGE_UNKNOWN = 3650  # days: neither a release nor a check dates it
COLUMNS = (
    "pk",
    "status",
    "state",
    "county_fips",
    "latitude",
    "longitude",
    "position_origin",
    "name",
    "phone",
    "source_release_id",
    *SERVICE_BITS,
)


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """What the records of one facility say, and the points of that alone."""

    risk_factors: RiskFactors
    points: int
    state: str
    zone: CallerTimeZone | None
    is_listed: bool


@dataclass(frozen=True, slots=True)
class LatestCheck:
    """The newest check of a fact. ``is_settled``: it confirmed or corrected the fact."""

    at: datetime
    is_settled: bool


def load_risk_profiles(area: ServiceArea, now: datetime) -> Mapping[int, RiskProfile]:
    """Return facility id -> profile, for the area.

    Includes withdrawn facilities: a report or a proposal about one has to be answered too.
    """
    return _risk_profiles(area, utc_day(now))


@versioned_cache(maxsize=2)
def _risk_profiles(area: ServiceArea, today: date) -> Mapping[int, RiskProfile]:
    shown = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
    facilities = Facility.objects.filter(status__in=shown, merged_into__isnull=True)
    rows = list(facilities.values_list(*COLUMNS, named=True))
    published = dict(Release.objects.values_list("pk", "published_on"))
    release_ages = {release: (today - day).days for release, day in published.items()}
    checks = _latest_checks()
    # Counted before the area is applied: the other bearer of a number may be in the next county.
    shared = count_shared_phones(
        (row.pk, row.phone, row.name) for row in rows if row.status == Facility.Status.LISTED
    )
    profiles = {}
    for row in rows:
        if area.contains(row.state, row.county_fips):
            release_age = release_ages.get(row.source_release_id, AGE_UNKNOWN)
            inputs = row, shared.get(row.pk, 0), release_age, today
            profiles[row.pk] = (
                _risk_profile(*inputs, checks[row.pk])
                if row.pk in checks
                else _unchecked_risk_profile(*inputs)
            )
    return profiles


# Most facilities have no check, and their profiles change with a new release or day only. Kept by
# the row itself and not by data version, these survive each recorded check, so that the next page
# of the queue computes the few checked facilities and not all 12,744 again.
@lru_cache(maxsize=25_000)
def _unchecked_risk_profile(row: tuple, shared: int, release_age: int, today: date) -> RiskProfile:
    return _risk_profile(row, shared, release_age, today, {})


def _risk_profile(
    row, shared: int, release_age: int, today: date, checks: Mapping[str, LatestCheck]
) -> RiskProfile:
    """Build the profile from one row of COLUMNS. `release_age`: days, for facts never checked."""
    offered = ServiceSet.from_words([getattr(row, column) for column in SERVICE_BITS])
    phone, website = checks.get("phone"), checks.get("website")
    factors = RiskFactors(
        ages=_topic_ages(offered, checks, release_age, today),
        inconsistency_count=_inconsistency_count(offered, checks, today),
        shared_with=shared,
        is_phone_checked=bool(
            phone and phone.is_settled and is_fresh("phone", phone.at.date(), today)
        ),
        is_phone_missed=bool(phone and not phone.is_settled),
        is_approximate=row.position_origin
        in (Facility.PositionOrigin.ZIP, Facility.PositionOrigin.CITY),
        website_checked_at=website.at if website and website.is_settled else None,
    )
    point = None if row.latitude is None else Point(row.latitude, row.longitude)
    return RiskProfile(
        risk_factors=factors,
        points=_points(factors),
        state=row.state,
        zone=time_zone_at(point, row.state),
        is_listed=row.status == Facility.Status.LISTED,
    )


@lru_cache(maxsize=20_000)
def _points(factors: RiskFactors) -> int:
    return total_points(list(risk_terms(factors)))  # most unchecked facilities have equal factors


def _topic_ages(
    offered: ServiceSet, checks: Mapping[str, LatestCheck], release_age: int, today: date
) -> tuple[int | None, ...]:
    """Return days since the least recent check for each of CALL_TOPICS.

    None where nothing is claimed: an old "we offer detox" can mislead, silence cannot.
    """
    if not checks:  # the common case, without a tuple of facts for each topic
        return tuple(
            release_age if topic.facts or not offered.isdisjoint(topic.services) else None
            for topic in CALL_TOPICS
        )
    ages = {
        fact: (today - check.at.date()).days for fact, check in checks.items() if check.is_settled
    }
    return tuple(
        oldest_age(ages, (*topic.facts, *service_facts(offered & topic.services)), release_age)
        for topic in CALL_TOPICS
    )


def _inconsistency_count(
    offered: ServiceSet, checks: Mapping[str, LatestCheck], today: date
) -> int:
    """Count the inconsistencies that are still to be asked about.

    Once all of its services have a fresh check, somebody asked, and the facility says both.
    """
    inconsistencies = _inconsistencies(offered & INCONSISTENCY_INPUTS)
    if not checks:
        return len(inconsistencies)
    fresh = {
        fact
        for fact, check in checks.items()
        if check.is_settled and is_fresh("service", check.at.date(), today)
    }
    return sum(not fresh.issuperset(service_facts(services)) for services in inconsistencies)


@lru_cache(maxsize=20_000)
def _inconsistencies(offered: ServiceSet) -> tuple[ServiceSet, ...]:
    return inconsistent_services(offered)


def _latest_checks() -> dict[int, dict[str, LatestCheck]]:
    """Return facility id -> fact -> its newest check that was not reverted."""
    latest: dict[int, dict[str, LatestCheck]] = defaultdict(dict)
    rows = Verification.objects.standing().order_by("checked_at", "pk")
    for key, fact, outcome, at in rows.values_list("facility_id", "fact", "outcome", "checked_at"):
        latest[key][fact] = LatestCheck(at, outcome != Verification.Outcome.NOT_CONFIRMED)
    return latest


def count_shared_phones(facilities: Iterable[tuple[int, str, str]]) -> dict[int, int]:
    """Return facility id -> number of facilities of another organization with its phone.

    ``facilities``: (id, phone, name). Those without any such facility are left out.
    """
    bearers: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, phone, name in facilities:
        bearers[phone].append((key, name))
    return {
        key: unrelated
        for phone, sharing in bearers.items()
        if phone and len(sharing) > 1
        for key, name in sharing
        if (unrelated := sum(not _are_related(name, other) for _, other in sharing))
    }


@lru_cache(maxsize=20_000)
def _are_related(one: str, other: str) -> bool:
    return one == other or are_related(one, other)


def load_pending_signals(profiles: Mapping[int, RiskProfile]) -> dict[int, PendingSignals]:
    """Return facility id -> what waits for an answer, for those of ``profiles`` that have any."""
    signals: dict[int, PendingSignals] = defaultdict(PendingSignals)
    unsettled = (Report.State.OPEN, Report.State.IN_PROGRESS)
    reports = Report.objects.filter(state__in=unsettled)
    for key, topic, state in reports.values_list("facility_id", "topic", "state"):
        signals[key].reports.append(topic)
        if state == Report.State.OPEN:
            signals[key] = replace(signals[key], has_new_report=True)
    proposals = Proposal.objects.filter(state=Proposal.State.WAITING)
    for key, fact, at in proposals.values_list("facility_id", "fact", "made_at"):
        signals[key].proposals.append(fact)
        signals[key] = replace(signals[key], proposed_at=max(signals[key].proposed_at or at, at))
    for key, fact in Conflict.objects.values_list("facility_id", "fact"):
        signals[key].conflicts.append(fact)
    # Of the address that is shown today only. A person who has since checked the website knows
    # more than the robot that failed before.
    failed = WebsiteCheck.objects.filter(ALERTING_CHECKS, website=F("facility__website"))
    for key, outcome, at in failed.values_list("facility_id", "outcome", "checked_at"):
        checked_at = profiles[key].risk_factors.website_checked_at if key in profiles else None
        if checked_at is None or checked_at < at:
            signals[key] = replace(signals[key], website=outcome)
    return {key: pending for key, pending in signals.items() if key in profiles}


def phone_check_ages(profiles: Mapping[int, RiskProfile]) -> list[int]:
    topic = CALL_TOPICS.index(PHONE_TOPIC)
    return [
        profile.risk_factors.ages[topic] or 0 for profile in profiles.values() if profile.is_listed
    ]
