"""The page about the API, made from its OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..models import Facility
from ..models.place import Place, PlaceKind
from .examples import CurlExample, example_parameters_by_path, headline_examples
from .openapi import build_openapi_document, openapi_operations
from .parameters import MAX_LIMIT

NO_FACILITY = ("aaaaaaaa", "bbbbbbbb")
MANY_CHOICES = 8  # from here on they are folded away
PROBLEMS = (
    ("invalid-parameter", 400, _("A parameter is unknown, or its value is. “errors” names it.")),
    ("not-found", 404, _("There is no such address or facility.")),
    (
        "unknown-cursor",
        410,
        _("The changes since this cursor are not known: “snapshot” says where to begin anew."),
    ),
    ("unsupported-body", 415, _("The body of a POST is neither JSON nor a form.")),
    ("too-many-requests", 429, _("Wait as many seconds as “Retry-After” says.")),
)


@dataclass(frozen=True)
class ParameterLine:
    """One parameter as the page lists it; ``choices`` are its values where they are few."""

    name: str
    words: str
    kind: str
    is_required: bool
    choices: tuple[str, ...] = ()

    @property
    def has_many_choices(self) -> bool:
        return len(self.choices) >= MANY_CHOICES


@dataclass(frozen=True)
class OperationSection:
    """One operation as the page shows it, with a request to try."""

    anchor: str
    method: str
    path: str
    title: str
    words: str
    parameters: tuple[ParameterLine, ...]
    curl_line: str


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    written = build_openapi_document(origin, get_language())
    root = reverse("api:v1:api-root")
    context = {
        "description": written["info"]["description"],
        "headline": [
            (example.words, example.curl_line(origin))
            for example in headline_examples(f"{root}facilities/", reverse("hsds:services"))
        ],
        "operations": [*operation_sections(written, origin, root)],
        "problems": PROBLEMS,
        "limit": settings.API_REQUESTS_PER_MINUTE,
        "most": f"{MAX_LIMIT:,}",
        "states": Place.objects.filter(kind=PlaceKind.STATE).order_by("key"),
    }
    return render(request, "facilities/api/page.html", context)


def operation_sections(written: dict, origin: str, root: str) -> Iterator[OperationSection]:
    listed = Facility.objects.listed().order_by("pk").values_list("code", flat=True)[:2]
    codes = tuple(listed) if len(listed) == len(NO_FACILITY) else NO_FACILITY
    pairs = example_parameters_by_path(codes)
    for method, path, operation in openapi_operations(written):
        example = CurlExample(
            path.replace("{code}", codes[0]),
            pairs.get(path.removeprefix(root), ()),
            is_post=method == "POST",
        )
        yield OperationSection(
            anchor=operation["operationId"].replace("_", "-"),
            method=method,
            path=path,
            title=operation["summary"],
            words=operation["description"],
            parameters=() if method == "POST" else tuple(_parameters(operation)),
            curl_line=example.curl_line(origin),
        )


def _parameters(operation: dict) -> Iterator[ParameterLine]:
    for each in operation["parameters"]:
        schema = each["schema"]
        items = schema.get("items", schema)
        yield ParameterLine(
            name=each["name"],
            words=each.get("description", ""),
            kind=_kind(schema),
            is_required=each["required"],
            choices=tuple(items.get("enum", ())),
        )


def _kind(schema: dict) -> str:
    """Say what values there are: "5 to 100", "text", or nothing where choices say it."""
    if "anyOf" in schema:
        return " / ".join(_kind(each) or " ".join(each.get("enum", ())) for each in schema["anyOf"])
    if "minimum" in schema:
        return f"{schema['minimum']:,} – {schema['maximum']:,}"
    if schema["type"] == "boolean":
        return "true / false"
    return ""
