"""The page on which maintainers see every component of the design in each of its states."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..search.sort_orders import SORT_LABELS
from . import styleguide_samples


@require_safe
def components(request) -> HttpResponse:
    """Made of the fragments that the pages are made of; it reads no facility.

    Raises Http404 outside development: its facilities are invented.
    """
    if not settings.DEBUG:
        raise Http404
    language = get_language()
    context = {
        "cards": [*styleguide_samples.sample_cards(language)],
        "chips": styleguide_samples.sample_links(language),
        "boxes": [*styleguide_samples.sample_filter_groups(language)],
        "facts": [*styleguide_samples.sample_facts()],
        "findings": [*styleguide_samples.sample_criterion_results()],
        "pager": styleguide_samples.sample_pager(),
        "doubts": ["Is this a question to ask?", "And this one?"],
        "changes": styleguide_samples.sample_suggestions(),
        "sorts": SORT_LABELS.items(),
        "without_filters": "#chips",
        "removable": 2,
    }
    context |= styleguide_samples.sample_comparison(language, timezone.localdate())
    return render(request, "facilities/site/styleguide.html", context)
