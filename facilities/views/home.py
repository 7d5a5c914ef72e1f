"""The front page: where to look, what for, and how fresh the list is."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..curation import audits
from ..data_quality.listing_counts import count_all_listings
from ..presenters.structured_data import website_json_ld
from ..search.presets import PRESETS, PRESETS_BY_SLUG


@require_safe
def home(request) -> HttpResponse:
    number = count_all_listings()
    address = request.build_absolute_uri(request.path)
    known = website_json_ld(settings.SITE_NAME, address, get_language())
    context = {
        "needs": PRESETS,
        "number": number,
        "listed": f"{number:,}",
        "has_audit": audits.has_been_called(),
        "structured": known,
    }
    return render(request, "facilities/site/home.html", context)


@require_safe
def search_preset(request, slug: str) -> HttpResponse:
    if slug not in PRESETS_BY_SLUG:
        raise Http404
    typed = request.GET.get("q", "") or request.GET.get("place", "")
    return redirect(reverse("facilities:search") + PRESETS_BY_SLUG[slug].build_query(typed))
