"""When little is found: what each single change would bring, with exact counts.

What ``withdrawal_safety.py`` protects is never relaxed. Each count is that of the real search
behind its link, because it is that search.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan, nan

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ..geo import miles_from_dot
from ..models import Facility
from ..rules.predicates import EVERY_FACILITY, NoneOf, Predicate
from ..taxonomy import service_set
from .area import WHOLE_STATE
from .candidates import all_candidates
from .compile import predicate_as_bits, sort_slots
from .filter_groups import (
    GROUPS,
    MEDICATION,
    OPIOID_DETOX,
    SETTING,
    STARTS,
    SUBSTANCE,
    SUPPORT,
    TELEHEALTH,
)
from .filter_types import FilterGroup
from .links import query_string_with
from .query import SearchQuery
from .run import MatchedFacilities, match_facilities
from .sort_keys import DistanceKey
from .withdrawal_safety import MEDICATION_FIRST, asks_for_medication, options_kept_for_safety

FEW_RESULTS = 5  # with fewer, a search suggests changes and what to do if no place helps
NEAR_MILES = 300  # nothing farther is called near
FOR_VETERANS = service_set("veterans-affairs defense-department")
NOT_FOR_VETERANS = NoneOf(FOR_VETERANS)
SUGGESTION_RULES = (
    gettext_lazy(
        "Substance, age, sex, pregnancy, hospital care, “keep my medication” and, with alcohol or"
        " benzodiazepines, the kind of detox are never taken off."
    ),
    gettext_lazy("Each count is that of the very search behind the link."),
    gettext_lazy(
        "Therapy by phone or video is offered for outpatient care in the same state only, never"
        " for detox, residential care or methadone."
    ),
)


@dataclass(frozen=True)
class SuggestedSearch:
    """One change: what it says, how many facilities it finds, and the query string that does it."""

    label: str
    count: int
    query_string: str


@dataclass(frozen=True)
class NearestMatch:
    """The nearest facility in the country that meets every filter."""

    facility: Facility
    miles: float

    @property
    def is_near(self) -> bool:
        return self.miles <= NEAR_MILES

    @property
    def is_mainly_for_veterans(self) -> bool:
        return bool(self.facility.offered & FOR_VETERANS)


def suggest_changes(query: SearchQuery, matched: MatchedFacilities) -> Iterator[SuggestedSearch]:
    """Yield every single change that finds more than the query itself did."""
    for label, changed in _changed_queries(query):
        count = _count(query, matched, changed)
        if count > matched.total:
            yield SuggestedSearch(label, count, query_string_with(changed))


def _count(query: SearchQuery, matched: MatchedFacilities, changed: SearchQuery) -> int:
    """Count what a changed query finds; among the candidates at hand if the area is the same."""
    candidates = matched.candidates if changed.area == query.area else None
    return match_facilities(changed, candidates).total


def suggest_wider_area(query: SearchQuery) -> SuggestedSearch | None:
    """Suggest the least wider area in which something is found: more miles, the state, the country.

    None where nothing is found anywhere.
    """
    for label, changed in _wider_queries(query):
        if count := match_facilities(changed).total:
            return SuggestedSearch(label, count, query_string_with(changed))
    return None


def _wider_queries(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    area = query.area
    for wider in query.with_wider_radii():
        yield _("Look within %(miles)s miles") % {"miles": wider.area.miles}, wider
    if area.miles is not None or area.county_fips:
        yield _("Look in the whole state"), query.with_radius(WHOLE_STATE)
    if not area.is_everywhere:
        yield _("Look in the whole country"), query.in_whole_country()


def suggest_medication(query: SearchQuery, matched: MatchedFacilities) -> SuggestedSearch | None:
    """Suggest starting medication, which needs no detox first, in a search that concerns opioids.

    Settings of detox go with it, unless detox from something else is searched too; medicines of
    withdrawal and naltrexone do.
    """
    if not query.is_about_opioids or asks_for_medication(query):
        return None
    substances = tuple(slug for slug in query.chosen[SUBSTANCE.name] if slug != OPIOID_DETOX.slug)
    settings = tuple(
        slug
        for slug in query.chosen[SETTING.name]
        if substances or not SETTING.options[slug].is_detox
    )
    changed = query.with_options(
        **{
            SUBSTANCE.name: substances,
            SETTING.name: settings,
            MEDICATION.name: (),
            STARTS.name: MEDICATION_FIRST,
        }
    )
    label = (
        _("Start medication for opioid use: it needs no opioid detox first")
        if substances
        else _("Start medication instead: no detox is needed first")
    )
    return suggest_search(label, query, matched, changed)


def suggest_search(
    label: str, query: SearchQuery, matched: MatchedFacilities, changed: SearchQuery
) -> SuggestedSearch | None:
    """Suggest ``changed`` in the area of ``query``, or in the least wider one that has anything."""
    if count := _count(query, matched, changed):
        return SuggestedSearch(label, count, query_string_with(changed))
    wider = suggest_wider_area(changed)
    return wider and replace(wider, label=f"{label}. {wider.label}")


def find_nearest_of_each(query: SearchQuery) -> Iterator[NearestMatch]:
    """Yield the nearest facility and, if that one is mainly for veterans, the nearest other."""
    nearest = find_nearest(query)
    if nearest is None:
        return
    yield nearest
    if nearest.is_mainly_for_veterans and (other := find_nearest(query, NOT_FOR_VETERANS)):
        yield other


def find_nearest(query: SearchQuery, predicate: Predicate = EVERY_FACILITY) -> NearestMatch | None:
    """Return the nearest facility that meets every filter, however far; None without a point.

    One for which ``predicate`` is false is passed over.
    """
    point = query.area.point
    if point is None:
        return None
    matched = match_facilities(query, all_candidates())
    candidates = matched.candidates
    selected = matched.selected & predicate_as_bits(predicate, candidates)
    near = candidates.around_nearest(selected, point)
    slots = sort_slots(candidates, near, (DistanceKey(point),), 1)
    (cosine,) = candidates.cosines(point, slots) if len(slots) else (nan,)
    if isnan(cosine):
        return None
    (key,) = candidates.ids(slots).tolist()
    facility = candidates.records.find([key]).get(key)
    return NearestMatch(facility, float(miles_from_dot(cosine))) if facility else None


def _changed_queries(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    yield from _wider(query)
    for group in GROUPS:
        if group.can_be_relaxed:
            yield from _relaxed(query, group)
    if query.keywords.words:
        label = _("Without the words “%(text)s”") % {"text": query.keywords.text}
        yield label, query.without_keywords()
    yield from _by_telehealth(query)


def _wider(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    if wider := next(query.with_wider_radii(), None):
        yield _("Within %(miles)s miles") % {"miles": wider.area.miles}, wider
    if query.area.miles is not None or query.area.county_fips:
        yield _("Anywhere in the state"), query.with_radius(WHOLE_STATE)
    if query.keywords.words and not query.area.is_everywhere:  # somebody looks for a known place
        yield _("In the whole country"), query.in_whole_country()


def _relaxed(query: SearchQuery, group: FilterGroup) -> Iterator[tuple[str, SearchQuery]]:
    """Yield the query without one option where all must hold, without any where any may."""
    chosen = query.chosen[group.name]
    protected = options_kept_for_safety(query)[group.name]
    relaxable = tuple(slug for slug in chosen if slug not in protected)
    if not relaxable:
        return
    if not group.takes_all:
        if not protected:  # with one left, the search would find less, not more
            yield _relaxed_label(group, chosen), query.with_options(**{group.name: ()})
        return
    for slug in relaxable:
        rest = tuple(other for other in chosen if other != slug)
        yield _relaxed_label(group, (slug,)), query.with_options(**{group.name: rest})


def _relaxed_label(group: FilterGroup, slugs: tuple[str, ...]) -> str:
    labels = ", ".join(group.options[slug].label(get_language()) for slug in slugs)
    return group.relaxed_label % {"choice": labels}


def _by_telehealth(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    """Yield therapy by phone or video from anywhere in the state, if nobody need be there."""
    if query.area.miles is None or any(option.needs_presence for _group, option in query.options):
        return
    support = tuple(dict.fromkeys((*query.chosen[SUPPORT.name], TELEHEALTH.slug)))
    changed = query.with_radius(WHOLE_STATE).with_options(**{SUPPORT.name: support})
    yield _("Therapy by phone or video, anywhere in the state"), changed
