"""Sheets to hold in the hand: whom to call and what to ask, a handout, two plans to fill in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..guidance.worksheets import WORKSHEETS
from ..models import Facility
from ..presenters import qr, sms
from ..presenters.call_sheet import build_call_sheet_entry, call_order
from ..presenters.card import Card, card
from ..presenters.closure_notice import closure_notices
from ..presenters.comparison.cells import data_date_line
from ..presenters.selection import shortlist
from ..web.context_processors import is_in_service_area
from .carried_search import carried_search
from .selection import (
    CALL_SHEET,
    COMPARISON,
    HANDOUT,
    canonical_redirect,
    redirect_to_codes,
    selection_error,
)


@require_safe
def call(request) -> HttpResponse:
    return redirect_to_codes(request, CALL_SHEET)


@require_safe
def call_sheet(request, codes: tuple[str, ...]) -> HttpResponse:
    chosen = shortlist(codes)
    if answer := selection_error(request, CALL_SHEET, chosen) or canonical_redirect(
        request, CALL_SHEET, codes, chosen
    ):
        return answer
    language, closed = get_language(), closure_notices(chosen.facilities)
    entries = [
        build_call_sheet_entry(
            each, language, is_ours=is_in_service_area(each), closing=closed.get(each.pk, "")
        )
        for each in sorted(call_order(chosen.facilities), key=lambda one: one.pk in closed)
    ]
    search, can_compare = carried_search(request), len(entries) in COMPARISON.sizes
    context = {
        "entries": entries,
        "search": search,
        "comparison": search.add_to(reverse(COMPARISON.name, args=[chosen.codes]))
        if can_compare
        else "",
        "handout": reverse(HANDOUT.name, args=[chosen.codes]),
    }
    return render(request, "facilities/handouts/call_sheet.html", context)


@require_safe
def handout(request) -> HttpResponse:
    return redirect_to_codes(request, HANDOUT)


@dataclass(frozen=True)
class HandoutEntry:
    """One facility on a handout."""

    card: Card
    code: SafeString
    address: str
    as_of: str
    message: str
    closing: str


@require_safe
def handout_sheet(request, codes: tuple[str, ...]) -> HttpResponse:
    """``?large=1`` prints in large letters."""
    chosen = shortlist(codes)
    if answer := selection_error(request, HANDOUT, chosen) or canonical_redirect(
        request, HANDOUT, codes, chosen
    ):
        return answer
    context = {
        "slips": [*handout_entries(request, chosen.facilities)],
        "codes": chosen.codes,
        "is_large": request.GET.get("large") == "1",
        "today": timezone.localdate(),
    }
    return render(request, "facilities/handouts/handout.html", context)


def handout_entries(request, facilities: tuple[Facility, ...]) -> Iterator[HandoutEntry]:
    language, closed = get_language(), closure_notices(facilities)
    for facility in facilities:
        is_ours = is_in_service_area(facility)
        address = request.build_absolute_uri(reverse("facilities:facility", args=[facility.code]))
        release = facility.source_release
        facts_of = facility.last_verified_on or (release.published_on if release else None)
        yield HandoutEntry(
            card=card(
                facility, miles=None, origin=None, near="", language=language, is_ours=is_ours
            ),
            code=qr.qr_code_svg(address),
            address=address,
            as_of=data_date_line(facility, is_ours=is_ours),
            message=sms.facility_text_message(facility, facts_of),
            closing=closed.get(facility.pk, ""),
        )


@require_safe
def worksheet(request, slug: str) -> HttpResponse:
    if slug not in WORKSHEETS:
        raise Http404
    return render(request, "facilities/handouts/worksheet.html", {"sheet": WORKSHEETS[slug]})
