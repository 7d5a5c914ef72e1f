"""Everything known of one facility: each fact with its source, date and method.

Also its answers to all services, criteria, papers, contradictions and history. Of a confidential
address nothing is left: neither its facts, nor checks, conflicts and events of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..curation.dossier import Dossier, read_dossier
from ..curation.history import FactEvent, public_events
from ..exports.tables import CURATOR
from ..facts.leave_out_numbers import remove_numbers_from_value
from ..facts.registry import FACTS, PRIVATE_FACTS, Fact, display_value, fact_age_kind
from ..models import Credential, Facility, Release, Verification
from ..models.release import SAMHSA_SOURCES
from ..resolution.combined_statement import rank_statements
from ..resolution.release_statements import ReleaseStatement
from ..rules.criteria import evaluate_criteria
from ..rules.freshness import freshness_level
from ..rules.inconsistencies import inconsistency_questions
from ..sources.rows import ALL_FACTS
from ..taxonomy import VOCABULARY, Answer, answer_for_service
from .flat_record import RecordContext, flat_record, iso_date

ANSWERS = {Answer.YES: "yes", Answer.NO: "no"}  # else null
CHECKED_ANSWERS = {"offered": "yes", "denied": "no"}
SURVEY, STATED = "survey", "stated"  # the methods of SAMHSA's files and of other lists
UNCONFIRMED = Verification.Outcome.NOT_CONFIRMED
LISTING_FACTS = ("status", "is_address_confidential")  # members of the record itself


@dataclass(frozen=True)
class ShortLivedStatus:
    """What no version of the data tells of; "" for nothing.

    ``disputed``: fact -> since when the facility disputes it.
    """

    phone_warning: str
    availability: str
    disputed: Mapping[str, date]


def complete_record(facility: Facility, context: RecordContext, now: ShortLivedStatus) -> dict:
    dossier = read_dossier(facility, today=context.today)
    hidden = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    checks = [
        check for check in dossier.snapshot.checks.get(facility.pk, []) if check.fact not in hidden
    ]
    return flat_record(facility, context) | {
        "phone_warning": now.phone_warning or None,
        "availability": now.availability or None,
        "facts": [*_facts(dossier, checks, hidden, now, context)],
        "service_answers": [*_service_answers(dossier, checks, now, context)],
        "criteria": {
            result.criterion.slug: result.status.value
            for result in evaluate_criteria(facility.offered, facility.denied)
        },
        "credentials": [*_credentials(facility, context.today)],
        "contradictions": [*inconsistency_questions(facility.offered, context.language)],
        "conflicts": [*_conflicts(dossier, hidden)],
        "history": [_event(event) for event in public_events(facility)],
    }


def _facts(
    dossier: Dossier,
    checks: Iterable[Verification],
    hidden: frozenset[str],
    now: ShortLivedStatus,
    context: RecordContext,
) -> Iterator[dict]:
    newest = _newest(checks)
    for fact in FACTS.values():
        if fact.name in LISTING_FACTS or fact.name in hidden:
            continue
        value = _value(dossier.facility, fact)
        yield {
            "fact": fact.name,
            "label": fact.get_label(context.language),
            "value": value,
            "text": None if value is None else fact.display(value),
            "source": _source(dossier, fact, value, newest.get(fact.name), context.today),
            "not_confirmed_on": _not_confirmed_on(dossier, fact.name, newest.get(fact.name)),
            "disputed_on": iso_date(now.disputed.get(fact.name)),
        }


def _value(facility: Facility, fact: Fact) -> Any:
    if fact.name == "position":
        return None if facility.point is None else [facility.latitude, facility.longitude]
    return getattr(facility, fact.name) or None


def _newest(checks: Iterable[Verification]) -> Mapping[str, tuple[Verification, ...]]:
    """Return fact -> its newest check, and before it the newest that found a value, if another."""
    found: dict[str, tuple[Verification, ...]] = {}
    for check in sorted(checks, key=lambda check: (check.checked_at, check.pk)):
        before = found.get(check.fact, ())
        confirmed = [each for each in before if each.outcome != UNCONFIRMED]
        found[check.fact] = (*confirmed[-1:], check) if check.outcome == UNCONFIRMED else (check,)
    return found


def _not_confirmed_on(
    dossier: Dossier, fact: str, checks: tuple[Verification, ...] | None
) -> str | None:
    newest = checks[-1] if checks else None
    if newest and newest.outcome == UNCONFIRMED:
        return iso_date(newest.checked_at.date())
    return dossier.facility.fact_sources.get(fact, {}).get("could_not_be_confirmed_on")


def _source(
    dossier: Dossier,
    fact: Fact,
    value: Any,
    checks: tuple[Verification, ...] | None,
    today: date,
) -> dict | None:
    """Return who says it: a person's check, else the list or file that states this value."""
    if checks and checks[0].outcome != UNCONFIRMED:
        return _check_source(checks[0], today)
    if value is None:
        return None
    if listed := _listed_source(dossier.facility, fact.name, today):
        return listed
    ranked = rank_statements(dossier.statements)
    stating = (each for each in ranked if _states(each, fact, value))
    return _file_source(dossier, next(stating, None), today)


