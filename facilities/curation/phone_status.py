"""Why a phone number that we show may be wrong.

Somebody says it has changed and waits for a second check; two people reported it; the newest
check could not confirm it; or the newest file changed it to that of unrelated facilities.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Value
from django.utils.translation import gettext as _

from ..models import Facility, Proposal, Release, Report, Verification

Outcome = Verification.Outcome
REPORT_THRESHOLD = 2  # independent reports; a proposal weighs as much by itself


def phone_warning(facility: Facility) -> str:
    """A sentence to stand beside the number; "" while nobody doubts it."""
    return phone_warnings([facility]).get(facility.pk, "")


def phone_warnings(facilities: Iterable[Facility]) -> Mapping[int, str]:
    """Key -> sentence, for those of the facilities whose number is in doubt. One query, or two."""
    shown = {facility.pk: facility for facility in facilities}
    doubted = _disputed(shown) | _never_checked(key for key in shown if _is_shared(shown[key]))
    sentence = _("This number may be wrong. It is being checked.")
    return {key: sentence for key, facility in shown.items() if key in doubted and facility.phone}


def _disputed(keys: Iterable[int]) -> set[int]:
    """Facilities with a proposal, enough open reports, or a last check that confirmed nothing."""
    of_these = {"facility_id__in": list(keys)}
    proposals = Proposal.objects.filter(fact="phone", state=Proposal.State.WAITING, **of_these)
    reports = Report.objects.filter(
        topic=Report.Topic.PHONE,
        state__in=(Report.State.OPEN, Report.State.IN_PROGRESS),
        **of_these,
    )
    checks = Verification.objects.standing().filter(fact="phone")
    newer = checks.filter(facility=OuterRef("facility"), checked_at__gt=OuterRef("checked_at"))
    missed = checks.filter(~Exists(newer), outcome=Outcome.NOT_CONFIRMED, **of_these)
    weighed = proposals.values_list("facility_id", Value(REPORT_THRESHOLD)).union(
        missed.values_list("facility_id", Value(REPORT_THRESHOLD)),
        reports.values_list("facility_id", Value(1)),
        all=True,
    )
    weights: Counter[int] = Counter()
    for facility, weight in weighed:
        weights[facility] += weight
    return {facility for facility, weight in weights.items() if weight >= REPORT_THRESHOLD}


def _is_shared(facility: Facility) -> bool:
    release = facility.source_release
    return release is not None and facility.code in _shared_since(release.pk, release.loaded_at)


@lru_cache(maxsize=8)
def _shared_since(release_id: int, loaded_at: datetime) -> frozenset[str]:
    """Codes of the facilities whose number a load changed to that of unrelated ones."""
    shared = Release.objects.filter(pk=release_id).values_list("report__shared_numbers", flat=True)
    return frozenset(shared.first() or ())


def _never_checked(keys: Iterable[int]) -> set[int]:
    """Those whose number nobody here confirmed or corrected."""
    keys = set(keys)
    if not keys:
        return keys
    checks = Verification.objects.standing().filter(facility_id__in=keys, fact="phone")
    settled = checks.exclude(outcome=Outcome.NOT_CONFIRMED)
    return keys - set(settled.values_list("facility_id", flat=True))
