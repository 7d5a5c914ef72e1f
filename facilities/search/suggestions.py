"""When little is found: what each single change would bring, with exact counts.

Substance, age, sex and pregnancy are never relaxed. Each count is that of the real search behind
its link, because it is that search.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ..geo import miles_from_dot, unit_vector
from ..models import Facility
from . import GROUPS
from .area import WHOLE_STATE
from .filter_types import FilterGroup
from .filterset import RADIUS_CHOICES, SearchQuery
from .links import build_query
from .run import MatchedFacilities, all_candidates, match

FEW_RESULTS = 5  # results; fewer than that and changes are offered
NEVER_GROUPS = frozenset(["substance"])
NEVER_OPTIONS = frozenset(
    ["women", "men", "children", "young-adults", "adults", "seniors", "pregnant-program"]
)
DETOX_SETTINGS = frozenset(["overnight-detox", "outpatient-detox"])
OUTPATIENT = frozenset(["intensive-outpatient", "regular-outpatient", "day-treatment"])
SUGGESTION_RULES = (
    gettext_lazy("Substance, age, sex and pregnancy are never taken off."),
    gettext_lazy("Each count is that of the very search behind the link."),
    gettext_lazy(
        "Therapy by phone or video is offered for outpatient care in the same state only, never"
        " for detox, residential care or methadone."
    ),
    gettext_lazy(
        "Every search for opioid detox also offers starting medication: methadone and"
        " buprenorphine need no detox first."
    ),
)
MEDICATION_FIRST = ("start-buprenorphine", "start-methadone")


@dataclass(frozen=True)
class SuggestedSearch:
    """One change: its words, how many would be found, and the query string that does it."""

    label: str
    count: int
    query_string: str


@dataclass(frozen=True)
class NearestMatch:
    """The nearest facility in the country that fits everything."""

    facility: Facility
    miles: float


def suggest_changes(query: SearchQuery, matched: MatchedFacilities) -> Iterator[SuggestedSearch]:
    """Every single change that finds more than the query itself did."""
    for words, changed in _alterations(query):
        count = _count(query, matched, changed)
        if count > len(matched.order):
            yield SuggestedSearch(words, count, build_query(changed))


def _count(query: SearchQuery, matched: MatchedFacilities, changed: SearchQuery) -> int:
    """How many the changed query finds; among the rows at hand where the place is the same."""
    rows = matched.candidates if changed.area == query.area else None
    return len(match(changed, rows).order)


def suggest_medication(query: SearchQuery, matched: MatchedFacilities) -> SuggestedSearch | None:
    """For a search of opioid detox: starting medication, which needs no detox first."""
    if "opioid-detox" not in query.chosen["substance"]:
        return None
    substances = tuple(s for s in query.chosen["substance"] if s != "opioid-detox")
    settings = tuple(s for s in query.chosen["setting"] if substances or s not in DETOX_SETTINGS)
    changed = query.with_options(substance=substances, setting=settings, starts=MEDICATION_FIRST)
    return SuggestedSearch(
        _("Start medication for opioid use: it needs no opioid detox first")
        if substances
        else _("Start medication instead: no detox is needed first"),
        _count(query, matched, changed),
        build_query(changed),
    )


def find_nearest(query: SearchQuery) -> NearestMatch | None:
    """The nearest that meets every filter, wherever it lies; None without a point."""
    point = query.area.point
    if point is None:
        return None
    matched = match(query, all_candidates())
    if not len(matched.order):
        return None
    cosines = matched.candidates.cosines(unit_vector(point))[matched.order]
    best = int(np.nanargmax(cosines))
    facility = Facility.objects.for_cards().get(pk=int(matched.ids[best]))
    return NearestMatch(facility, float(miles_from_dot(cosines[best])))


def _alterations(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    yield from _wider(query)
    for group in GROUPS:
        if group.name not in NEVER_GROUPS:
            yield from _without(query, group)
    if query.keywords.words:
        words = _("Without the words “%(text)s”") % {"text": query.keywords.text}
        yield words, query.without_keywords()
    yield from _by_telehealth(query)


def _wider(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    if query.area.miles is not None:
        more = next((miles for miles in RADIUS_CHOICES if miles > query.area.miles), None)
        if more:
            words = _("Within %(miles)s miles") % {"miles": more}
            yield words, query.with_radius(str(more))
    if query.area.miles is not None or query.area.county_fips:
        yield _("Anywhere in the state"), query.with_radius(WHOLE_STATE)


def _without(query: SearchQuery, group: FilterGroup) -> Iterator[tuple[str, SearchQuery]]:
    """Taking off one thing: an option where all must hold, the whole choice where any may."""
    chosen = query.chosen[group.name]
    if not chosen or NEVER_OPTIONS.intersection(chosen) == set(chosen):
        return
    if not group.takes_all:
        yield _words(group, chosen), query.with_options(**{group.name: ()})
        return
    for slug in chosen:
        if slug not in NEVER_OPTIONS:
            rest = tuple(other for other in chosen if other != slug)
            yield _words(group, (slug,)), query.with_options(**{group.name: rest})


def _words(group: FilterGroup, slugs: tuple[str, ...]) -> str:
    labels = ", ".join(group.options[slug].label(get_language()) for slug in slugs)
    if group.name == "payment":
        return _("%(payment)s not listed: ask how you could pay") % {"payment": labels}
    return _("Without “%(choice)s”") % {"choice": labels}


def _by_telehealth(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    """Therapy by phone or video from anywhere in the state, for outpatient care alone."""
    chosen = query.chosen
    is_outpatient = set(chosen["setting"]) <= OUTPATIENT
    needs_presence = chosen["substance"] or "methadone" in chosen["medication"]
    needs_presence = needs_presence or {"start-methadone"} & set(chosen["starts"])
    needs_presence = needs_presence or {"keep-methadone"} & set(chosen["keeps"])
    if query.area.miles is None or not is_outpatient or needs_presence:
        return
    support = tuple(dict.fromkeys((*chosen["support"], "telehealth")))
    changed = query.with_radius(WHOLE_STATE).with_options(support=support)
    yield _("Therapy by phone or video, anywhere in the state"), changed
