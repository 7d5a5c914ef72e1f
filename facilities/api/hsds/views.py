"""The answers of the API: lists in pages or line by line, and single objects."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from ...exports.hsds import VERSION, mapping
from ...exports.hsds.terms import taxonomy, taxonomy_terms, terms_by_id
from ...exports.open_records import (
    BATCH,
    PUBLIC_STATUSES,
    OpenRecord,
    last_change_times,
    read_record_page,
    read_records,
    records_of,
    stated_by_release,
)
from ...models import Facility
from ...text_normalization import normalize_text
from ...web.problem_details import problem_response
from ..client_limit import rate_limit_message, seconds_until_next_request
from . import parameters
from .openapi import LISTS, hsds_openapi_document
from .selection import (
    Organization,
    all_organizations,
    facilities_by_organization,
    is_unfiltered,
    listed_count,
    organizations_by_id,
    select_facilities,
    select_organizations,
)

NDJSON = "application/x-ndjson"


@dataclass(frozen=True)
class ListContents:
    """What a list holds: how many there are, and how to make those from one place to another."""

    total: int
    part: Callable[[int, int], Iterable[dict]]


def hsds_view(*methods: str) -> Callable:
    """Let a view answer these methods, so often to a client, and a bad parameter with a problem."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt  # it reads no cookie and changes nothing
        @wraps(view)
        def answer(request: HttpRequest, **arguments) -> HttpResponse:
            if request.method not in methods:
                headers = {"Allow": ", ".join(methods)}
                return problem_response(405, "This address takes no such request.", headers=headers)
            if seconds := seconds_until_next_request(request):
                return problem_response(
                    429, rate_limit_message(), headers={"Retry-After": str(seconds)}
                )
            try:
                return view(request, **arguments)
            except parameters.InvalidParameter as error:
                return problem_response(400, error.sentence, parameter=error.name)

        return answer

    return decorate


item_view = hsds_view("GET", "HEAD")
list_view = hsds_view("GET", "HEAD", "POST")


@item_view
def about_this_api(request: HttpRequest) -> HttpResponse:
    """Answer "/": the version, and where the profile and the OpenAPI document are."""

    def address(name: str) -> str:
        return request.build_absolute_uri(reverse(name))

    return JsonResponse(
        {
            "version": VERSION,
            "profile": address("facilities:hsds_profile"),
            "openapi_url": address("hsds:openapi"),
        }
    )


@item_view
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(hsds_openapi_document(request.build_absolute_uri(reverse("hsds:about"))))


@list_view
def list_services(request: HttpRequest) -> HttpResponse:
    chosen = parameters.read_parameters(request, LISTS["services"])
    facilities = select_facilities(chosen)
    if chosen["minimal"]:
        contents = _minimal(facilities)
        return _list_response(chosen | {"per_page": max(1, contents.total)}, contents)
    to_object = mapping.hsds_service if chosen["full"] else mapping.service_summary
    return _list_response(chosen, _of_facilities(facilities, chosen, to_object))


@list_view
def list_service_at_locations(request: HttpRequest) -> HttpResponse:
    chosen = parameters.read_parameters(request, LISTS["service_at_locations"])
    to_object = (
        mapping.service_at_location if chosen["full"] else mapping.service_at_location_summary
    )
    return _list_response(chosen, _of_facilities(select_facilities(chosen), chosen, to_object))


@list_view
def list_organizations(request: HttpRequest) -> HttpResponse:
    chosen = parameters.read_parameters(request, LISTS["organizations"])
    found = select_organizations(chosen)

    def part(start: int, stop: int) -> Iterable[dict]:
        if chosen["full"] or chosen["full_service"]:
            return _whole_organizations(found[start:stop], is_full=chosen["full_service"])
        return (organization.summary for organization in found[start:stop])

    return _list_response(chosen, ListContents(len(found), part))


@list_view
def list_taxonomies(request: HttpRequest) -> HttpResponse:
    chosen = parameters.read_parameters(request, LISTS["taxonomies"])
    return _list_response(chosen, _of_sequence(_containing([taxonomy()], chosen["search"])))


@list_view
def list_taxonomy_terms(request: HttpRequest) -> HttpResponse:
    chosen = parameters.read_parameters(request, LISTS["taxonomy_terms"])
    terms = _containing(taxonomy_terms(), chosen["search"])
    if chosen["taxonomy_id"]:
        terms = [term for term in terms if term["taxonomy_id"] == chosen["taxonomy_id"]]
    if chosen["top_only"]:
        terms = [term for term in terms if "parent_id" not in term]
    if chosen["parent_id"]:
        terms = [term for term in terms if term.get("parent_id") == chosen["parent_id"]]
    return _list_response(chosen, _of_sequence(terms))


@item_view
def read_service(request: HttpRequest, key: UUID) -> HttpResponse:
    return _facility_response(request, key, mapping.hsds_service)


@item_view
def read_service_at_location(request: HttpRequest, key: UUID) -> HttpResponse:
    return _facility_response(request, key, mapping.service_at_location)


