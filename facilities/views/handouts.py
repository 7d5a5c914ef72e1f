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

from ..curation.self_service.availability import availability_sentences
from ..geo import miles_between
from ..guidance.care_finder.citations import JUSTICE_ADA
from ..guidance.worksheets import WORKSHEETS
from ..models import Facility
from ..presenters import qr, sms
from ..presenters.call_sheet import CallSheetEntry, build_call_sheet_entry, call_order
from ..presenters.caller_needs import CallerNeeds
from ..presenters.card import Card, build_card
from ..presenters.closure_notice import closure_notices
from ..presenters.comparison.cells import data_date_line
from ..presenters.selection import read_shortlist
from ..presenters.suspended_number_notice import suspended_number_notice
from ..web.context_processors import is_curated_here
from .carried_search import CarriedSearch, carried_search_of_request
from .selection import (
    CALL_SHEET,
    COMPARISON,
    HANDOUT,
    canonical_redirect,
    redirect_to_codes,
    selection_error,
)


@require_safe
def redirect_to_call_sheet(request) -> HttpResponse:
    return redirect_to_codes(request, CALL_SHEET)


@require_safe
def call_sheet(request, codes: tuple[str, ...]) -> HttpResponse:
    chosen = read_shortlist(codes)
    if answer := selection_error(request, CALL_SHEET, chosen) or canonical_redirect(
        request, CALL_SHEET, codes, chosen
    ):
        return answer
    search, can_compare = (
        carried_search_of_request(request),
        len(chosen.facilities) in COMPARISON.sizes,
    )
    address = reverse(CALL_SHEET.name, args=[chosen.codes])
    comparison = search.add_to(reverse(COMPARISON.name, args=[chosen.codes]))
    context = {
        "entries": [*call_sheet_entries(chosen.facilities, search)],
        "asks_everything": request.GET.get("questions") == "all",
        "all_questions": search.add_to(address, questions="all"),
        "first_questions": search.add_to(address),
        "search": search,
        "comparison": comparison if can_compare else "",
        "handout": reverse(HANDOUT.name, args=[chosen.codes]),
        "disability_act": JUSTICE_ADA,
    }
    return render(request, "facilities/handouts/call_sheet.html", context)


def call_sheet_entries(
    facilities: tuple[Facility, ...], search: CarriedSearch
) -> Iterator[CallSheetEntry]:
    """Yield entries in the order to call them; those that have closed come last."""
    language, closed = get_language(), closure_notices(facilities)
    available = availability_sentences(facilities, timezone.now())
    needs, origin = CallerNeeds.from_query(search.query), search.origin
    in_order = call_order(facilities)
    for facility in sorted(in_order, key=lambda facility: facility.pk in closed):
        is_located = origin is not None and facility.point is not None
        shown = build_card(
            facility,
            miles=miles_between(origin.point, facility.point) if is_located else None,
            origin=origin.point if is_located else None,
            near=origin.name if is_located else "",
            language=language,
            available=available.get(facility.pk, ""),
            is_ours=is_curated_here(facility),
        )
        yield build_call_sheet_entry(shown, needs, language, closing=closed.get(facility.pk, ""))


@require_safe
def redirect_to_handout(request) -> HttpResponse:
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
    suspended: str


@require_safe
def handout_sheet(request, codes: tuple[str, ...]) -> HttpResponse:
    """``?large=1`` prints in large letters."""
    chosen = read_shortlist(codes)
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
        is_ours = is_curated_here(facility)
        address = request.build_absolute_uri(reverse("facilities:facility", args=[facility.code]))
        release = facility.source_release
        facts_of = facility.last_verified_on or (release.published_on if release else None)
        yield HandoutEntry(
            card=build_card(
                facility, miles=None, origin=None, near="", language=language, is_ours=is_ours
            ),
            code=qr.qr_code_svg(address),
            address=address,
            as_of=data_date_line(facility, is_ours=is_ours),
            message=sms.facility_text_message(facility, facts_of),
            closing=closed.get(facility.pk, ""),
            suspended=suspended_number_notice(facility),
        )


@require_safe
def worksheet(request, slug: str) -> HttpResponse:
    if slug not in WORKSHEETS:
        raise Http404
    return render(request, "facilities/handouts/worksheet.html", {"sheet": WORKSHEETS[slug]})
