"""The search page: a question from the query string, and its answer in words."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..cards import card
from ..filters import GROUPS, FacilityFilterSet
from ..filters.filterset import MILES, SORTS, Question
from ..models import Place
from ..search import Results, search as answer


@dataclass(frozen=True)
class Choice:
    """One box of the filters as the page shows it."""

    slug: str
    label: str
    help: str
    count: int
    is_chosen: bool

    @property
    def is_disabled(self) -> bool:
        return not self.count and not self.is_chosen


@require_safe
def search(request) -> HttpResponse:
    filterset = FacilityFilterSet(request.GET)
    question = filterset.question
    context = {
        "asked": {name: request.GET.get(name, "") for name in ("place", "lat", "lon", "q")},
        "within": request.GET.get("within", ""),
        "miles": MILES,
        "sorts": SORTS.items(),
    }
    if question is None:
        context |= {"filterset": filterset, "resolution": filterset.resolution}
    return context
