"""The page on which maintainers see every component of the design in each of its states."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..order import SORTS
from . import specimens


@require_safe
def components(request) -> HttpResponse:
    """Made of the very fragments that the pages are made of; it reads no facility."""
    language = get_language()
    context = {
        "cards": [*specimens.cards(language)],
        "chips": specimens.links(language),
        "boxes": [*specimens.groups(language)],
        "facts": [*specimens.facts()],
        "findings": [*specimens.findings()],
        "pager": specimens.pager(),
        "doubts": ["Is this a question to ask?", "And this one?"],
        "changes": specimens.changes(),
        "sorts": SORTS.items(),
        "without_filters": "#chips",
    }
    context |= specimens.table(language, timezone.localdate())
    return render(request, "facilities/components.html", context)
