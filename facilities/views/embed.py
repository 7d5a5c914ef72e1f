"""The search in a frame of a county's or a hospital's own page, and how to put it there.

The frame runs no script, stores nothing and sets no cookie. Only the sites that EMBED_ORIGINS names
may show it, and this one, for the page that explains it.
"""

from dataclasses import dataclass

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from ..search import FacilityFilterSet
from ..search.query import SearchQuery
from ..search.run import match_facilities, search
from ..search.suggestions import FEW_RESULTS, suggest_medication
from ..search.understanding.address import canonical_address
from .search import error_context, link_detox_advice, pager
from .search_cards import build_cards
from .search_understood import reading_context
from .search_words import results_heading

RESULTS = 10
# Two settings of the frame's look, each with its values; the first is that of a frame without any.
THEMES = {"auto": _("light or dark, as the device says"), "light": _("light"), "dark": _("dark")}
ACCENTS = {
    "green": _("green"),
    "blue": _("blue"),
    "purple": _("purple"),
    "red": _("red"),
    "gray": _("gray"),
}


@dataclass(frozen=True)
class FrameLook:
    """How the frame looks; what its address says wrongly is as if it said nothing."""

    theme: str
    accent: str

    @classmethod
    def of(cls, parameters: QueryDict) -> "FrameLook":
        theme, accent = parameters.get("theme", ""), parameters.get("accent", "")
        return cls(
            theme if theme in THEMES else next(iter(THEMES)),
            accent if accent in ACCENTS else next(iter(ACCENTS)),
        )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return ("theme", self.theme), ("accent", self.accent)

    def address(self, query: str = "") -> str:
        """Return the frame's address with a search: its query string, with "?" or empty."""
        parts = filter(None, (urlencode(self.pairs), query.removeprefix("?")))
        return f"{reverse('facilities:embed')}?{'&'.join(parts)}"


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest) -> HttpResponse:
    ancestors = [SELF, *settings.EMBED_ORIGINS]
    return csp_replace({"frame-ancestors": ancestors})(embed_frame)(request)


def embed_frame(request: HttpRequest) -> HttpResponse:
    """Show the form and, once a place is named, the results. A bad value is a 400."""
    look, parameters = FrameLook.of(request.GET), request.GET.copy()
    for name, _value in look.pairs:
        parameters.pop(name, None)
    address = canonical_address(parameters)
    if address is not None:
        with override(address.language):
            return redirect(look.address(address.query_string))
    context, status = {"look": look}, 200
    if parameters:
        filterset = FacilityFilterSet(parameters)
        query = filterset.query
        if query is None:
            context |= error_context(filterset)
            status = 200 if context["is_only_ambiguous"] else 400
        else:
            context |= results_context(query)
        context["query_string"] = f"?{parameters.urlencode()}"
    return render(request, "facilities/embed/frame.html", context, status=status)


def results_context(query: SearchQuery) -> dict:
    reading = reading_context(query)
    if query.asks_where or query.area.is_everywhere and not query.is_filtered:
        return reading | {"typed": query.raw_params["q"], "is_asking_where": True}
    matched = match_facilities(query)
    results = search(query, matched, page_size=RESULTS)
    cards = build_cards(query, results.hits, get_language(), first_rank=results.first_rank)
    return reading | {
        "results": results,
        "heading": results_heading(query, results),
        "cards": [*cards],
        "pager": pager(query, results),
        "typed": query.raw_params["place"],
        "detox_advice": [*link_detox_advice(query, matched)],
        "instead": suggest_medication(query, matched),
        "is_little_found": results.total < FEW_RESULTS,
    }


@require_safe
def webmasters(request: HttpRequest) -> HttpResponse:
    """Explain both ways to put the search on a page, with each shown as it will be."""
    return csp_update({"frame-src": [SELF]})(webmasters_page)(request)


def webmasters_page(request: HttpRequest) -> HttpResponse:
    look = FrameLook.of(request.GET)
    origin = f"{request.scheme}://{request.get_host()}"
    context = {
        "look": look,
        "themes": THEMES,
        "accents": ACCENTS,
        "frame": frame_snippet(origin + look.address()),
        "frame_address": origin + look.address(),
        "form": form_snippet(origin + reverse("facilities:search")),
        "are_frames_allowed": bool(settings.EMBED_ORIGINS),
    }
    return render(request, "facilities/embed/webmasters.html", context)


def frame_snippet(address: str) -> str:
    title = gettext("Find treatment for drug or alcohol use")
    return (
        f'<iframe src="{address.replace("&", "&amp;")}" title="{title}"\n'
        '  height="640" style="width: 100%" loading="lazy"></iframe>'
    )


def form_snippet(address: str) -> str:
    label = gettext("Find treatment for drug or alcohol use near (ZIP code, city or county)")
    return (
        f'<form action="{address}" method="get">\n'
        f'  <label for="treatment-place">{label}</label>\n'
        '  <input id="treatment-place" name="place" required autocomplete="postal-code">\n'
        f'  <button type="submit">{gettext("Search")}</button>\n'
        "</form>"
    )
