"""Two records side by side: every fact that either has, and what belongs to each of them."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ...curation.dossier import Dossier, read_dossier
from ...curation.duplicates.detect import features_of, share_only_phone
from ...curation.duplicates.scoring import pair_score, pair_score_terms
from ...facts.registry import FACTS, display_value, fact_label
from ...models import DistinctPair, Facility
from ...rules.freshness import SERVICE_PREFIX

TERM_LABELS = {
    "name": _("name alike"),
    "street": _("same building"),
    "phone": _("same phone"),
    "unit": _("same suite"),
    "succession": _("one is not listed any more"),
    "other kind": _("another kind of program"),
    "other unit": _("another suite"),
    "other program": _("another program"),
    "elsewhere": _("another address"),
}
REASSIGNED_LABELS = {
    _("rows of files"): "source_rows",
    _("checks"): "verifications",
    _("credentials"): "credentials",
    _("reports"): "reports",
    _("proposals"): "proposals",
}


def duplicate_comparison(first: Facility, second: Facility) -> dict[str, Any]:
    today = timezone.localdate()
    one, other = read_dossier(first, today=today), read_dossier(second, today=today)
    is_alone = share_only_phone(first, second)
    points = pair_score_terms(features_of(first), features_of(second), share_phone_alone=is_alone)
    low, high = sorted((first.pk, second.pk))
    return {
        "first": first,
        "second": second,
        "score": pair_score(points),
        "terms": [(TERM_LABELS[term], value) for term, value in points.items()],
        "facts": [*_facts(one, other)],
        "services": [*_services(one, other)],
        "belongings": [*_belongings(first, second)],
        "is_apart": DistinctPair.objects.filter(first=low, second=high).exists(),
        "is_merged": bool(first.merged_into_id or second.merged_into_id),
    }


def _facts(one: Dossier, other: Dossier) -> Iterator[tuple[str, str, str, bool]]:
    """Yield (fact, of the one, of the other, whether they differ), without what neither has."""
    for fact in FACTS:
        ours, theirs = one.shown_value(fact), other.shown_value(fact)
        if ours or theirs:
            words = fact_label(fact, get_language())
            yield words, display_value(fact, ours), display_value(fact, theirs), ours != theirs


def _services(one: Dossier, other: Dossier) -> Iterator[tuple[str, str, str]]:
    """Yield services that the two answer differently; of those that both have, nothing is lost."""
    known = {*one.facility.offered.slugs(), *one.facility.denied_services}
    known |= {*other.facility.offered.slugs(), *other.facility.denied_services}
    for slug in sorted(known):
        fact = f"{SERVICE_PREFIX}{slug}"
        ours, theirs = one.shown_value(fact), other.shown_value(fact)
        if ours != theirs:
            yield (
                fact_label(fact, get_language()),
                display_value(fact, ours),
                display_value(fact, theirs),
            )


def _belongings(first: Facility, second: Facility) -> Iterator[tuple[Any, int, int]]:
    for words, relation in REASSIGNED_LABELS.items():
        yield words, getattr(first, relation).count(), getattr(second, relation).count()
