"""How the site decides: every rule, from the same data that applies it, with counts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..guidance.care_finder import RULES as CHOOSING
from ..guidance.care_finder import Kind
from ..rules.criteria import CRITERIA, Criterion, Evidence
from ..rules.inconsistencies import INCONSISTENCIES
from ..rules.medications import MEDICATION_RULES as CONTINUITY
from ..search.best_fit import KEY_DESCRIPTIONS
from ..search.candidates import all_candidates
from ..search.compile import as_mask
from ..search.facility_arrays import FacilityArrays
from ..search.sort_orders import SORT_LABELS
from ..search.suggestions import SUGGESTION_RULES as RELAXING
from ..search.withdrawal_safety import SAFETY_RULES
from ..taxonomy import ServiceSet


@dataclass(frozen=True)
class CountedEvidence:
    """A rule or a piece of evidence and how many listed facilities it holds for."""

    rule: Evidence
    count: str


@dataclass(frozen=True)
class CountedCriterion:
    """A criterion with the counts of those that show it and of each piece."""

    criterion: Criterion
    shown: str
    partly: str
    evidence: list[CountedEvidence]
    signals: list[CountedEvidence]


@require_safe
def methodology(request):
    rows = all_candidates()
    return render(
        request,
        "facilities/site/methodology.html",
        {
            "total": f"{len(rows):,}",
            "criteria": [*counted_criteria(rows)],
            "continuity": [(each, _count(rows, each.services)) for each in CONTINUITY],
            "doubts": INCONSISTENCIES,
            "keys": KEY_DESCRIPTIONS,
            "sorts": SORT_LABELS.values(),
            "safety": SAFETY_RULES,
            "relaxing": RELAXING,
            "choosing": [
                (kind.value, [rule for rule in CHOOSING if rule.kind is kind]) for kind in Kind
            ],
        },
    )


def counted_criteria(rows: FacilityArrays) -> Iterator[CountedCriterion]:
    for criterion in CRITERIA:
        held = [as_mask(piece.predicate, rows) for piece in criterion.evidence]
        shown = int(np.count_nonzero(np.logical_and.reduce(held)))
        some = int(np.count_nonzero(np.logical_or.reduce(held)))
        yield CountedCriterion(
            criterion,
            shown=f"{shown:,}",
            partly=f"{some - shown:,}",
            evidence=[
                CountedEvidence(each, _count(rows, each.services)) for each in criterion.evidence
            ],
            signals=[
                CountedEvidence(each, _count(rows, each.services)) for each in criterion.hints
            ],
        )


def _count(rows: FacilityArrays, services: ServiceSet) -> str:
    return f"{np.count_nonzero(rows.offering_any(services)):,}"
