"""The accessibility statement: what holds, how it is tested, what is not known, whom to tell."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

REVIEWED_ON = date(2026, 11, 21)
WAYS_TO_REACH = ("https://", "http://", "mailto:")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    address = settings.CONTACT_URL
    context = {
        "reviewed_on": REVIEWED_ON,
        "contact": address if address.startswith(WAYS_TO_REACH) else "",
        "contact_words": address.removeprefix("mailto:"),
    }
    return render(request, "facilities/site/accessibility.html", context)
