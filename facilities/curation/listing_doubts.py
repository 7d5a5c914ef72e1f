"""Why a phone number that we show may be wrong, or its place closed.

Somebody says it has changed and waits for a second check; two people reported it, which is told
with its day and lapses; the facility disputes it; the newest check could not confirm it; or the
newest file changed it to that of unrelated facilities.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..facts.registry import PHONE
from ..facts.stored_values import LISTED, WITHDRAWN
from ..models import Call, Dispute, Facility, Proposal, Release, Report, Verification
from ..models.keyed_query import KeyedQuery

Outcome = Verification.Outcome
PROPOSAL, REPORT, CLOSURE_PROPOSAL = "proposal", "report", "closing"
CLOSURE_REPORT, CALL, DISPUTE = "closure report", "call: ", "dispute: "
OUTCOMES = frozenset(Outcome.values)
REPORT_THRESHOLD = 2  # independent reports
NOTICE_LIFETIME = timedelta(days=30)  # of what nobody but the public says


def listing_doubt(facility: Facility, today: date) -> str:
    """Return a sentence to show beside the number; "" while nobody doubts it."""
    return listing_doubts([facility], today).get(facility.pk, "")


class ListingEvidence(NamedTuple):
    """What somebody found or said: the outcome of a check, of a CALL, or another kind.

    A moment is a datetime on PostgreSQL and a text on SQLite; both can be put in order.
    """

    facility: int
    kind: str
    moment: datetime | str | None


def read_listing_evidence(keys: Iterable[int]) -> list[ListingEvidence]:
    """Return what counts for or against what is shown of facilities, in one query."""
    return [ListingEvidence(*row) for row in STATEMENTS.rows([*keys])]


def statement_day(statement: ListingEvidence) -> date:
    """SQLite gives a moment as a text that begins with its day."""
    return date.fromisoformat(str(statement.moment)[:10])


def listing_doubts(
    facilities: Iterable[Facility], today: date, statements: Iterable[ListingEvidence] | None = None
) -> Mapping[int, str]:
    """Return key -> sentence for facilities whose number is in doubt, in one query or two.

    ``statements``: of these facilities, from callers that have read them.
    """
    shown = {facility.pk: facility for facility in facilities}
    statements = read_listing_evidence(shown) if statements is None else [*statements]
    being_checked = _("This number may be wrong. It is being checked.")
    reported = _(
        "Several people told us that this number is wrong, last on %(day)s. We have not checked"
        " yet."
    )
    disputed = _("The facility disputes this number (%(day)s).")
    closing = _("We heard on %(day)s that this place may have closed. It is being checked.")
    doubts = {
        key: reported % {"day": date_format(day)}
        for key, day in _reported_numbers(statements, today).items()
    }
    doubts |= dict.fromkeys(_doubted_numbers(shown, statements), being_checked)
    doubts = {key: words for key, words in doubts.items() if shown[key].phone}
    doubts |= {
        key: closing % {"day": date_format(day)}
        for key, day in _days(statements, CLOSURE_PROPOSAL).items()
        if shown[key].status == LISTED
    }
    for key, day in _days(statements, f"{DISPUTE}{PHONE}").items():
        if shown[key].phone:
            words = disputed % {"day": date_format(day)}
            doubts[key] = " ".join(filter(None, [doubts.get(key), words]))
    return doubts


def _reported_numbers(statements: Iterable[ListingEvidence], today: date) -> dict[int, date]:
    """Return facility -> the day of the newest report, where several people reported lately."""
    days = defaultdict(list)
    for statement in statements:
        if statement.kind == REPORT:
            days[statement.facility].append(statement_day(statement))
    return {
        key: max(found)
        for key, found in days.items()
        if len(found) >= REPORT_THRESHOLD and max(found) >= today - NOTICE_LIFETIME
    }


def _days(statements: Iterable[ListingEvidence], kind: str) -> dict[int, date]:
    return {each.facility: statement_day(each) for each in statements if each.kind == kind}


def _doubted_numbers(
    shown: Mapping[int, Facility], statements: Iterable[ListingEvidence]
) -> set[int]:
    """Return those whose number somebody changed, could not confirm, or shares with strangers."""
    checks = defaultdict(list)
    proposed = set()
    for key, kind, moment in statements:
        if kind in OUTCOMES:
            checks[key].append((moment, kind))
        elif kind == PROPOSAL:
            proposed.add(key)
    missed = {key for key in checks if _is_last_one_missed(checks[key])}
    settled = {
        key for key in checks if any(kind != Outcome.NOT_CONFIRMED for _moment, kind in checks[key])
    }
    changed = {key for key in shown if key not in settled and is_shared_phone(shown[key])}
    return proposed | missed | changed


def _statements(keys: list[int]) -> QuerySet:
    """Return (facility, kind of statement, its moment), in one query."""
    of_these = {"facility_id__in": keys}
    checks = Verification.objects.standing().filter(fact="phone", **of_these)
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING, **of_these)
    proposals = waiting.filter(fact="phone")
    closings = waiting.filter(fact="status", value=WITHDRAWN)
    reports = Report.objects.filter(
        state__in=(Report.State.OPEN, Report.State.IN_PROGRESS), **of_these
    )
    of_closure = reports.filter(topic=Report.Topic.CLOSED)
    calls = Call.objects.filter(undone_at__isnull=True, **of_these)
    disputes = Dispute.objects.open().filter(**of_these)
    return checks.values_list("facility_id", "outcome", "checked_at").union(
        proposals.values_list(
            "facility_id", Value(PROPOSAL), Value(None, output_field=DateTimeField())
        ),
        reports.filter(topic=Report.Topic.PHONE).values_list(
            "facility_id", Value(REPORT), Cast("reported_on", DateTimeField())
        ),
        closings.values_list("facility_id", Value(CLOSURE_PROPOSAL), "made_at"),
        of_closure.values_list(
            "facility_id", Value(CLOSURE_REPORT), Cast("reported_on", DateTimeField())
        ),
        calls.values_list("facility_id", Concat(Value(CALL), "outcome"), "made_at"),
        disputes.values_list("facility_id", Concat(Value(DISPUTE), "fact"), "made_at"),
        all=True,
    )


STATEMENTS = KeyedQuery(int, _statements)


def _is_last_one_missed(checks: Collection[tuple[datetime | str, str]]) -> bool:
    newest = max(moment for moment, _kind in checks)
    return (newest, Outcome.NOT_CONFIRMED) in checks


def is_shared_phone(facility: Facility) -> bool:
    """Whether the newest file changed its number to that of unrelated facilities."""
    release = facility.source_release
    return release is not None and facility.code in _shared_since(release.pk, release.loaded_at)


@lru_cache(maxsize=8)
def _shared_since(release_id: int, loaded_at: datetime) -> frozenset[str]:
    """Return codes of facilities whose number a load changed to that of unrelated ones."""
    shared = Release.objects.filter(pk=release_id).values_list("report__shared_numbers", flat=True)
    return frozenset(shared.first() or ())