@item_view
def read_organization(request: HttpRequest, key: UUID) -> HttpResponse:
    chosen = parameters.read_parameters(request, ("full_service",))
    known = organizations_by_id().get(str(key))
    if known is None:
        return problem_response(404, "No organization has this identifier.")
    return JsonResponse(_whole_organizations([known], is_full=chosen["full_service"])[0])


@item_view
def read_taxonomy(request: HttpRequest, key: UUID) -> HttpResponse:
    parameters.read_parameters(request, ())
    if str(key) != taxonomy()["id"]:
        return problem_response(404, "No taxonomy has this identifier.")
    return JsonResponse(taxonomy())


@item_view
def read_taxonomy_term(request: HttpRequest, key: UUID) -> HttpResponse:
    parameters.read_parameters(request, ())
    term = terms_by_id().get(str(key))
    if term is None:
        return problem_response(404, "No term has this identifier.")
    return JsonResponse(term | {"taxonomy_detail": taxonomy()})


def _facility_response(request: HttpRequest, key: UUID, to_object: Callable) -> HttpResponse:
    """Return the facility as an object; what is gone says why, and what took its place."""
    parameters.read_parameters(request, ())
    facility = Facility.objects.filter(uuid=key).select_related("merged_into").first()
    if facility is None or facility.status == Facility.Status.DRAFT:
        return problem_response(404, "No facility has this identifier.")
    if facility.merged_into:
        successor = str(facility.merged_into.uuid)
        detail = "This record was merged into another one of the same facility."
        return problem_response(410, detail, reason="merged", successor=successor)
    if facility.status not in PUBLIC_STATUSES:
        return problem_response(410, "This listing was taken off the site.", reason="hidden")
    record = records_of([facility.pk], timezone.now())[0]
    return JsonResponse(to_object(record, _organization_of(record, all_organizations())))


def _of_facilities(
    facilities: QuerySet[Facility], chosen: Mapping[str, Any], to_object: Callable
) -> ListContents:
    now = timezone.now()

    def part(start: int, stop: int) -> Iterator[dict]:
        organizations = all_organizations()
        read = read_record_page if stop - start <= BATCH else read_records
        for record in read(facilities[start:stop], now, with_checks=chosen["full"]):
            yield to_object(record, _organization_of(record, organizations))

    total = listed_count() if is_unfiltered(chosen) else facilities.count()
    return ListContents(total, part)


def _organization_of(record: OpenRecord, organizations: Mapping[str, Organization]) -> dict:
    name = record.values["name"]
    return organizations.get(name, Organization(name)).summary


def _minimal(facilities: QuerySet[Facility]) -> ListContents:
    rows = list(facilities.values_list("uuid", "source_release_id"))

    def part(start: int, stop: int) -> Iterator[dict]:
        releases = stated_by_release()
        for first in range(start, min(stop, len(rows)), BATCH):
            batch = rows[first : first + BATCH]
            modified = last_change_times(uuid for uuid, _release in batch)
            for uuid, release in batch:
                stated_by = releases.get(release)
                moment = modified.get(uuid) or (stated_by and stated_by.loaded_at)
                yield {"id": str(uuid), "modified_date": mapping.format_moment(moment)}

    return ListContents(len(rows), part)


def _of_sequence(objects: Sequence[dict]) -> ListContents:
    return ListContents(len(objects), lambda start, stop: objects[start:stop])


def _containing(objects: Iterable[dict], text: str | None) -> list[dict]:
    words = normalize_text(text or "").split()
    return [
        each
        for each in objects
        if all(word in normalize_text(f"{each['name']} {each['description']}") for word in words)
    ]


def _whole_organizations(chosen: Sequence[Organization], *, is_full: bool) -> list[dict]:
    keys = facilities_by_organization([organization.name for organization in chosen])
    now = timezone.now()
    of_any = [key for each in keys.values() for key in each]
    records = {record.key: record for record in records_of(of_any, now)}
    whole = []
    for organization in chosen:
        summary = organization.summary
        own = [records[key] for key in keys[organization.name] if key in records]
        whole.append(
            summary
            | {
                "services": [
                    mapping.hsds_service(record, summary)
                    if is_full
                    else {"id": str(record.uuid), "name": organization.name, "status": "active"}
                    for record in own
                ],
                "locations": [mapping.location(record) for record in own],
                "organization_identifiers": [
                    identifier
                    for record in own
                    for identifier in mapping.organization_identifiers(record, summary["id"])
                ],
            }
        )
    return whole


def _list_response(chosen: Mapping[str, Any], contents: ListContents) -> HttpResponse:
    if chosen["format"] == "ndjson":
        lines = (json.dumps(each) + "\n" for each in contents.part(0, contents.total))
        return StreamingHttpResponse(lines, content_type=NDJSON)
    page, per_page = chosen["page"], chosen["per_page"]
    pages = max(1, -(-contents.total // per_page))
    start = (page - 1) * per_page
    part = list(contents.part(start, start + per_page)) if start < contents.total else []
    return JsonResponse(
        {
            "total_items": contents.total,
            "total_pages": pages,
            "page_number": page,
            "size": len(part),
            "first_page": page == 1,
            "last_page": page >= pages,
            "empty": not part,
            "contents": part,
        }
    )
