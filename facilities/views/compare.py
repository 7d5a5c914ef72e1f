"""The comparison: two to five facilities side by side, by an address that can be shared."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..models import Facility
from ..presenters.caller_needs import CallerNeeds, NeedAnswer
from ..presenters.card import Card, build_card
from ..presenters.closure_notice import closure_notices
from ..presenters.comparison.cells import data_date_line
from ..presenters.comparison.table import (
    ComparisonGroup,
    RowDifference,
    compare_facilities,
    load_compared_facilities,
)
from ..presenters.selection import Shortlist, read_shortlist
from ..web.context_processors import is_curated_here
from .carried_search import CarriedSearch, carried_search_of_request
from .selection import (
    CALL_SHEET,
    COMPARISON,
    HANDOUT,
    canonical_redirect,
    cards_nearby,
    redirect_to_codes,
    selection_error,
)


@require_safe
def redirect_to_comparison(request) -> HttpResponse:
    return redirect_to_codes(request, COMPARISON)


@require_safe
def comparison_page(request, codes: tuple[str, ...]) -> HttpResponse:
    """Show the rows that tell the facilities apart, or with ``?all=1`` all of them."""
    chosen = read_shortlist(codes)
    answer = selection_error(request, COMPARISON, chosen) or canonical_redirect(
        request, COMPARISON, codes, chosen
    )
    return answer or render(
        request, "facilities/compare/page.html", comparison_context(request, chosen)
    )


@dataclass(frozen=True)
class ComparisonColumnHead:
    """The head of one facility's column; ``without`` leads to the comparison of the others.

    ``needs``: what the facility's listing says of each choice of the search.
    """

    number: int
    card: Card
    as_of: str
    without: str
    closing: str
    needs: tuple[NeedAnswer, ...] = ()


def column_heads(
    facilities: tuple[Facility, ...], search: CarriedSearch, *, shows_all: bool
) -> Iterator[ComparisonColumnHead]:
    language, closed = get_language(), closure_notices(facilities)
    needs = CallerNeeds.from_query(search.query)
    for number, facility in enumerate(facilities, start=1):
        others = tuple(other.code for other in facilities if other is not facility)
        can_remove = len(others) >= COMPARISON.fewest
        is_ours = is_curated_here(facility)
        yield ComparisonColumnHead(
            number,
            build_card(
                facility, miles=None, origin=None, near="", language=language, is_ours=is_ours
            ),
            data_date_line(facility, is_ours=is_ours),
            comparison_address(others, search, shows_all=shows_all) if can_remove else "",
            closed.get(facility.pk, ""),
            tuple(needs.answers(facility, language)),
        )


def comparison_address(codes: tuple[str, ...], search: CarriedSearch, *, shows_all: bool) -> str:
    address = reverse(COMPARISON.name, args=[codes])
    return search.add_to(address, all="1") if shows_all else search.add_to(address)


@dataclass(frozen=True)
class RowCounts:
    """How many rows there are of each kind; ``inherent`` counts that of source and date too."""

    differing: int
    not_all_report: int
    alike: int
    silent: int
    inherent: int

    @property
    def hidden(self) -> int:
        return self.alike + self.silent

    @property
    def shown(self) -> int:
        return self.differing + self.not_all_report + self.inherent

    @property
    def total(self) -> int:
        return self.shown + self.hidden


def count_comparison_rows(groups: Iterable[ComparisonGroup]) -> RowCounts:
    counts = Counter(row.difference for group in groups for row in group.rows)
    return RowCounts(
        differing=counts[RowDifference.DIFFERS],
        not_all_report=counts[RowDifference.NOT_ALL_REPORT],
        alike=counts[RowDifference.ALIKE],
        silent=counts[RowDifference.NOBODY_REPORTS],
        inherent=counts[RowDifference.INHERENT] + 1,
    )


def comparison_context(request, chosen: Shortlist) -> dict:
    search, shows_all = carried_search_of_request(request), request.GET.get("all") == "1"
    today = timezone.localdate()
    groups = compare_facilities(
        load_compared_facilities(chosen.facilities),
        language=get_language(),
        today=today,
        origin=search.origin,
    )
    visible = [(group, group.visible_rows(shows_all=shows_all)) for group in groups]
    can_add = len(chosen.facilities) < COMPARISON.most
    return {
        "columns": [*column_heads(chosen.facilities, search, shows_all=shows_all)],
        "groups": [(group, rows) for group, rows in visible if rows],
        "shows_all": shows_all,
        "counts": count_comparison_rows(groups),
        "all_rows": comparison_address(chosen.codes, search, shows_all=True),
        "differing_rows": comparison_address(chosen.codes, search, shows_all=False),
        "call_sheet": search.add_to(reverse(CALL_SHEET.name, args=[chosen.codes])),
        "handout": reverse(HANDOUT.name, args=[chosen.codes]),
        "search": search,
        "nearby": [*cards_nearby(chosen)] if can_add else [],
        "most": COMPARISON.most,
        "today": today,
    }
