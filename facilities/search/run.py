"""One search: narrow in SQL, weigh in arrays, page."""

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from ..geo import Point, miles_between
from ..models import DataVersion, Facility
from . import GROUPS
from .candidates import load_candidates
from .facility_arrays import Mask, Rows
from .filterset import Question

PAGE_SIZE = 20


@dataclass(frozen=True)
class Found:
    """One facility of the page: the record and its miles from the searched point, if any."""

    facility: Facility
    miles: float | None


@dataclass(frozen=True)
class Results:
    """The answer to a question.

    ``counts``: group name -> option slug -> facilities found with that option added.
    ``by_state``: state -> facilities found there; only for a search of the whole country.
    """

    question: Question
    total: int
    page: tuple[Found, ...]
    counts: dict[str, dict[str, int]]
    by_state: dict[str, int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, eq=False)
class Weighed:
    """The narrow rows with what each group keeps of them, before anything is fetched to show.

    ``order`` (total,) are positions of the kept rows in the order of results.
    """

    rows: Rows
    asked: Mask
    masks: dict[str, Mask]
    kept: Mask
    order: NDArray[np.intp]

    @property
    def ids(self) -> NDArray[np.int64]:
        """Keys of all results in order, (total,)."""
        return self.rows.ids[self.order]


def search(question: Question, weighed: Weighed | None = None) -> Results:
    """Answer a question: two statements, one narrow and one for the facilities of the page."""
    weighed = weigh(question) if weighed is None else weighed
    page = slice((question.page - 1) * PAGE_SIZE, question.page * PAGE_SIZE)
    everywhere = question.where.is_everywhere
    return Results(
        question=question,
        total=len(weighed.order),
        page=_page(weighed.ids[page], question.where.point),
        counts=_counts(question, weighed),
        by_state=_by_state(weighed.rows, weighed.kept) if everywhere else {},
    )


def weigh(question: Question, rows: Rows | None = None) -> Weighed:
    """Which facilities answer the question, in order; among ``rows`` if given."""
    rows = narrow(question) if rows is None else rows
    asked = question.text.keep(rows)
    masks = {group.name: group.keep(rows, question.chosen[group.name]) for group in GROUPS}
    kept = reduce(and_, masks.values(), asked)
    return Weighed(rows, asked, masks, kept, question.order.positions(rows, kept))


def narrow(question: Question) -> Rows:
    """The listed facilities where the question looks: the single seam to the database."""
    if question.where.is_everywhere:
        return everywhere()
    with_names = bool(question.text.words) or question.order.needs_names
    facilities = question.where.narrowed(Facility.objects.listed())
    return load_candidates(facilities, with_names=with_names)


def everywhere() -> Rows:
    """Every listed facility of the country."""
    return _nationwide(DataVersion.current())


@lru_cache(maxsize=1)
def _nationwide(version: int) -> Rows:
    """Every listed facility, kept until the data changes (``version`` is only its key)."""
    return load_candidates(Facility.objects.listed(), with_names=True)


def _page(ids: NDArray[np.int64], point: Point | None) -> tuple[Found, ...]:
    facilities = Facility.objects.for_cards().in_bulk(ids.tolist())
    found = (facilities[key] for key in ids.tolist() if key in facilities)
    return tuple(
        Found(each, miles_between(point, each.point) if point and each.point else None)
        for each in found
    )


def _counts(question: Question, weighed: Weighed) -> dict[str, dict[str, int]]:
    """Per group and option: how many would be found with that option added."""
    kept, counts = weighed.rows.take(weighed.kept), {}
    for group in GROUPS:
        chosen, rows = question.chosen[group.name], kept
        if chosen:
            others = [mask for name, mask in weighed.masks.items() if name != group.name]
            rows = weighed.rows.take(reduce(and_, others, weighed.asked))
        counts[group.name] = group.counts(rows, chosen)
    return counts


def _by_state(rows: Rows, kept: Mask) -> dict[str, int]:
    states, totals = np.unique(np.array(rows.states)[kept], return_counts=True)
    return dict(zip(states.tolist(), totals.tolist(), strict=True))
