"""Why a phone number that we show may be wrong, or its place closed.

Somebody says it has changed and waits for a second check; two people reported it; the newest
check could not confirm it; or the newest file changed it to that of unrelated facilities.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from django.db.models import DateTimeField, QuerySet, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..facts.stored_values import LISTED, WITHDRAWN
from ..models import Facility, Proposal, Release, Report, Verification
from ..models.keyed_query import KeyedQuery

Outcome = Verification.Outcome
PROPOSAL, REPORT, CLOSING = "proposal", "report", "closing"
OUTCOMES = frozenset(Outcome.values)
REPORT_THRESHOLD = 2  # independent reports; a proposal weighs as much by itself


def phone_warning(facility: Facility) -> str:
    """Return a sentence to show beside the number; "" while nobody doubts it."""
    return phone_warnings([facility]).get(facility.pk, "")


def phone_warnings(facilities: Iterable[Facility]) -> Mapping[int, str]:
    """Return key -> sentence for facilities whose number is in doubt, in one query or two."""
    shown = {facility.pk: facility for facility in facilities}
    doubted, closings = _doubted(shown)
    sentence = _("This number may be wrong. It is being checked.")
    closing = _("We heard on %(day)s that this place may have closed. It is being checked.")
    return {key: sentence for key in shown if key in doubted and shown[key].phone} | {
        key: closing % {"day": date_format(day)}
        for key, day in closings.items()
        if shown[key].status == LISTED
    }


def _doubted(shown: Mapping[int, Facility]) -> tuple[set[int], dict[int, date]]:
    """Return those whose number is doubted, and the day on which somebody heard of a closing."""
    weights: Counter[int] = Counter()
    checks = defaultdict(list)
    closings: dict[int, date] = {}
    for key, kind, moment in STATEMENTS.rows([*shown]):
        if kind in OUTCOMES:
            checks[key].append((moment, kind))
        elif kind == CLOSING:
            closings[key] = date.fromisoformat(str(moment)[:10])
        else:
            weights[key] += REPORT_THRESHOLD if kind == PROPOSAL else 1
    contested = {key for key, weight in weights.items() if weight >= REPORT_THRESHOLD}
    missed = {key for key in checks if _is_last_one_missed(checks[key])}
    settled = {
        key for key in checks if any(kind != Outcome.NOT_CONFIRMED for _moment, kind in checks[key])
    }
    changed = {key for key in shown if key not in settled and is_shared_phone(shown[key])}
    return contested | missed | changed, closings


def _statements(keys: list[int]) -> QuerySet:
    """Return (facility, outcome of a check or kind of statement, when checked), in one query."""
    of_these = {"facility_id__in": keys}
    checks = Verification.objects.standing().filter(fact="phone", **of_these)
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING, **of_these)
    proposals = waiting.filter(fact="phone")
    closings = waiting.filter(fact="status", value=WITHDRAWN)
    reports = Report.objects.filter(
        topic=Report.Topic.PHONE,
        state__in=(Report.State.OPEN, Report.State.IN_PROGRESS),
        **of_these,
    )
    return checks.values_list("facility_id", "outcome", "checked_at").union(
        proposals.values_list(
            "facility_id", Value(PROPOSAL), Value(None, output_field=DateTimeField())
        ),
        reports.values_list(
            "facility_id", Value(REPORT), Value(None, output_field=DateTimeField())
        ),
        closings.values_list("facility_id", Value(CLOSING), "made_at"),
        all=True,
    )


# A moment is a datetime on PostgreSQL and a text on SQLite; both can be put in order.
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
