"""Why a phone number that we show may be wrong, or its place closed.

Somebody says it has changed and waits for a second check; two people reported it; the newest
check could not confirm it; or the newest file changed it to that of unrelated facilities.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..facts.stored_values import LISTED, WITHDRAWN
from ..models import Call, Facility, Proposal, Release, Report, Verification
from ..models.keyed_query import KeyedQuery

Outcome = Verification.Outcome
PROPOSAL, REPORT, CLOSURE_PROPOSAL = "proposal", "report", "closing"
CLOSURE_REPORT, CALL = "closure report", "call: "
OUTCOMES = frozenset(Outcome.values)
REPORT_THRESHOLD = 2  # independent reports; a proposal weighs as much by itself


def listing_doubt(facility: Facility) -> str:
    """Return a sentence to show beside the number; "" while nobody doubts it."""
    return listing_doubts([facility]).get(facility.pk, "")


class Statement(NamedTuple):
    """What somebody found or said: the outcome of a check, of a CALL, or another kind.

    A moment is a datetime on PostgreSQL and a text on SQLite; both can be put in order.
    """

    facility: int
    kind: str
    moment: datetime | str | None


def read_statements(keys: Iterable[int]) -> list[Statement]:
    """Return what counts for or against phone numbers and listings, in one query."""
    return [Statement(*row) for row in STATEMENTS.rows([*keys])]


def listing_doubts(
    facilities: Iterable[Facility], statements: Iterable[Statement] | None = None
) -> Mapping[int, str]:
    """Return key -> sentence for facilities whose number is in doubt, in one query or two.

    ``statements``: of these facilities, from callers that have read them.
    """
    shown = {facility.pk: facility for facility in facilities}
    doubted, closings = _doubted(
        shown, read_statements(shown) if statements is None else statements
    )
    sentence = _("This number may be wrong. It is being checked.")
    closing = _("We heard on %(day)s that this place may have closed. It is being checked.")
    return {key: sentence for key in shown if key in doubted and shown[key].phone} | {
        key: closing % {"day": date_format(day)}
        for key, day in closings.items()
        if shown[key].status == LISTED
    }


def _doubted(
    shown: Mapping[int, Facility], statements: Iterable[Statement]
) -> tuple[set[int], dict[int, date]]:
    """Return those whose number is doubted, and the day on which somebody heard of a closing."""
    weights: Counter[int] = Counter()
    checks = defaultdict(list)
    closings: dict[int, date] = {}
    for key, kind, moment in statements:
        if kind in OUTCOMES:
            checks[key].append((moment, kind))
        elif kind == CLOSURE_PROPOSAL:
            closings[key] = date.fromisoformat(str(moment)[:10])
        elif kind in (PROPOSAL, REPORT):
            weights[key] += REPORT_THRESHOLD if kind == PROPOSAL else 1
    contested = {key for key, weight in weights.items() if weight >= REPORT_THRESHOLD}
    missed = {key for key in checks if _is_last_one_missed(checks[key])}
    settled = {
        key for key in checks if any(kind != Outcome.NOT_CONFIRMED for _moment, kind in checks[key])
    }
    changed = {key for key in shown if key not in settled and is_shared_phone(shown[key])}
    return contested | missed | changed, closings


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
    return checks.values_list("facility_id", "outcome", "checked_at").union(
        proposals.values_list(
            "facility_id", Value(PROPOSAL), Value(None, output_field=DateTimeField())
        ),
        reports.filter(topic=Report.Topic.PHONE).values_list(
            "facility_id", Value(REPORT), Value(None, output_field=DateTimeField())
        ),
        closings.values_list("facility_id", Value(CLOSURE_PROPOSAL), "made_at"),
        of_closure.values_list(
            "facility_id", Value(CLOSURE_REPORT), Cast("reported_on", DateTimeField())
        ),
        calls.values_list("facility_id", Concat(Value(CALL), "outcome"), "made_at"),
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
