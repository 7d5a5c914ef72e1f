"""How the site decides: every rule, from the same data that applies it, with counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..guidance.care_finder import RULES as CHOOSING
from ..guidance.care_finder import RuleKind
from ..rules.criteria import CRITERIA, Criterion, CriterionEvidence
from ..rules.inconsistencies import INCONSISTENCIES
from ..rules.medications import MEDICATION_RULES as CONTINUITY
from ..rules.predicates import AnyOf
from ..search.best_fit import KEY_DESCRIPTIONS
from ..search.bits import count_ones
from ..search.candidates import all_candidates
from ..search.compile import predicate_as_bits
from ..search.index import Candidates
from ..search.sort_orders import SORT_LABELS
from ..search.suggestions import SUGGESTION_RULES as RELAXING
from ..search.withdrawal_safety import SAFETY_RULES
from ..taxonomy import ServiceSet


@dataclass(frozen=True)
class CountedEvidence:
    """A rule or a piece of evidence and how many listed facilities it holds for."""

    rule: CriterionEvidence
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
            "total": f"{rows.total:,}",
            "criteria": [*counted_criteria(rows)],
            "continuity": [(each, _count(rows, each.services)) for each in CONTINUITY],
            "doubts": INCONSISTENCIES,
            "keys": KEY_DESCRIPTIONS,
            "sorts": SORT_LABELS.values(),
            "safety": SAFETY_RULES,
            "relaxing": RELAXING,
            "choosing": [
                (kind.value, [rule for rule in CHOOSING if rule.kind is kind]) for kind in RuleKind
            ],
        },
    )


def counted_criteria(rows: Candidates) -> Iterator[CountedCriterion]:
    for criterion in CRITERIA:
        held = [
            predicate_as_bits(piece.predicate, rows) & rows.inside for piece in criterion.evidence
        ]
        shown = int(count_ones(reduce(and_, held)))
        some = int(count_ones(reduce(or_, held)))
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


def _count(rows: Candidates, services: ServiceSet) -> str:
    return f"{count_ones(predicate_as_bits(AnyOf(services), rows) & rows.inside):,}"
