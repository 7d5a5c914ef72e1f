"""How every page about a choice of facilities reads its address, and what it says if it cannot.

Such a page has two addresses: one that a form's check boxes lead to (``?facility=uuid`` for
each), and the one that it redirects to, which can be kept and shared (``/<code>,<code>/``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy

from ..geo import miles_between
from ..presenters.card import Card, build_card
from ..presenters.selection import Shortlist, read_shortlist
from ..search.similar import similar_facilities
from ..web.context_processors import is_curated_here
from .carried_search import carried_search_of_request

NEARBY = 12
NEARBY_MILES = 50


@dataclass(frozen=True)
class SelectionPage:
    """A page about ``fewest`` to ``most`` facilities; the names are those of its two addresses.

    A handout is for others: its address does not say what was searched for.
    """

    form: str
    name: str
    fewest: int
    most: int
    title: str
    carries_search: bool = True

    @property
    def sizes(self) -> range:
        return range(self.fewest, self.most + 1)


COMPARISON = SelectionPage(
    "facilities:compare", "facilities:comparison", 2, 5, gettext_lazy("Compare side by side")
)
CALL_SHEET = SelectionPage(
    "facilities:call", "facilities:call_sheet", 1, 12, gettext_lazy("Call sheet")
)
HANDOUT = SelectionPage(
    "facilities:handout",
    "facilities:handout_sheet",
    1,
    12,
    gettext_lazy("Handout"),
    carries_search=False,
)


def redirect_to_codes(request, page: SelectionPage) -> HttpResponse:
    """Lead from check boxes to the address that can be kept, with the search they came from."""
    chosen = read_shortlist(request.GET.getlist("facility"))
    if answer := selection_error(request, page, chosen):
        return answer
    address = reverse(page.name, args=[chosen.codes])
    return redirect(
        carried_search_of_request(request).add_to(address) if page.carries_search else address
    )


def selection_error(request, page: SelectionPage, chosen: Shortlist) -> HttpResponse | None:
    """Return None if the page can show this choice."""
    found = len(chosen.facilities)
    if chosen.is_readable and not chosen.missing and found in page.sizes:
        return None
    context = {
        "page": page,
        "action": reverse(page.form),
        "problem": _problem(page, chosen),
        "facilities": chosen.facilities,
        "nearby": [*cards_nearby(chosen)] if found < page.most else [],
        "search": carried_search_of_request(request),
    }
    status = 404 if chosen.missing else 400
    return render(request, "facilities/compare/selection_error.html", context, status=status)


def _problem(page: SelectionPage, chosen: Shortlist) -> str:
    limits = {"fewest": page.fewest, "most": page.most}
    if not chosen.is_readable:
        return gettext("We could not read which facilities you mean.")
    if chosen.missing:
        return gettext("Some of these facilities are not in this directory, or no longer.")
    if not chosen.facilities:
        return gettext("No facility is chosen yet.")
    if len(chosen.facilities) < page.fewest:
        return gettext("Choose at least %(fewest)s facilities.") % limits
    return gettext("Choose at most %(most)s facilities.") % limits


def canonical_redirect(
    request, page: SelectionPage, codes: tuple[str, ...], chosen: Shortlist
) -> HttpResponse | None:
    if codes == chosen.codes:
        return None
    asked = request.GET.urlencode()
    return redirect(reverse(page.name, args=[chosen.codes]) + (f"?{asked}" if asked else ""))


def cards_nearby(chosen: Shortlist) -> Iterator[Card]:
    start = next((facility for facility in chosen.facilities if facility.point), None)
    if start is None:
        return
    keys = [facility.pk for facility in chosen.facilities]
    similar = similar_facilities(start, miles=NEARBY_MILES, most=NEARBY, without=keys)
    for other in similar.facilities:
        miles = miles_between(start.point, other.point)
        yield build_card(
            other,
            miles=miles,
            origin=start.point,
            near=start.name,
            language=get_language(),
            is_ours=is_curated_here(other),
        )
