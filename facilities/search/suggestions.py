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
from .filter_types import Group
from .filterset import MILES, Question
from .links import query
from .run import Weighed, everywhere, weigh

FEW = 5  # results; fewer than that and changes are offered
NEVER_GROUPS = frozenset(["substance"])
NEVER_OPTIONS = frozenset(
    ["women", "men", "children", "young-adults", "adults", "seniors", "pregnant-program"]
)
DETOX_SETTINGS = frozenset(["overnight-detox", "outpatient-detox"])
OUTPATIENT = frozenset(["intensive-outpatient", "regular-outpatient", "day-treatment"])
RULES = (
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
class Change:
    """One change: its words, how many would be found, and the query string that does it."""

    words: str
    count: int
    query: str


@dataclass(frozen=True)
class Nearest:
    """The nearest facility in the country that fits everything."""

    facility: Facility
    miles: float


def changes(question: Question, weighed: Weighed) -> Iterator[Change]:
    """Every single change that finds more than the question itself did."""
    for words, altered in _alterations(question):
        count = _count(question, weighed, altered)
        if count > len(weighed.order):
            yield Change(words, count, query(altered))


def _count(question: Question, weighed: Weighed, altered: Question) -> int:
    """How many the altered question finds; among the rows at hand where the place is the same."""
    rows = weighed.rows if altered.where == question.where else None
    return len(weigh(altered, rows).order)


def medication_instead(question: Question, weighed: Weighed) -> Change | None:
    """For a search of opioid detox: starting medication, which needs no detox first."""
    if "opioid-detox" not in question.chosen["substance"]:
        return None
    substances = tuple(s for s in question.chosen["substance"] if s != "opioid-detox")
    settings = tuple(s for s in question.chosen["setting"] if substances or s not in DETOX_SETTINGS)
    altered = question.choosing(substance=substances, setting=settings, starts=MEDICATION_FIRST)
    return Change(
        _("Start medication for opioid use: it needs no opioid detox first")
        if substances
        else _("Start medication instead: no detox is needed first"),
        _count(question, weighed, altered),
        query(altered),
    )


def nearest(question: Question) -> Nearest | None:
    """The nearest that meets every filter, wherever it lies; None without a point."""
    point = question.where.point
    if point is None:
        return None
    weighed = weigh(question, everywhere())
    if not len(weighed.order):
        return None
    cosines = weighed.rows.cosines(unit_vector(point))[weighed.order]
    best = int(np.nanargmax(cosines))
    facility = Facility.objects.for_cards().get(pk=int(weighed.ids[best]))
    return Nearest(facility, float(miles_from_dot(cosines[best])))


def _alterations(question: Question) -> Iterator[tuple[str, Question]]:
    yield from _wider(question)
    for group in GROUPS:
        if group.name not in NEVER_GROUPS:
            yield from _without(question, group)
    if question.text.words:
        words = _("Without the words “%(text)s”") % {"text": question.text.text}
        yield words, question.without_text()
    yield from _by_telehealth(question)


def _wider(question: Question) -> Iterator[tuple[str, Question]]:
    if question.where.miles is not None:
        more = next((miles for miles in MILES if miles > question.where.miles), None)
        if more:
            words = _("Within %(miles)s miles") % {"miles": more}
            yield words, question.within(str(more))
    if question.where.miles is not None or question.where.county_fips:
        yield _("Anywhere in the state"), question.within(WHOLE_STATE)


def _without(question: Question, group: Group) -> Iterator[tuple[str, Question]]:
    """Taking off one thing: an option where all must hold, the whole choice where any may."""
    chosen = question.chosen[group.name]
    if not chosen or NEVER_OPTIONS.intersection(chosen) == set(chosen):
        return
    if not group.takes_all:
        yield _words(group, chosen), question.choosing(**{group.name: ()})
        return
    for slug in chosen:
        if slug not in NEVER_OPTIONS:
            rest = tuple(other for other in chosen if other != slug)
            yield _words(group, (slug,)), question.choosing(**{group.name: rest})


def _words(group: Group, slugs: tuple[str, ...]) -> str:
    labels = ", ".join(group.options[slug].label(get_language()) for slug in slugs)
    if group.name == "payment":
        return _("%(payment)s not listed: ask how you could pay") % {"payment": labels}
    return _("Without “%(choice)s”") % {"choice": labels}


def _by_telehealth(question: Question) -> Iterator[tuple[str, Question]]:
    """Therapy by phone or video from anywhere in the state, for outpatient care alone."""
    chosen = question.chosen
    is_outpatient = set(chosen["setting"]) <= OUTPATIENT
    needs_presence = chosen["substance"] or "methadone" in chosen["medication"]
    needs_presence = needs_presence or {"start-methadone"} & set(chosen["starts"])
    needs_presence = needs_presence or {"keep-methadone"} & set(chosen["keeps"])
    if question.where.miles is None or not is_outpatient or needs_presence:
        return
    support = tuple(dict.fromkeys((*chosen["support"], "telehealth")))
    altered = question.within(WHOLE_STATE).choosing(support=support)
    yield _("Therapy by phone or video, anywhere in the state"), altered
