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
from ..two_person_rule import day_of
from ..website_checks.alerts import TROUBLED
from .scoring import News, Sight, oldest, score, standing_terms
from .topics import PHONE, SUBJECTS, facts_of

AGES_UNKNOWN = 3650  # days: neither a survey nor a check dates it
COLUMNS = (
    "pk", "status", "state", "county_fips", "latitude", "longitude", "position_origin", "name",
    "phone", "source_release_id", *SERVICE_BITS,
)  # fmt: skip
SHIFTS = tuple(BITS * place for place in range(WORDS))


@dataclass(frozen=True, slots=True)
class Standing:
    """One listing: what its records say, and the points of that alone."""

    sight: Sight
    points: int
    state: str
    zone: Zone | None
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The newest check of a fact."""

    at: datetime
    is_settled: bool


def standing(area: Area, now: datetime) -> Mapping[int, Standing]:
    """Every listing of the area, those no longer in the newest list included."""
    return _standing(area, day_of(now))


@versioned_cache(maxsize=2)
def _standing(area: Area, today: date) -> Mapping[int, Standing]:
    shown = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
    found = Facility.objects.filter(status__in=shown, merged_into__isnull=True)
    rows = list(found.values_list(*COLUMNS))
    published = dict(Release.objects.values_list("pk", "published_on"))
    ages = {key: (today - day).days for key, day in published.items()}
    listed = (row for row in rows if row[1] == Facility.Status.LISTED)
    checks, shared = _checks(), shared_numbers((row[0], row[8], row[7]) for row in listed)
    known = {}
    for row in rows:
        if area.holds(row[2], row[3]):
            stated = ages.get(row[9], AGES_UNKNOWN)
            told = (row, shared.get(row[0], 0), stated, today)
            known[row[0]] = _one(*told, checks[row[0]]) if row[0] in checks else _unchecked(*told)
    return known


@lru_cache(maxsize=25_000)
def _unchecked(row: tuple, shared: int, stated: int, today: date) -> Standing:
    """Most listings, and they change with a file alone: after a check only one is worked out."""
    return _one(row, shared, stated, today, {})


def _one(
    row: tuple, shared: int, stated: int, today: date, checks: Mapping[str, Checked]
) -> Standing:
    key, status, state, _fips, latitude, longitude, origin, *_rest = row
    offered = ServiceSet(sum(map(lshift, row[10:], SHIFTS)))
    sight = Sight(
        ages=_ages(offered, checks, stated, today),
        doubts=_doubts(offered, checks, today),
        shared_with=shared,
        is_approximate=origin in (Facility.PositionOrigin.ZIP, Facility.PositionOrigin.CITY),
    )
    if checks:
        sight = _with_checks(sight, checks, today)
    return Standing(
        sight=sight,
        points=_points(sight),
        state=state,
        zone=zone_of(None if latitude is None else Point(latitude, longitude), state),
        is_listed=status == Facility.Status.LISTED,
    )


@lru_cache(maxsize=20_000)
def _points(sight: Sight) -> int:
    """Most listings that nobody checked look alike."""
    return score(list(standing_terms(sight)))


def _with_checks(sight: Sight, checks: Mapping[str, Checked], today: date) -> Sight:
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
    offered: ServiceSet, checks: Mapping[str, Checked], stated: int, today: date
) -> tuple[int | None, ...]:
    if not checks:
        return tuple(
            stated if subject.facts or not offered.isdisjoint(subject.services) else None
            for subject in SUBJECTS
        )
    ages = {
        fact: (today - check.at.date()).days for fact, check in checks.items() if check.is_settled
    }
    return tuple(
        oldest(ages, (*subject.facts, *facts_of(offered & subject.services)), stated)
        for subject in SUBJECTS
    )


def _doubts(offered: ServiceSet, checks: Mapping[str, Checked], today: date) -> int:
    """Contradictions of which nobody asked lately: some service of each is unchecked."""
    found = _concerns(offered & INCONSISTENCY_INPUTS)
    if not checks:
        return len(found)
    fresh = {
        fact
        for fact, check in checks.items()
        if check.is_settled and is_fresh("service", check.at.date(), today)
    }
    return sum(not fresh.issuperset(facts_of(about)) for about in found)


@lru_cache(maxsize=20_000)
def _concerns(offered: ServiceSet) -> tuple[ServiceSet, ...]:
    return inconsistent_services(offered)


def _checks() -> dict[int, dict[str, Checked]]:
    """Facility -> fact -> its newest check that nobody took back."""
    found: dict[int, dict[str, Checked]] = defaultdict(dict)
    rows = Verification.objects.standing().order_by("checked_at", "pk")
    for key, fact, outcome, at in rows.values_list("facility_id", "fact", "outcome", "checked_at"):
        found[key][fact] = Checked(at, outcome != Verification.Outcome.NOT_CONFIRMED)
    return found


def shared_numbers(listings: Iterable[tuple[int, str, str]]) -> dict[int, int]:
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


def news(keep: Mapping[int, Standing]) -> dict[int, News]:
    """Facility -> what came from outside and waits, for those that have any."""
    found: dict[int, News] = defaultdict(News)
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
    bad = WebsiteCheck.objects.filter(TROUBLED, website=F("facility__website"))
    for key, outcome, at in bad.values_list("facility_id", "outcome", "checked_at"):
        seen_on = keep[key].sight.website_checked_at if key in keep else None
        if seen_on is None or seen_on < at:
            found[key] = replace(found[key], website=outcome)
    return {key: each for key, each in found.items() if key in keep}


def phone_ages(found: Mapping[int, Standing]) -> list[int]:
    """Days since each listed facility's number was checked, or stated in a survey."""
    place = SUBJECTS.index(PHONE)
    return [each.sight.ages[place] or 0 for each in found.values() if each.is_listed]
