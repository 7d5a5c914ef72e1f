"""The page and the file of what SAMHSA or a state may take over from us."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from ..curation.federal_differences import FederalDifference, read_federal_differences
from ..curation.spreadsheet.cells import escape_formula
from ..facts.registry import display_value, fact_label
from ..roles import VERIFY_FACILITY
from ..web.context_processors import service_area

MAX_SHOWN = 500
COLUMNS = (
    "code", "name", "street", "city", "state", "zip", "fact", "list", "edition",
    "list said when we checked", "list says", "we found", "checked on", "how", "evidence",
    "taken over",
)  # fmt: skip


def federal_difference_urls(site) -> list:
    csv_page = site.page(federal_differences_csv, VERIFY_FACILITY)
    return [
        path(
            "federal-differences/",
            site.page(federal_differences_page, VERIFY_FACILITY),
            name="federal_differences",
        ),
        path("federal-differences/differences.csv", csv_page, name="federal_differences_csv"),
    ]


def differences_in_service_area() -> list[FederalDifference]:
    return read_federal_differences(service_area(), timezone.localdate())


@require_safe
def federal_differences_page(request, context: dict) -> HttpResponse:
    found = differences_in_service_area()
    context |= {
        "title": gettext("Differences from the federal list"),
        "open": sum(not each.is_taken_over for each in found),
        "taken_over": sum(each.is_taken_over for each in found),
        "rows": [
            (each, fact_label(each.fact, get_language()), *difference_values(each))
            for each in found[:MAX_SHOWN]
        ],
        "left": max(0, len(found) - MAX_SHOWN),
    }
    return render(request, "admin/federal_differences/page.html", context)


@require_safe
def federal_differences_csv(request, context: dict) -> HttpResponse:
    found = differences_in_service_area()
    name = f"differences-{timezone.localdate():%Y-%m-%d}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for each in found:
        facility, release = each.facility, each.release
        street = "" if facility.is_address_confidential else facility.street
        cells = [
            facility.code, facility.name, street, facility.city, facility.state, facility.zip,
            fact_label(each.fact, get_language()),
            release.get_source_display() if release else "", release.edition if release else "",
            *difference_values(each), each.check.checked_at.date().isoformat(),
            each.check.get_method_display(), each.check.evidence_url,
            gettext("yes") if each.is_taken_over else gettext("no"),
        ]  # fmt: skip
        writer.writerow([escape_formula(str(cell)) for cell in cells])
    return answer


def difference_values(each: FederalDifference) -> tuple[str, str, str]:
    """Return what the list said at the time of the check, what it says now, and what we found."""
    return tuple(
        display_value(each.fact, value) for value in (each.was_stated, each.is_stated, each.found)
    )
