"""The profile of the HSDS API, as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..exports.hsds import VERSION, profile


@require_safe
def hsds_profile(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "facilities/data/hsds_profile.html",
        {
            "version": VERSION,
            "mapping": profile.MAPPING,
            "deviations": profile.DEVIATIONS,
            "additions": profile.ADDITIONS,
        },
    )
