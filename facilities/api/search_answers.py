"""The answer to a search by API, in each format; the same facilities in the page's order."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language

from ..curation.spreadsheet.cells import escape_formula
from ..models.page_records import find_listed_complete
from ..search.run import MatchedFacilities, count_options, match_facilities
from .cursors import SearchCursor
from .flat_record import RecordContext, csv_headings, csv_rows, flat_record, geojson_feature
from .parameters import SEARCH_PROPERTIES, ApiSearch, ResponseFormat, read_parameters, read_search

# Search engines index the pages.
IN_NO_INDEX = {"X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class ResultPage:
    """The records of one answer. ``cursor``: what the next one begins with; None at the end."""

    matched: MatchedFacilities
    records: Sequence[dict]
    cursor: str | None


def search_response(request: HttpRequest) -> HttpResponse:
    asked = read_search(read_parameters(request, SEARCH_PROPERTIES))
    page = find_result_page(asked, record_context(request, asked))
    response = {
        ResponseFormat.JSON: json_answer,
        ResponseFormat.GEOJSON: geojson_answer,
        ResponseFormat.CSV: csv_answer,
    }[asked.response_format](asked, page)
    if page.cursor and request.method != "POST":
        response.headers["Link"] = f'<{next_page_url(request, page.cursor)}>; rel="next"'
    return response


def record_context(request: HttpRequest, asked: ApiSearch | None = None) -> RecordContext:
    return RecordContext(
        origin=f"{request.scheme}://{request.get_host()}",
        language=get_language(),
        today=timezone.localdate(),
        point=asked.query.area.point if asked and asked.query.shows_distance else None,
    )


def find_result_page(asked: ApiSearch, context: RecordContext) -> ResultPage:
    matched = match_facilities(asked.query)
    start = asked.cursor.start(matched) if asked.cursor else 0
    stop = start + asked.limit
    keys = [int(key) for key in matched.first_ids(stop)[start:]]
    found = find_listed_complete(keys)
    records = [flat_record(found[key], context) for key in keys if key in found]
    is_last = stop >= matched.total or not keys
    cursor = None if is_last else SearchCursor(stop, keys[-1]).write(asked.query)
    return ResultPage(matched, records, cursor)


def json_answer(asked: ApiSearch, page: ResultPage) -> HttpResponse:
    content = {"total": page.matched.total, "results": page.records, "next": page.cursor}
    return json_response(content | _extras(asked, page))


def geojson_answer(asked: ApiSearch, page: ResultPage) -> HttpResponse:
    content = {
        "type": "FeatureCollection",
        "total": page.matched.total,
        "next": page.cursor,
        "features": [geojson_feature(record) for record in page.records],
    }
    return json_response(content | _extras(asked, page), content_type="application/geo+json")


def csv_answer(asked: ApiSearch, page: ResultPage) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(csv_headings())
    for row in csv_rows(page.records):
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    response = HttpResponse(
        text.getvalue(), content_type="text/csv; charset=utf-8", headers=IN_NO_INDEX
    )
    response.headers["Content-Disposition"] = 'attachment; filename="facilities.csv"'
    return response


def _extras(asked: ApiSearch, page: ResultPage) -> dict:
    """Return what only some answers have: counts, and what free words were read as."""
    extras = {}
    if asked.wants_counts:
        extras["counts"] = count_options(asked.query, page.matched)
    if asked.understood is not None:
        extras["understood"] = asked.understood
    return extras


def json_response(
    content: dict, *, status: int = 200, content_type: str = "application/json"
) -> HttpResponse:
    """Write a prepared dictionary as it is."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type=content_type, headers=IN_NO_INDEX)


def next_page_url(request: HttpRequest, cursor: str) -> str:
    pairs = [(name, values) for name, values in request.GET.lists() if name != "cursor"]
    query = urlencode([*pairs, ("cursor", cursor)], doseq=True)
    return request.build_absolute_uri(f"{request.path}?{query}")
