"""The page of help lines and first steps, to be kept on a device and read without a connection."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..guidance.help_lines import MORE_LINES


@require_safe
def help_now(request) -> HttpResponse:
    return render(request, "facilities/site/help_now.html", {"more_lines": MORE_LINES})
