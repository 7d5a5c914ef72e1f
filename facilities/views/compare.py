"""The comparison: two to five facilities side by side, by an address that can be shared."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..models import Facility
from ..presenters.card import Card, card
from ..presenters.closure_notice import closure_notices
from ..presenters.comparison.cells import data_date_line
from ..presenters.comparison.table import RowDifference, comparison, sides
from ..presenters.selection import shortlist
from ..web.context_processors import is_in_service_area
from .selection import (
    COMPARISON,
    canonical_redirect,
    cards_nearby,
    redirect_to_codes,
    selection_error,
)


@require_safe
def compare(request) -> HttpResponse:
    """From the check boxes of the search page."""
    return redirect_to_codes(request, COMPARISON)


@require_safe
def compared(request, codes: tuple[str, ...]) -> HttpResponse:
    """The rows that differ, or with ``?all=1`` all of them."""
    chosen = shortlist(codes)
    answer = selection_error(request, COMPARISON, chosen) or canonical_redirect(
        request, COMPARISON, codes, chosen
    )
    return answer or render(
        request, "facilities/compare/page.html", comparison_context(request, chosen)
    )


@dataclass(frozen=True)
class ComparisonColumn:
    """The head of one facility's column; ``without`` leads to the comparison of the others."""

    number: int
    card: Card
    as_of: str
    without: str
    closing: str


def comparison_columns(
    facilities: tuple[Facility, ...], *, everything: bool
) -> Iterator[ComparisonColumn]:
    language, closed = get_language(), closure_notices(facilities)
    for number, facility in enumerate(facilities, start=1):
        rest = tuple(each.code for each in facilities if each is not facility)
        without = (
            comparison_address(rest, everything=everything)
            if len(rest) >= COMPARISON.fewest
            else ""
        )
        is_ours = is_in_service_area(facility)
        shown = card(facility, miles=None, origin=None, near="", language=language, is_ours=is_ours)
        dated = data_date_line(facility, is_ours=is_ours)
        yield ComparisonColumn(number, shown, dated, without, closed.get(facility.pk, ""))


def comparison_address(codes: tuple[str, ...], *, everything: bool) -> str:
    return reverse(COMPARISON.name, args=[codes]) + ("?all=1" if everything else "")


def comparison_context(request, chosen) -> dict:
    """What the template shows."""
    everything = request.GET.get("all") == "1"
    today = timezone.localdate()
    groups = comparison(sides(chosen.facilities), language=get_language(), today=today)
    shown = [(group, group.showing(everything=everything)) for group in groups]
    rows = [row for group in groups for row in group.rows]
    can_add = len(chosen.facilities) < COMPARISON.most
    return {
        "columns": [*comparison_columns(chosen.facilities, everything=everything)],
        "codes": chosen.codes,
        "groups": [(group, found) for group, found in shown if found],
        "everything": everything,
        "differing": sum(row.difference is RowDifference.DIFFERS for row in rows),
        "hidden": len(rows) - sum(len(found) for _, found in shown),
        "nearby": [*cards_nearby(chosen)] if can_add else [],
        "most": COMPARISON.most,
        "today": today,
    }
