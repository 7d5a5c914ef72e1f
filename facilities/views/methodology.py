"""How the site decides: every rule, from the same data that applies it, with counts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..choosing import RULES as CHOOSING
from ..compile import as_mask
from ..continuity import RULES as CONTINUITY
from ..criteria import CRITERIA, Criterion, Evidence
from ..doubts import DOUBTS
from ..fit import KEYS
from ..order import SORTS
from ..relax import RULES as RELAXING
from ..rows import Rows
from ..search import everywhere
from ..vocabulary import ServiceSet


@dataclass(frozen=True)
class Counted:
    """A rule or a piece of evidence and how many listed facilities it holds for."""

    rule: Evidence
    count: str


@dataclass(frozen=True)
class CountedCriterion:
    """A criterion with the counts of those that show it and of each piece."""

    criterion: Criterion
    shown: str
    partly: str
    evidence: list[Counted]
    signals: list[Counted]


@require_safe
def methodology(request):
    rows = everywhere()
    return render(
        request,
        "facilities/methodology.html",
        {
            "total": f"{len(rows):,}",
            "criteria": [*counted(rows)],
            "continuity": [(each, _count(rows, each.reads)) for each in CONTINUITY],
            "doubts": DOUBTS,
            "keys": KEYS,
            "sorts": SORTS.values(),
            "relaxing": RELAXING,
            "choosing": CHOOSING,
        },
    )


def counted(rows: Rows) -> Iterator[CountedCriterion]:
    for criterion in CRITERIA:
        held = [as_mask(piece.predicate, rows) for piece in criterion.evidence]
        shown = int(np.count_nonzero(np.logical_and.reduce(held)))
        some = int(np.count_nonzero(np.logical_or.reduce(held)))
        yield CountedCriterion(
            criterion,
            shown=f"{shown:,}",
            partly=f"{some - shown:,}",
            evidence=[Counted(each, _count(rows, each.services)) for each in criterion.evidence],
            signals=[Counted(each, _count(rows, each.services)) for each in criterion.signals],
        )


def _count(rows: Rows, services: ServiceSet) -> str:
    return f"{np.count_nonzero(rows.offering_any(services)):,}"
