"""The words of a locator, and which searches get one."""

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext, ngettext

from ..filters.filterset import Question
from ..geo import unit_vector
from ..maps.locator import Locator, Spot, around, of_one, within
from ..models import Facility
from ..search import PAGE_SIZE, Results, Weighed
from .search_words import where_words

IN_RAIL = (288, 248)
ON_PAGE = (416, 248)
MOST_NAMED = 5


def of_search(question: Question, weighed: Weighed, results: Results) -> dict:
    """What ``parts/locator.html`` shows of the page's results; nothing for the whole country."""
    where = question.where
    first = (question.page - 1) * PAGE_SIZE + 1
    spots = [
        Spot(number, found.facility.point, found.facility.is_approximate)
        for number, found in enumerate(results.page, first)
        if found.facility.point is not None
    ]
    if not spots or where.is_everywhere or where.point is None:
        return {}
    others = weighed.rows.vectors[:, weighed.order]
    others = others[:, ~np.isnan(others).any(axis=0)]
    if where.is_near:
        drawn = around(where.point, spots, others, *IN_RAIL)
    else:
        drawn = within(where.point, where.state, where.county_fips, spots, others, *IN_RAIL)
    place = where_words(question)["place"]
    title = gettext("Map: results %(first)s to %(last)s, %(place)s") % {
        "first": first, "last": first + len(results.page) - 1, "place": place,
    }  # fmt: skip
    return {"locator": drawn, "locator_words": words(drawn, title, place, len(results.page))}


def of_facility(found: Facility, others: Sequence[Facility], address: str) -> dict:
    """The surroundings of one facility; nothing where its position is unknown."""
    if found.point is None:
        return {}
    vectors = [unit_vector(other.point) for other in others if other.point]
    spot = Spot(0, found.point, found.is_approximate)
    drawn = of_one(spot, np.array(vectors).reshape(-1, 3).T, *ON_PAGE)
    title = gettext("Map: where %(name)s is") % {"name": found.name}
    return {"locator": drawn, "locator_words": words(drawn, title, found.name, 1)}


def words(drawn: Locator, title: str, place: str, asked: int) -> dict[str, str]:
    """Title, description and caption: what the picture says, for those who do not see it."""
    said = [*_said(drawn, place, asked)]
    towns = [town.label.words for town in drawn.towns[:MOST_NAMED]]
    if towns:
        said.append(gettext("Towns: %(names)s.") % {"names": ", ".join(towns)})
    return {"title": title, "description": " ".join(said)}


def _said(drawn: Locator, place: str, asked: int):
    if drawn.rings:
        miles = ", ".join(str(ring.miles) for ring in drawn.rings)
        yield gettext("Rings: %(miles)s miles from %(place)s.") % {"miles": miles, "place": place}
    if drawn.others:
        yield gettext("Small points: other results.")
    if about := sum(dot.is_approximate for dot in drawn.dots):
        yield ngettext(
            "%(count)s dot with a dashed edge is approximate.",
            "%(count)s dots with a dashed edge are approximate.",
            about,
        ) % {"count": about}
    if missing := asked - len(drawn.dots):
        yield ngettext(
            "%(count)s has no known position.", "%(count)s have no known position.", missing
        ) % {"count": missing}
