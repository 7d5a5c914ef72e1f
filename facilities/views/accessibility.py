"""The accessibility statement: what holds, how it is tested, what is not known, whom to tell."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..web.operator_contact import operator_contact

REVIEWED_ON = date(2026, 11, 21)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"reviewed_on": REVIEWED_ON, **operator_contact()}
    return render(request, "facilities/site/accessibility.html", context)
