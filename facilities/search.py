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


def search(question: Question) -> Results:
    """Answer a question: two statements, one narrow and one for the facilities of the page."""
    rows = narrow(question)
    masks = {group.name: group.keep(rows, question.chosen[group.name]) for group in GROUPS}
    asked = question.text.keep(rows)
    everything = reduce(and_, masks.values(), asked)
    order, miles = _ordered(question, rows, everything)
    start = (question.page - 1) * PAGE_SIZE
    return Results(
        question=question,
        total=len(order),
        page=_page(rows.ids[order[start : start + PAGE_SIZE]], miles[start : start + PAGE_SIZE]),
        counts=_counts(question, rows, masks, asked, everything),
        by_state=_by_state(rows, everything) if question.where.is_everywhere else {},
    )


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


def _counts(
    question: Question, rows: Rows, masks: dict[str, Mask], asked: Mask, everything: Mask
) -> dict[str, dict[str, int]]:
    counts = {}
    kept = rows.take(everything)
    for group in GROUPS:
        chosen = question.chosen[group.name]
        if not chosen:
            counts[group.name] = group.counts(kept, chosen)
            continue
        others = [mask for name, mask in masks.items() if name != group.name]
        counts[group.name] = group.counts(rows.take(reduce(and_, others, asked)), chosen)
    return counts


def _by_state(rows: Rows, kept: Mask) -> dict[str, int]:
    states, totals = np.unique(np.array(rows.states)[kept], return_counts=True)
    return dict(zip(states.tolist(), totals.tolist(), strict=True))
