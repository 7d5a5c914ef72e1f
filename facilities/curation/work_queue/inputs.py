"""Reads what the scores are computed from: of the records themselves, and what waits for an answer.

What the records say is read of all facilities, or of those that changed. Pending signals (reports,
proposals, conflicts, website checks) are few, and are read each time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from ...geo import Point
from ...matching.similarity import are_names_alike
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
from ...places.timezones import CallerTimeZone, time_zone_at
from ...rules.inconsistencies import INCONSISTENCY_INPUTS, inconsistent_services
from ...taxonomy import ServiceSet
from ..facility_notices import pending_notices
from ..website_checks.alerts import ALERTING_CHECKS
from .scoring import PendingSignals, RiskDates
from .topics import CALL_TOPICS, service_facts

COLUMNS = (
    "pk",
    "status",
    "state",
    "county_fips",
    "latitude",
    "longitude",
    "position_origin",
    "phone",
    "source_release_id",
    *SERVICE_BITS,
)
APPROXIMATE = (Facility.PositionOrigin.ZIP, Facility.PositionOrigin.CITY)


class RiskRow(NamedTuple):
    """What the records of one facility say, and where it is."""

    facility_id: int
    is_listed: bool
    state: str
    county_fips: str
    zone: CallerTimeZone | None
    phone: str
    dates: RiskDates


@dataclass(frozen=True, slots=True)
class LatestCheck:
    """The newest check of a fact. ``is_settled``: it confirmed or corrected the fact."""

    at: datetime
    is_settled: bool

    @property
    def day(self) -> int:
        return self.at.date().toordinal()


def read_risk_rows(only: Iterable[int] | None = None) -> Iterator[RiskRow]:
    """Read facilities, or those of ``only`` that are left, in order of their keys.

    Includes withdrawn facilities: a report or a proposal about one has to be answered too.
    """
    shown = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)
    facilities = Facility.objects.filter(status__in=shown, merged_into__isnull=True)
    published = {
        release: day.toordinal()
        for release, day in Release.objects.values_list("pk", "published_on")
    }
    checks, shared = _latest_checks(only), _shared_phones(only)
    rows = _of(only, facilities, "pk").order_by("pk").values_list(*COLUMNS, named=True)
    for row in rows.iterator():
        point = None if row.latitude is None else Point(row.latitude, row.longitude)
        dates = risk_dates(
            row[-len(SERVICE_BITS) :],
            checks.get(row.pk, {}),
            stated=published.get(row.source_release_id, 0),
            shared_with=shared.get(row.pk, 0),
            is_approximate=row.position_origin in APPROXIMATE,
        )
        yield RiskRow(
            facility_id=row.pk,
            is_listed=row.status == Facility.Status.LISTED,
            state=row.state,
            county_fips=row.county_fips,
            zone=time_zone_at(point, row.state),
            phone=row.phone,
            dates=dates,
        )


def _of(only: Iterable[int] | None, records: QuerySet, key: str = "facility") -> QuerySet:
    return records if only is None else records.filter(**{f"{key}__in": only})


def risk_dates(
    words: tuple[int, ...],
    checks: Mapping[str, LatestCheck],
    *,
    stated: int,
    shared_with: int,
    is_approximate: bool,
) -> RiskDates:
    """Date what a facility says: by its checks, or by ``stated`` where there is none.

    ``words``: of the services that it offers. ``stated``: the day of its release, 0 for none.
    """
    if not checks:  # nearly all, and few of them differ
        return _unchecked_dates(words, stated, shared_with, is_approximate=is_approximate)
    claims, inconsistencies = _claims(words)
    settled = {fact: check.day for fact, check in checks.items() if check.is_settled}
    phone = checks.get("phone")
    return RiskDates(
        checked=tuple(
            min((settled.get(fact, stated) for fact in facts), default=None) for facts in claims
        ),
        asked=tuple(min(settled.get(fact, 0) for fact in facts) for facts in inconsistencies),
        shared_with=shared_with,
        phone_checked=settled.get("phone", 0),
        is_phone_missed=phone is not None and not phone.is_settled,
        is_approximate=is_approximate,
    )


@lru_cache(maxsize=20_000)
def _unchecked_dates(
    words: tuple[int, ...], stated: int, shared_with: int, *, is_approximate: bool
) -> RiskDates:
    claims, inconsistencies = _claims(words)
    return RiskDates(
        checked=tuple(stated if facts else None for facts in claims),
        asked=(0,) * len(inconsistencies),
        shared_with=shared_with,
        is_approximate=is_approximate,
    )


def _claims(words: tuple[int, ...]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The facts of each of CALL_TOPICS, and those of each inconsistency.

    A topic of services has those that are offered: an old "we offer detox" can mislead, silence
    cannot.
    """
    offered = ServiceSet.from_words(words)
    claims = [(*topic.facts, *service_facts(offered & topic.services)) for topic in CALL_TOPICS]
    inconsistencies = _inconsistencies(offered & INCONSISTENCY_INPUTS)
    return claims, [service_facts(services) for services in inconsistencies]


