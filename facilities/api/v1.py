"""Version 1 of the API: its addresses, and what each answers. It only grows."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from ninja import NinjaAPI, Schema
from ninja.errors import Throttled
from ninja.throttling import BaseThrottle

from ..curation.disputes import disputed_facts
from ..curation.listing_doubts import listing_doubts, read_listing_evidence
from ..curation.self_service.availability import availability_sentences
from ..exports.snapshots.files import PACKAGE
from ..models import Facility, Verification
from ..models.facility import CODE_LENGTH
from ..models.page_records import find_by_codes
from ..presenters.closure_notice import closure_notice
from ..web.problem_details import problem_response
from . import schemas
from .changes import UnknownVersion, change_record, changes_after, current_cursor
from .client_limit import rate_limit_message, seconds_until_next_request
from .complete_record import ShortLivedStatus, complete_record
from .conditional import SAFE, current_etag, set_etag, with_version_etag
from .cursors import CHANGE_CURSOR, ChangeCursor, InvalidCursor
from .parameters import (
    MAX_LIMIT,
    SEARCH_PROPERTIES,
    InvalidParameters,
    UnsupportedBody,
    openapi_query_parameters,
    read_limit,
    read_optional_text,
    read_parameters,
    refuse_unknown_parameters,
    request_body,
)
from .reference_answers import (
    COMPARE_PROPERTIES,
    PLACE_PROPERTIES,
    compare_answer,
    places_answer,
    services_answer,
)
from .search_answers import json_response, record_context, search_response
from .tombstones import hidden_tombstone, merged_tombstone, withdrawn_tombstone

CHANGES_LIMIT = 500
CHANGE_PROPERTIES = {
    "since": {
        "type": "string",
        "pattern": f"^{CHANGE_CURSOR.pattern}$",
        "description": _lazy(
            "“cursor” of the answer before, or of a snapshot. Without it the answer is empty, and "
            "has the cursor of the data as they are now."
        ),
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_LIMIT,
        "description": _lazy("How many changes: 500 unless chosen."),
    },
}
IN_PRIVATE = _lazy("Answers the same as to a GET. What somebody needs then stands in no address.")
# What the newest published files are, and the cursor of their data.
NEWEST_SNAPSHOT = ("latest", PACKAGE)


class ClientThrottle(BaseThrottle):
    """Allows each client so many requests a minute and process; 0 is no limit."""

    seconds = 0

    def allow_request(self, request: HttpRequest) -> bool:
        request.seconds_to_wait = seconds_until_next_request(request)
        return request.seconds_to_wait == 0

    def wait(self) -> None:
        """The handler of the error says how long."""


api = NinjaAPI(
    title="Open Treatment Directory",
    version="1",
    urls_namespace="api:v1",
    docs_url=None,
    openapi_url=None,
    throttle=[ClientThrottle()],
)
READ = [*SAFE]


def response_schemas(schema: type[Schema], *statuses: int) -> dict[int, type[Schema]]:
    """Return what the document says: the answer, and the problems that may come instead."""
    return {200: schema} | dict.fromkeys((*statuses, 429), schemas.ProblemDetails)


def by_get_and_post(
    path: str,
    properties: dict[str, dict],
    *required: str,
    operation_id: str,
    summary: str,
    private_summary: str,
    description: str,
    tag: str,
    schema: type[Schema],
):
    """Register a view for GET, and for POST with the same parameters in the body.

    What somebody needs then stands in no address, nor in the log of a proxy.
    """

    def register(view):
        parameters = openapi_query_parameters(properties, *required)
        body = request_body(properties, *required)
        in_address = api.api_operation(
            READ,
            path,
            operation_id=operation_id,
            summary=summary,
            description=description,
            tags=[tag],
            response=response_schemas(schema, 400),
            openapi_extra={"parameters": parameters},
        )
        in_body = api.post(
            path,
            operation_id=f"{operation_id}_in_private",
            summary=private_summary,
            description=IN_PRIVATE,
            tags=[tag],
            response=response_schemas(schema, 400, 415),
            openapi_extra={"requestBody": body},
        )
        return in_body(in_address(view))

    return register


@by_get_and_post(
    "/facilities/",
    SEARCH_PROPERTIES,
    operation_id="search_facilities",
    summary=_lazy("Search facilities"),
    private_summary=_lazy("Search facilities, with the parameters in the body"),
    description=_lazy(
        "Answers with the facilities of the search page with the same parameters, in "
        "the same order."
    ),
    tag="Facilities",
    schema=schemas.FacilityList,
)
@with_version_etag
def facilities(request: HttpRequest) -> HttpResponse:
    return search_response(request)


@api.api_operation(
    READ,
    "/facilities/{code}/",
    operation_id="read_facility",
    summary=_lazy("Everything known of one facility"),
    description=_lazy(
        "Gives each fact with its source, date and method, with conflicts and history. "
        "A listing that was merged or hidden leaves a tombstone; of a withdrawn one "
        "everything is still told."
    ),
    tags=["Facilities"],
    response=response_schemas(schemas.CompleteFacility, 404)
    | {301: schemas.Tombstone, 410: schemas.Tombstone},
)
def facility(request: HttpRequest, code: str) -> HttpResponse:
    refuse_unknown_parameters(request.GET)
    found = next(iter(find_by_codes([code.lower()])), None) if len(code) == CODE_LENGTH else None
    if found is None or found.status == Facility.Status.DRAFT and not found.merged_into_id:
        raise Http404
    context = record_context(request)
    if found.merged_into_id:
        stone = merged_tombstone(found, context)
        response = json_response(stone, status=301 if stone["successor"] else 410)
        if stone["successor"]:
            kept = stone["successor"]["code"]
            response.headers["Location"] = request.build_absolute_uri(
                reverse("api:v1:facility", args=[kept])
            )
        return response
    if found.status == Facility.Status.HIDDEN:
        return json_response(hidden_tombstone(found), status=410)
    statements = read_listing_evidence([found.pk])
    doubts = listing_doubts([found], timezone.localdate(), statements)
    now = ShortLivedStatus(
        phone_warning=doubts.get(found.pk, ""),
        disputed=disputed_facts(statements).get(found.pk, {}),
        availability=availability_sentences([found], timezone.now()).get(found.pk, ""),
    )
    tag = current_etag(now.phone_warning, now.availability, str(now.disputed))
    held = get_conditional_response(request, etag=tag)
    if held is None:
        stone = None
        if found.status == Facility.Status.WITHDRAWN:
            checks = Verification.objects.standing().filter(facility=found)
            stone = withdrawn_tombstone(found, closure_notice(found, checks))
        held = json_response(complete_record(found, context, now) | {"tombstone": stone})
    return set_etag(held, tag)


@api.api_operation(
    READ,
    "/services/",
    operation_id="list_services",
    summary=_lazy("The taxonomy of services"),
    description=_lazy("Lists every service that a facility may offer, in both languages."),
    tags=["Reference"],
    response=response_schemas(schemas.ServiceList, 400),
)
@with_version_etag
def services(request: HttpRequest) -> HttpResponse:
    refuse_unknown_parameters(request.GET)
    return json_response(services_answer())


@by_get_and_post(
    "/places/",
    PLACE_PROPERTIES,
    "q",
    operation_id="find_places",
    summary=_lazy("Find a place"),
    private_summary=_lazy("Find a place, with the text in the body"),
    description=_lazy("Returns what a text means as a place, and what else it may mean."),
    tag="Reference",
    schema=schemas.PlaceList,
)
@with_version_etag
def places(request: HttpRequest) -> HttpResponse:
    return json_response(places_answer(read_parameters(request, PLACE_PROPERTIES), get_language()))


@by_get_and_post(
    "/compare/",
    COMPARE_PROPERTIES,
    "code",
    operation_id="compare_facilities",
    summary=_lazy("Two to five facilities side by side"),
    private_summary=_lazy("Two to five facilities side by side, named in the body"),
    description=_lazy("Returns the rows of the page that compares facilities."),
    tag="Facilities",
    schema=schemas.ComparisonAnswer,
)
@with_version_etag
def compare(request: HttpRequest) -> HttpResponse:
    parameters = read_parameters(request, COMPARE_PROPERTIES)
    return json_response(compare_answer(parameters, record_context(request)))


@api.api_operation(
    READ,
    "/changes/",
    operation_id="list_changes",
    summary=_lazy("What changed since you last asked"),
    description=_lazy(
        "Lists changes in order. To keep a copy: take the cursor, copy everything, then "
        "ask since it."
    ),
    tags=["Changes"],
    response=response_schemas(schemas.ChangeList, 400, 410),
    openapi_extra={"parameters": openapi_query_parameters(CHANGE_PROPERTIES)},
)
@with_version_etag
def changes(request: HttpRequest) -> HttpResponse:
    parameters = read_parameters(request, CHANGE_PROPERTIES)
    refuse_unknown_parameters(parameters, *CHANGE_PROPERTIES)
    since, limit = read_optional_text(parameters, "since"), read_limit(parameters, CHANGES_LIMIT)
    if not since:
        return _changes_response([], str(current_cursor()), is_last=True)
    try:
        page = changes_after(ChangeCursor.read(since), limit)
    except InvalidCursor:
        raise InvalidParameters(("since", _("This is no cursor of ours."))) from None
    context = record_context(request)
    records = [change_record(change, context.origin) for change in page.changes]
    return _changes_response(records, str(page.cursor), is_last=page.is_last)


def _changes_response(records: list[dict], cursor: str, *, is_last: bool) -> HttpResponse:
    return json_response(
        {
            "total": len(records),
            "results": records,
            "next": None if is_last else cursor,
            "cursor": cursor,
        }
    )


def _problem(
    request: HttpRequest, status: int, kind: str, title: str, detail: str, **more
) -> HttpResponse:
    """Answer with a problem of a kind that the page of the API explains."""
    address = request.build_absolute_uri(reverse("facilities:api"))
    return problem_response(status, detail, title=title, type=f"{address}#{kind}", **more)


def not_found(request: HttpRequest, path: str = "") -> HttpResponse:
    return _problem(
        request, 404, "not-found", _("There is no such thing"), _("We have nothing here.")
    )


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return not_found(request)


@api.exception_handler(InvalidParameters)
def _invalid(request: HttpRequest, error: InvalidParameters) -> HttpResponse:
    named = [{"parameter": name, "detail": str(words)} for name, words in error.errors]
    return _problem(
        request,
        400,
        "invalid-parameter",
        _("A parameter is not right"),
        " ".join(each["detail"] for each in named),
        errors=named,
        **error.members,
    )


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return _invalid(request, InvalidParameters(("", _("We could not read that."))))


@api.exception_handler(UnsupportedBody)
def _unsupported(request: HttpRequest, error: UnsupportedBody) -> HttpResponse:
    return _problem(
        request,
        415,
        "unsupported-body",
        _("We cannot read this type of body"),
        _("Send the body as application/json or application/x-www-form-urlencoded."),
    )


@api.exception_handler(UnknownVersion)
def _unknown_version(request: HttpRequest, error: UnknownVersion) -> HttpResponse:
    unknown = _("We do not know this cursor any more")
    return _problem(
        request,
        410,
        "unknown-cursor",
        unknown,
        _("Begin anew with the newest snapshot: it names the cursor of its data."),
        errors=[{"parameter": "since", "detail": unknown}],
        snapshot=request.build_absolute_uri(reverse("unlocalized:data_file", args=NEWEST_SNAPSHOT)),
    )


@api.exception_handler(Throttled)
def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    return _problem(
        request,
        429,
        "too-many-requests",
        _("Too many requests"),
        rate_limit_message(),
        headers={"Retry-After": str(request.seconds_to_wait)},
    )
