"""One search: narrow in SQL, weigh in arrays, page. The order of results is decided here alone."""

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from .filters import GROUPS
from .filters.filterset import Question
from .geo import miles_from_dot, unit_vector
from .models import DataVersion, Facility
from .rows import Mask, Rows

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

    ``order`` (total,) are positions of the kept rows in the order of results, ``miles`` (total,)
    their distances, NaN without a point to count from.
    """

    rows: Rows
    asked: Mask
    masks: dict[str, Mask]
    kept: Mask
    order: NDArray[np.intp]
    miles: NDArray[np.float64]

    @property
    def ids(self) -> NDArray[np.int64]:
        """Keys of all results in order, (total,)."""
        return self.rows.ids[self.order]


def search(question: Question) -> Results:
    """Answer a question: two statements, one narrow and one for the facilities of the page."""
    weighed = weigh(question)
    page = slice((question.page - 1) * PAGE_SIZE, question.page * PAGE_SIZE)
    everywhere = question.where.is_everywhere
    return Results(
        question=question,
        total=len(weighed.order),
        page=_page(weighed.ids[page], weighed.miles[page]),
        counts=_counts(question, weighed),
        by_state=_by_state(weighed.rows, weighed.kept) if everywhere else {},
    )


def weigh(question: Question) -> Weighed:
    """Which facilities answer the question, in order."""
    rows = narrow(question)
    asked = question.text.keep(rows)
    masks = {group.name: group.keep(rows, question.chosen[group.name]) for group in GROUPS}
    kept = reduce(and_, masks.values(), asked)
    order, miles = _ordered(question, rows, kept)
    return Weighed(rows, asked, masks, kept, order, miles)


def narrow(question: Question) -> Rows:
    """The listed facilities where the question looks: the single seam to the database."""
    with_names = bool(question.text.words) or question.sort == "name"
    if question.where.is_everywhere:
        return _nationwide(DataVersion.current(), with_names=with_names)
    return question.where.narrowed(Facility.objects.listed()).narrow(with_names=with_names)


@lru_cache(maxsize=2)
def _nationwide(version: int, *, with_names: bool) -> Rows:
    """Every listed facility, kept until the data changes (``version`` is only its key)."""
    return Facility.objects.listed().narrow(with_names=with_names)


def _ordered(
    question: Question, rows: Rows, kept: Mask
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Positions of the kept rows in order of the question's sort, and their miles (or NaN).

    Ties end in the id, which is the first bits of the uuid.
    """
    positions = np.flatnonzero(kept)
    point = question.where.point
    cosines = (
        rows.cosines(unit_vector(point))[positions] if point else np.full(len(positions), np.nan)
    )
    if question.sort == "distance" and point:
        order = np.lexsort((rows.ids[positions], -cosines))
    else:
        keys, ids = rows.name_keys, rows.ids
        order = np.array(
            sorted(range(len(positions)), key=lambda at: (keys[positions[at]], ids[positions[at]])),
            np.intp,
        )
    return positions[order], miles_from_dot(cosines[order])


def _page(ids: NDArray[np.int64], miles: NDArray[np.float64]) -> tuple[Found, ...]:
    facilities = Facility.objects.for_cards().in_bulk([int(key) for key in ids])
    return tuple(
        Found(facilities[int(key)], None if np.isnan(distance) else float(distance))
        for key, distance in zip(ids, miles, strict=True)
        if int(key) in facilities
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