@lru_cache(maxsize=20_000)
def _inconsistencies(offered: ServiceSet) -> tuple[ServiceSet, ...]:
    return inconsistent_services(offered)


def _latest_checks(only: Iterable[int] | None) -> dict[int, dict[str, LatestCheck]]:
    """Return facility id -> fact -> its newest check that was not reverted."""
    latest: dict[int, dict[str, LatestCheck]] = defaultdict(dict)
    rows = _of(only, Verification.objects.standing()).order_by("checked_at", "pk")
    for key, fact, outcome, at in rows.values_list("facility_id", "fact", "outcome", "checked_at"):
        latest[key][fact] = LatestCheck(at, outcome != Verification.Outcome.NOT_CONFIRMED)
    return latest


def _shared_phones(only: Iterable[int] | None) -> dict[int, int]:
    """Count for those of ``only`` among all bearers of their numbers, wherever they are."""
    bearers = Facility.objects.listed().exclude(phone="")
    if only is None:
        phones = bearers.values("phone").annotate(bearers=Count("pk")).filter(bearers__gt=1)
    else:
        phones = bearers.filter(pk__in=only)
    sharing = bearers.filter(phone__in=phones.values("phone"))
    return count_shared_phones(sharing.order_by("pk").values_list("pk", "phone", "name"))


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
    return one == other or are_names_alike(one, other)


def load_pending_signals(is_known: Callable[[int], bool]) -> dict[int, PendingSignals]:
    """Return facility id -> what waits for an answer, for those known to the queue."""
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
    for key in pending_notices().values_list("facility_id", flat=True):
        signals[key] = replace(signals[key], notice_count=signals[key].notice_count + 1)
    for key, outcome in _website_alerts():
        signals[key] = replace(signals[key], website=outcome)
    return {key: pending for key, pending in signals.items() if is_known(key)}


def _website_alerts() -> Iterator[tuple[int, str]]:
    """Yield facility id and outcome, of the address that is shown today only.

    A person who has since checked the website knows more than the robot that failed before.
    """
    by_person = Verification.objects.standing().filter(
        facility=OuterRef("facility"), fact="website"
    )
    newest = by_person.order_by("-checked_at", "-pk")
    failed = WebsiteCheck.objects.filter(ALERTING_CHECKS, website=F("facility__website")).annotate(
        person_at=Subquery(newest.values("checked_at")[:1]),
        person_outcome=Subquery(newest.values("outcome")[:1]),
    )
    for key, outcome, at, person_at, person_outcome in failed.values_list(
        "facility_id", "outcome", "checked_at", "person_at", "person_outcome"
    ):
        is_settled = person_outcome not in (None, Verification.Outcome.NOT_CONFIRMED)
        if not is_settled or person_at < at:
            yield key, outcome
