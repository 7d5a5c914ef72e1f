"""The OpenAPI document of version 1: what django-ninja writes, and what it cannot know."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from ..web.problem_details import CONTENT_TYPE
from .conditional import with_version_etag
from .v1 import api

DESCRIPTION = _lazy(
    "The search of this directory, for programs. It takes the parameters of the search page and "
    "answers with the same facilities in the same order. “yes”, “no” and null are three answers: "
    "null means that nobody reported it, and never no. Every fact has its source and its date."
)
FILE_TYPES = {
    "application/geo+json": {"schema": {"type": "object"}},
    "text/csv": {"schema": {"type": "string"}},
}
ERRORS = 400


@require_safe
@with_version_etag
def openapi_json(request: HttpRequest) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    text = json.dumps(build_openapi_document(origin, get_language()), ensure_ascii=False)
    return HttpResponse(text, content_type="application/json")


@lru_cache(maxsize=16)
def build_openapi_document(origin: str, language: str) -> dict[str, Any]:
    """Return the document for a site at ``origin``; schemas describe their fields in English."""
    with override(language):
        written = json.loads(json.dumps(api.get_openapi_schema(), default=str))
        written["info"]["description"] = str(DESCRIPTION)
    written["servers"] = [{"url": origin}]
    for path in written["paths"].values():
        path.pop("head", None)  # every GET answers to HEAD as well
        for operation in path.values():
            _name_error_types(operation)
        if "get" in path:
            path["get"]["responses"]["414"] = {"description": "URI Too Long"}
    for operation in written["paths"][_search_path(written)].values():
        operation["responses"]["200"]["content"] |= FILE_TYPES
    return written


def _search_path(written: dict) -> str:
    return next(path for path in written["paths"] if path.endswith("/facilities/"))


def _name_error_types(operation: dict) -> None:
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        is_problem = "ProblemDetails" in json.dumps(content)
        if int(status) >= ERRORS and is_problem:
            response["content"] = {CONTENT_TYPE: content["application/json"]}


def openapi_operations(written: dict) -> Iterator[tuple[str, str, dict]]:
    """Yield (method, path, operation) of a document, in its order."""
    for path, methods in written["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation
