"""The work queue computed the plain way: every record is read, and scored as of the day."""

from dataclasses import dataclass
from datetime import date, datetime

from facilities.curation.work_queue.inputs import count_shared_phones
from facilities.curation.work_queue.scoring import (
    AGE_UNKNOWN,
    PendingSignals,
    RiskFactors,
    risk_score_terms,
    total_points,
)
from facilities.curation.work_queue.topics import CALL_TOPICS, service_facts
from facilities.models import Assignment, Conflict, Facility, Proposal, Report, Verification
from facilities.places.timezones import CallerTimeZone, time_zone_at
from facilities.rules.freshness import is_fresh
from facilities.rules.inconsistencies import inconsistent_services

HIDDEN = ("hidden", "draft")


@dataclass(frozen=True)
class ReferenceEntry:
    """A facility of the queue, and what it is filtered by."""

    facility_id: int
    points: int
    state: str
    zone: CallerTimeZone | None
    is_held: bool


def reference_queue(now: datetime) -> list[ReferenceEntry]:
    """Everything with points, most points first; nothing is snoozed, and no website was checked."""
    facilities = list(Facility.objects.filter(merged_into=None).exclude(status__in=HIDDEN))
    listed = [each for each in facilities if each.status == "listed"]
    shared = count_shared_phones((each.pk, each.phone, each.name) for each in listed)
    held = set(Assignment.objects.exclude(assigned_to=None).values_list("facility_id", flat=True))
    entries = []
    for facility in facilities:
        signals = pending(facility)
        if facility.status == "listed" or signals:
            factors = risk_factors(facility, shared.get(facility.pk, 0), now.date())
            points = total_points(risk_score_terms(factors, signals))
            zone = time_zone_at(facility.point, facility.state)
            entries.append(
                ReferenceEntry(facility.pk, points, facility.state, zone, facility.pk in held)
            )
    waiting = [entry for entry in entries if entry.points]
    return sorted(waiting, key=lambda entry: (-entry.points, entry.facility_id))


def pending(facility: Facility) -> PendingSignals | None:
    reports = list(facility.reports.filter(state__in=(Report.State.OPEN, Report.State.IN_PROGRESS)))
    proposals = list(Proposal.objects.filter(facility=facility, state=Proposal.State.WAITING))
    conflicts = list(Conflict.objects.filter(facility=facility))
    if not (reports or proposals or conflicts):
        return None
    return PendingSignals(
        reports=[report.topic for report in reports],
        conflicts=[conflict.fact for conflict in conflicts],
        proposals=[proposal.fact for proposal in proposals],
    )


def risk_factors(facility: Facility, shared_with: int, today: date) -> RiskFactors:
    checks = newest_checks(facility)
    settled = {
        fact: check.checked_at.date()
        for fact, check in checks.items()
        if check.outcome != "not_confirmed"
    }
    release = facility.source_release
    stated = (today - release.published_on).days if release else AGE_UNKNOWN
    ages = {fact: (today - day).days for fact, day in settled.items()}
    fresh = {fact for fact, day in settled.items() if is_fresh("service", day, today)}
    topics = [
        (*topic.facts, *service_facts(facility.offered & topic.services)) for topic in CALL_TOPICS
    ]
    phone = checks.get("phone")
    return RiskFactors(
        ages=tuple(
            max((ages.get(fact, stated) for fact in facts), default=None) for facts in topics
        ),
        inconsistency_count=sum(
            not fresh.issuperset(service_facts(services))
            for services in inconsistent_services(facility.offered)
        ),
        shared_with=shared_with,
        is_phone_checked="phone" in settled and is_fresh("phone", settled["phone"], today),
        is_phone_missed=phone is not None and phone.outcome == "not_confirmed",
        is_approximate=facility.is_approximate,
    )


def newest_checks(facility: Facility) -> dict[str, Verification]:
    newest = {}
    for check in facility.verifications.filter(reverted_at=None).order_by("checked_at", "pk"):
        newest[check.fact] = check
    return newest
