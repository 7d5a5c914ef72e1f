"""Reads the parameters of a search by API: those of the search page, and four of its own.

``FacilityFilterSet`` alone reads the page's. A POST has the same ones in its body, as a form or as
a JSON object, so that a need stands in no address.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, QueryDict
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..search import GROUPS, FacilityFilterSet
from ..search.area import WHOLE_STATE
from ..search.filter_types import MatchMode
from ..search.filterset import (
    CARRIED_PARAMETERS,
    MAX_CARRIED_LENGTH,
    MAX_TEXT_LENGTH,
    TRACKING_PREFIXES,
)
from ..search.query import SearchQuery
from ..search.sort_orders import SORT_LABELS
from ..search.understanding.address import canonical_address
from .cursors import SEARCH_CURSOR, InvalidCursor, SearchCursor

DEFAULT_LIMIT = 50
MAX_LIMIT = 2_000  # no state lists more today
OWN_PARAMETERS = ("format", "limit", "cursor", "counts")
PAGE_PARAMETERS = ("page", "view")  # of the page alone
TYPES = {"string": str, "integer": int, "number": int | float, "boolean": bool}
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class ResponseFormat(Enum):
    """How the facilities of a search are written."""

    JSON = "json"
    GEOJSON = "geojson"
    CSV = "csv"

    @property
    def default_limit(self) -> int:
        """A file is wanted whole, an answer in pages."""
        return DEFAULT_LIMIT if self is ResponseFormat.JSON else MAX_LIMIT


class InvalidParameters(Exception):
    """The request asks for what there is not. ``errors``: (parameter, sentence).

    ``members``: what the problem's details say beside them.
    """

    def __init__(self, *errors: tuple[str, str], **members) -> None:
        super().__init__("; ".join(name for name, _sentence in errors))
        self.errors = errors
        self.members = members


class UnsupportedBody(Exception):
    """The body of a POST is of a type that nobody reads here."""


@dataclass(frozen=True)
class ApiSearch:
    """One valid search by API. ``understood``: what free words were read as, if there were any."""

    query: SearchQuery
    response_format: ResponseFormat
    limit: int
    cursor: SearchCursor | None
    wants_counts: bool
    understood: Mapping[str, list[str]] | None


def read_parameters(request: HttpRequest, properties: Mapping[str, Mapping]) -> QueryDict:
    """Return the parameters of the address or, of a POST, those of its body.

    ``properties``: name -> JSON schema of what a JSON object may hold.
    """
    parameters = _sent_parameters(request, properties)
    for name, values in parameters.lists():
        # Mostly a variable of a script that was empty: the answer would be to another question.
        if not all(value.strip() for value in values):
            raise InvalidParameters((name, _("This parameter has no value.")))
    return parameters


def _sent_parameters(request: HttpRequest, properties: Mapping[str, Mapping]) -> QueryDict:
    if request.method != "POST":
        return request.GET
    if request.GET:
        raise InvalidParameters(
            (next(iter(request.GET)), _("Send the parameters of a POST in its body."))
        )
    if request.content_type == FORM:
        return request.POST
    if request.content_type == JSON:
        return _from_json(request.body, properties)
    raise UnsupportedBody


def read_search(parameters: QueryDict) -> ApiSearch:
    """Return the search that the parameters ask for. Raises InvalidParameters."""
    for name in PAGE_PARAMETERS:
        if name in parameters:
            raise InvalidParameters(
                (name, _("This parameter is of the page alone. Here take “limit” and “cursor”."))
            )
    own = {name: read_optional_text(parameters, name) for name in OWN_PARAMETERS}
    response_format = _response_format(own["format"])
    limit = read_limit(parameters, response_format.default_limit)
    searched = parameters.copy()
    for name in OWN_PARAMETERS:
        searched.pop(name, None)
    address = canonical_address(searched)
    if address is not None:
        searched = QueryDict(address.query_string.removeprefix("?"))
    query = _valid_query(searched)
    return ApiSearch(
        query=query,
        response_format=response_format,
        limit=limit,
        cursor=_cursor(own["cursor"], query),
        wants_counts=_flag("counts", own["counts"]),
        understood=None if address is None else dict(searched.lists()),
    )


def _valid_query(parameters: QueryDict) -> SearchQuery:
    filterset = FacilityFilterSet(parameters)
    query = filterset.query
    if query is None:
        unknown = next((name for name in parameters if not _is_known(filterset, name)), "")
        errors = [
            (unknown if name == NON_FIELD_ERRORS else name, sentence)
            for name, sentence in filterset.error_messages()
        ]
        resolution = filterset.resolution
        places = (*resolution.choices, *resolution.did_you_mean) if resolution else ()
        labels = [place.label(get_language()) for place in places]
        raise InvalidParameters(*errors, **({"choices": labels} if labels else {}))
    if query.asks_where:
        raise InvalidParameters(("place", _("Say where: name a ZIP code, city, county or state.")))
    return query


def _is_known(filterset: FacilityFilterSet, name: str) -> bool:
    return name in filterset.form.fields or name.startswith(TRACKING_PREFIXES)


def _from_json(body: bytes, properties: Mapping[str, Mapping]) -> QueryDict:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidParameters(("", _("The body is not JSON."))) from None
    if not isinstance(content, dict):
        raise InvalidParameters(("", _("The body must be a JSON object of parameters.")))
    refuse_unknown_parameters(content, *properties)
    parameters = QueryDict(mutable=True)
    for name, value in content.items():
        if not _has_type(value, properties[name]):
            raise InvalidParameters((name, _("This parameter is of another type.")))
        values = value if isinstance(value, list) else [value]
        parameters.setlist(name, [_as_text(each) for each in values])
    return parameters


def _has_type(value: Any, schema: Mapping) -> bool:
    if "anyOf" in schema:
        return any(_has_type(value, choice) for choice in schema["anyOf"])
    if schema["type"] == "array":
        return isinstance(value, list) and all(_has_type(each, schema["items"]) for each in value)
    if isinstance(value, bool):
        return schema["type"] == "boolean"
    return isinstance(value, TYPES[schema["type"]])


def _as_text(value: str | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_optional_text(parameters: QueryDict, name: str) -> str:
    """Return the value of a parameter that may be there once."""
    values = parameters.getlist(name)
    if len(values) > 1:
        raise InvalidParameters((name, _("This parameter may be there once.")))
    return values[0].strip() if values else ""


def read_required_text(parameters: QueryDict, name: str) -> str:
    """Return a parameter that must be there once and hold something."""
    value = read_optional_text(parameters, name)
    if not value:
        raise InvalidParameters((name, _("This parameter is missing.")))
    if "\0" in value or len(value) > MAX_TEXT_LENGTH:
        raise InvalidParameters((name, _("We could not read that.")))
    return value


def refuse_unknown_parameters(parameters: Iterable[str], *names: str) -> None:
    """Refuse what nobody reads: a misspelled parameter would change nothing without a word."""
    for name in parameters:
        if name not in names:
            raise InvalidParameters((name, _("There is no such parameter.")))


def _response_format(text: str) -> ResponseFormat:
    try:
        return ResponseFormat(text or ResponseFormat.JSON)
    except ValueError:
        choices = ", ".join(each.value for each in ResponseFormat)
        message = _("The format must be one of: %(choices)s.") % {"choices": choices}
        raise InvalidParameters(("format", message)) from None


def _whole_number(name: str, text: str, default: int, *, most: int) -> int:
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most:
        return int(text)
    message = _("This must be a whole number from 1 to %(most)s.") % {"most": f"{most:,}"}
    raise InvalidParameters((name, message))


def read_limit(parameters: QueryDict, default: int) -> int:
    return _whole_number("limit", read_optional_text(parameters, "limit"), default, most=MAX_LIMIT)


def _flag(name: str, text: str) -> bool:
    if text in ("", "false", "true"):
        return text == "true"
    raise InvalidParameters((name, _("This must be “true” or “false”.")))


def _cursor(text: str, query: SearchQuery) -> SearchCursor | None:
    if not text:
        return None
    try:
        return SearchCursor.read(text, query)
    except InvalidCursor:
        message = _("This cursor is of no such search. Begin without one.")
        raise InvalidParameters(("cursor", message)) from None


MODE_WORDS = {
    MatchMode.ALL: _lazy("All must hold."),
    MatchMode.ANY: _lazy("Any may hold."),
    MatchMode.PREFER: _lazy("Lists these first."),
}


def _search_properties() -> dict[str, dict[str, Any]]:
    """Return name -> JSON schema for each parameter of a search, as OpenAPI describes them."""
    text = {"type": "string", "pattern": r"\S", "maxLength": MAX_TEXT_LENGTH}
    miles = {"type": "integer", "minimum": 5, "maximum": 100}
    properties: dict[str, dict[str, Any]] = {
        "place": text
        | {"description": _lazy("A ZIP code, city, county or state, or anything typed.")},
        "lat": {"type": "number", "minimum": -90, "maximum": 90,
                "description": _lazy("Latitude in degrees, with “lon”, in place of “place”.")},
        "lon": {"type": "number", "minimum": -180, "maximum": 180,
                "description": _lazy("Longitude in degrees, with “lat”.")},
        "within": {"anyOf": [miles, {"type": "string", "enum": [WHOLE_STATE]}],
                   "description": _lazy("Miles around the place, or “state” for its state.")},
        "q": text | {"description": _lazy("A facility’s name, or anything typed.")},
        "phone": {"type": "string", "pattern": "^[0-9]{10}$", "description": _lazy("Ten digits.")},
        "sort": {"type": "string", "enum": list(SORT_LABELS),
                 "description": _lazy("“distance” around a point, else “fit”, unless chosen.")},
    }  # fmt: skip
    for group in GROUPS:
        properties[group.name] = {
            "type": "array",
            "items": {"type": "string", "enum": list(group.options)},
            "description": format_lazy("{}. {}", group.heading, MODE_WORDS[group.mode]),
        }
    for name in CARRIED_PARAMETERS:
        properties[name] = {
            "type": "array",
            "items": {"type": "string", "pattern": r"\S", "maxLength": MAX_CARRIED_LENGTH},
            "description": _lazy("What addresses of the page carry along; it filters nothing."),
        }
    formats = [each.value for each in ResponseFormat]
    return properties | {
        "format": {"type": "string", "enum": formats,
                   "description": _lazy("The form of the answer; “json” unless chosen.")},
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "description": _lazy(
                  "How many facilities: 50 unless chosen, or 2,000 in a GeoJSON or CSV file.")},
        "cursor": {"type": "string", "pattern": f"^{SEARCH_CURSOR.pattern}$", "description": _lazy(
                   "“next” of the answer before, with the same other parameters.")},
        "counts": {"type": "boolean", "description": _lazy(
                   "Also count what each further choice would find.")},
    }  # fmt: skip


SEARCH_PROPERTIES = _search_properties()


def openapi_query_parameters(
    properties: Mapping[str, Mapping[str, Any]], *required: str
) -> list[dict]:
    """Return properties as OpenAPI's parameters of an address."""
    return [
        {
            "in": "query",
            "name": name,
            "required": name in required,
            "schema": {key: value for key, value in schema.items() if key != "description"},
            "description": schema.get("description", ""),
        }
        for name, schema in properties.items()
    ]


def request_body(properties: Mapping[str, Mapping[str, Any]], *required: str) -> dict:
    """Return properties as OpenAPI's body of a POST: JSON, or a form."""
    schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return {"required": True, "content": {JSON: {"schema": schema}, FORM: {"schema": schema}}}