def _states(statement: ReleaseStatement, fact: Fact, value: Any) -> bool:
    if fact.name == "position":
        position = statement.row.position
        return position is not None and [position.point.latitude, position.point.longitude] == value
    stated = getattr(statement.row, fact.name, None)
    return ([dict(each) for each in stated] if isinstance(stated, tuple) else stated) == value


def _check_source(check: Verification, today: date) -> dict:
    day = check.checked_at.date()
    return {
        "kind": "check",
        "name": None,
        "edition": None,
        "method": check.method,
        "outcome": check.outcome,
        "date": iso_date(day),
        "age_days": (today - day).days,
        "freshness": freshness_level(fact_age_kind(check.fact), day, today).value,
    }


def _listed_source(facility: Facility, fact: str, today: date) -> dict | None:
    """Return the list beside the first source that states a fact, or who checked it elsewhere.

    Of a listing that another installation passed on, that is where its facts come from.
    """
    stated = facility.fact_sources.get(fact, {})
    if "source" not in stated:
        stated = facility.fact_sources.get(ALL_FACTS, {})
    if not stated:
        return None
    is_survey = stated["source"] in SAMHSA_SOURCES
    return {
        "kind": "check" if "method" in stated else "file",
        "name": stated["source"],
        "edition": stated.get("edition"),
        "method": stated.get("method", SURVEY if is_survey else STATED),
        "outcome": None,
        "date": stated["date"],
        "age_days": (today - date.fromisoformat(stated["date"])).days,
        "freshness": None,
    }


def _file_source(dossier: Dossier, statement: ReleaseStatement | None, today: date) -> dict | None:
    release = dossier.releases.get(statement.release_id) if statement else None
    return _release_source(release, today) if release else None


def _release_source(release: Release, today: date) -> dict:
    return {
        "kind": "file",
        "name": release.source,
        "edition": release.edition,
        "method": SURVEY if release.is_of_samhsa else STATED,
        "outcome": None,
        "date": iso_date(release.published_on),
        "age_days": (today - release.published_on).days,
        "freshness": None,
    }


def _service_answers(
    dossier: Dossier, checks: Iterable[Verification], now: ShortLivedStatus, context: RecordContext
) -> Iterator[dict]:
    """Yield the answer to every service; null has its reason: not listed, or not reported."""
    facility, newest = dossier.facility, _newest(checks)
    offered, denied = facility.offered, facility.denied
    release = dossier.release
    for service in VOCABULARY:
        answer = answer_for_service(service, offered, denied)
        found = newest.get(service.fact)
        if service.retired and answer is Answer.NOT_REPORTED and not found:
            continue
        source = None
        if found and found[0].outcome != UNCONFIRMED:
            source = _check_source(found[0], context.today)
        elif answer is not Answer.NOT_REPORTED:
            source = _listed_source(facility, service.fact, context.today) or (
                _release_source(release, context.today) if release else None
            )
        yield {
            "service": service.slug,
            "label": service.label(context.language),
            "answer": ANSWERS.get(answer),
            "reason": None if answer in ANSWERS else answer.value.replace("-", "_"),
            "source": source,
            "not_confirmed_on": _not_confirmed_on(dossier, service.fact, found),
            "disputed_on": iso_date(now.disputed.get(service.fact)),
        }


def _credentials(facility: Facility, today: date) -> Iterator[dict]:
    credentials = Credential.objects.confirmed().filter(facility=facility)
    for each in credentials.order_by("kind", "issuer", "pk"):
        yield {
            "kind": each.kind,
            "issuer": each.issuer,
            "number": each.number or None,
            "scope": each.scope or None,
            "issued_on": iso_date(each.issued_on),
            "expires_on": iso_date(each.expires_on),
            "is_current": each.is_current(today),
            "proof_url": each.proof_url or None,
            "seen_on": iso_date(each.checked_on),
            "source": each.source or CURATOR,
        }


def _conflicts(dossier: Dossier, hidden: frozenset[str]) -> Iterator[dict]:
    """Yield each fact of which the newest file says something else than is shown."""
    suspended = dossier.snapshot.suspended.get(dossier.facility.pk, ())
    for each in dossier.facility.conflicts.order_by("fact"):
        release = dossier.releases.get(each.release_id)
        if each.fact in hidden or release is None:
            continue
        values = (each.shown_value, each.source_value)
        shown, stated = (remove_numbers_from_value(each.fact, value, suspended) for value in values)
        yield {
            "fact": each.fact,
            "shown_value": _answer_or_value(shown),
            "source_value": _answer_or_value(stated),
            "source": release.source,
            "edition": release.edition,
        }


def _answer_or_value(value: Any) -> Any:
    return CHECKED_ANSWERS.get(value, value) if isinstance(value, str) else value


def _event(event: FactEvent) -> dict:
    return {
        "at": event.at.isoformat(),
        "kind": event.kind,
        "fact": event.fact or None,
        "before": _answer_or_value(event.before),
        "after": _answer_or_value(event.after),
        "text": display_value(event.fact, event.after) if event.fact else None,
        "by": event.role,
        "method": event.check.method if event.check else None,
        "source": event.release.source if event.release else None,
        "edition": event.release.edition if event.release else None,
    }
