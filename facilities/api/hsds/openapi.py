"""The OpenAPI document of the API, made from the parameters that each list takes."""

from collections.abc import Mapping
from typing import Any

from ...exports.hsds import VERSION
from .parameters import PARAMETERS, Parameter

PAGES = ("search", "page", "per_page", "format")
TERMS = ("taxonomy_term_id", "taxonomy_id")
NEAR = ("place", "lat", "lon", "within_miles")
# Name of a list, which is also its path -> the parameters that it takes.
LISTS: Mapping[str, tuple[str, ...]] = {
    "services": (*PAGES, *TERMS, "organization_id", "modified_after", "minimal", "full",
                 "postcode", "proximity", *NEAR),
    "service_at_locations": (*PAGES, *TERMS, "organization_id", "modified_after", "full",
                             "postcode", "proximity", *NEAR),
    "organizations": (*PAGES, *TERMS, "full", "full_service"),
    "taxonomies": PAGES,
    "taxonomy_terms": (*PAGES, "taxonomy_id", "top_only", "parent_id"),
}  # fmt: skip
ITEM_PARAMETERS = {"organizations": ("full_service",)}
OBJECT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
_COUNT = {"type": "integer", "minimum": 0}
_FLAG = {"type": "boolean"}
PAGE = {
    "type": "object",
    "required": ["total_items", "total_pages", "page_number", "size", "contents"],
    "properties": {
        "total_items": _COUNT,
        "total_pages": _COUNT,
        "page_number": _COUNT,
        "size": _COUNT,
        "first_page": _FLAG,
        "last_page": _FLAG,
        "empty": _FLAG,
        "contents": {"type": "array", "items": OBJECT},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
        "reason": {"type": "string"},
        "successor": {"type": "string"},
    },
}
ABOUT = {
    "type": "object",
    "required": ["version", "profile", "openapi_url"],
    "properties": {
        "version": {"type": "string"},
        "profile": {"type": "string", "format": "uri"},
        "openapi_url": {"type": "string", "format": "uri"},
    },
}


def hsds_openapi_document(server: str) -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/": {"get": _operation("about", "The version and the profile of this API.", (), ABOUT)}
    }
    for name, accepted in LISTS.items():
        words = name.replace("_", " ")
        paths[f"/{name}"] = {
            "get": _operation(f"list_{name}", f"A page of {words}.", accepted, PAGE),
            "post": _operation(f"search_{name}", f"A page of {words}.", accepted, PAGE)
            | {"requestBody": _body(accepted)},
        }
        item = _operation(
            f"get_{name}", f"One of the {words}.", ITEM_PARAMETERS.get(name, ()), OBJECT
        )
        item["parameters"].append(
            {
                "name": "id", "in": "path", "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        )  # fmt: skip
        item["responses"] |= {"404": _problem("Not known."), "410": _problem("Gone.")}
        paths[f"/{name}/{{id}}"] = {"get": item}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Facilities of substance use treatment as HSDS",
            "version": VERSION,
            "description": "An API of Open Referral's Human Services Data Specification.",
        },
        "servers": [{"url": server.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {"Problem": PROBLEM}},
    }


def _operation(name: str, words: str, accepted: tuple[str, ...], answer: Mapping) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": words,
        "parameters": [_parameter(PARAMETERS[each]) for each in accepted],
        "responses": {
            "200": {"description": words, "content": _contents(answer, accepted)},
            "400": _problem("A parameter cannot be used."),
        },
    }


def _contents(answer: Mapping, accepted: tuple[str, ...]) -> dict[str, Any]:
    lines = {"application/x-ndjson": {"schema": {"type": "string"}}} if "format" in accepted else {}
    return {"application/json": {"schema": answer}} | lines


def _parameter(parameter: Parameter) -> dict[str, Any]:
    added = " An addition of this API." if parameter.is_our_addition else ""
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{parameter.description}{added}",
        "schema": dict(parameter.schema),
    }


def _body(accepted: tuple[str, ...]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {name: dict(PARAMETERS[name].schema) for name in accepted},
        "additionalProperties": False,
    }
    kinds = ("application/json", "application/x-www-form-urlencoded")
    return {"required": False, "content": {kind: {"schema": schema} for kind in kinds}}


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}
