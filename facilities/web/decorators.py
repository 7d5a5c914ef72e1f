"""Which listing an address stands for: the same for its page, its history and its reports."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..models import Facility
from ..models.facility import CODE_LENGTH
from ..models.page_records import find_by_codes


def with_listed_facility(view: Callable[[HttpRequest, Facility], HttpResponse]) -> Callable:
    """Give the view the listing whose code ends the address; redirect from outdated words.

    A merged listing leads to the one it was merged into; a hidden one is gone (410).
    """

    @wraps(view)
    def answer(request: HttpRequest, slug: str) -> HttpResponse:
        found = next(iter(find_by_codes([slug[-CODE_LENGTH:].lower()])), None)
        if found is None or found.status == Facility.Status.DRAFT:
            raise Http404
        found = found.merged_into or found
        if found.status == Facility.Status.HIDDEN:
            return render(request, "facilities/facility/gone.html", status=410)
        if (
            slug != found.slug and request.method != "POST"
        ):  # a redirect would lose what was written
            return redirect(request.resolver_match.view_name, slug=found.slug, permanent=True)
        return view(request, found)

    return answer
