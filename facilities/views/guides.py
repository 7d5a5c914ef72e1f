"""The guides' pages: the list, and each guide."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..guidance import guides as written
from ..presenters.structured_data import article_json_ld


@require_safe
def guides(request) -> HttpResponse:
    return render(
        request, "facilities/guides/list.html", {"guides": written.all_guides(get_language())}
    )


@require_safe
def guide(request, slug: str) -> HttpResponse:
    found = written.find_guide(slug, get_language())
    if found is None:
        raise Http404
    known = article_json_ld(found, request.build_absolute_uri(request.path), get_language())
    context = {"guide": found, "structured": known}
    return render(request, "facilities/guides/guide.html", context)
