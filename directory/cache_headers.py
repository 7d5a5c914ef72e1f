"""What may keep a page: no cache between us and the browser, and the browser only some pages."""

from django.http import HttpRequest, HttpResponse

# Pages whose address alone says what a person looks for or has chosen. So does any query.
PERSONAL = {
    "search",
    "search_preset",
    "care_finder",
    "facility",
    "facility_history",
    "report",
    "comparison",
    "call_sheet",
    "handout_sheet",
}


def cache_headers(get_response):
    """Middleware: what may keep a page that says nothing of it itself.

    Nothing between us and the browser may keep any page. The browser may keep one that is the
    same for everybody, and asks us each time whether it still holds: listings change. What a
    person asked for is written to no disk: shared computers are where this site is needed. Going
    back to it works, because browsers hold such a page in memory or ask for 15 kB again.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            match = request.resolver_match
            is_personal = bool(request.META.get("QUERY_STRING")) or (
                match is None or match.url_name in PERSONAL
            )
            is_passing = is_personal or response.status_code != 200
            response.headers["Cache-Control"] = "no-store" if is_passing else "private, no-cache"
        return response

    return respond
