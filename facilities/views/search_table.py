"""The results of a search as a table of one line each, and the same as tab-separated values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from ..curation.disputes import card_doubts
from ..curation.self_service.availability import availability_sentences
from ..curation.spreadsheet.cells import escape_formula
from ..models import Facility
from ..presenters.table_row import (
    PAYMENT_COLUMNS,
    TableRow,
    table_row,
)
from ..rules.medications import MEDICATIONS
from ..search.query import SearchQuery
from ..search.run import SearchResults
from ..taxonomy import VOCABULARY


@dataclass(frozen=True)
class TableColumn:
    """A heading; ``parts`` are the headings of the columns that stand under it."""

    name: str
    heading: str
    parts: tuple[str, ...] = ()


def table_columns(query: SearchQuery, language: str) -> list[TableColumn]:
    """Return the columns of the page; without miles where they would mean nothing."""
    medications = [VOCABULARY[medication.slug].label(language) for medication in MEDICATIONS]
    columns = [
        TableColumn("name", gettext("Name")),
        TableColumn("kind", gettext("Kind")),
        TableColumn("town", gettext("Town")),
        TableColumn("distance", gettext("Miles")),
        TableColumn("phone", gettext("Phone")),
        TableColumn("detox", gettext("Detox")),
        TableColumn("medication", gettext("Medication"), (*medications, gettext("Own Rx"))),
        TableColumn("payment", gettext("Payment"), tuple(map(str, PAYMENT_COLUMNS.values()))),
        TableColumn("accepts", gettext("Accepts")),
        TableColumn("checked", gettext("List, our check")),
    ]
    return [column for column in columns if column.name != "distance" or query.shows_distance]


def copy_headings(query: SearchQuery, language: str) -> list[str]:
    """Return a heading for each cell of a copied row, which also has its address and its page."""
    columns = table_columns(query, language)
    headings = [heading for column in columns for heading in column.parts or (column.heading,)]
    return [*headings, gettext("Address"), gettext("Page")]


def table_rows(query: SearchQuery, results: SearchResults, language: str) -> Iterator[TableRow]:
    """Yield one row for each facility of the page."""
    facilities = [hit.facility for hit in results.hits]
    available = availability_sentences(facilities, timezone.now())
    doubts = card_doubts(facilities, timezone.localdate())
    for hit in results.hits:
        key = hit.facility.pk
        yield table_row(
            hit.facility,
            miles=hit.miles,
            origin=query.area.point,
            language=language,
            notes=" ".join(filter(None, (doubts.get(key, ""), available.get(key, "")))),
        )


def table_context(query: SearchQuery, results: SearchResults, language: str) -> dict:
    """What the template shows of the table."""
    rows = [*table_rows(query, results, language)]
    names = Counter(row.name for row in rows)
    return {
        "rows": rows,
        "repeated_names": {name for name, count in names.items() if count > 1},
        "columns": table_columns(query, language),
        "copy_headings": copy_headings(query, language),
    }


def table_row_cells(row: TableRow, *, with_distance: bool) -> tuple[str, ...]:
    """Return the texts of a row, in the order of the columns."""
    return (
        ", ".join(filter(None, (row.name, row.program_name))),
        row.kind,
        row.town,
        *([row.distance] if with_distance else []),
        row.phone or missing_phone_text(row.facility),
        row.detox,
        *row.medications,
        *row.payments,
        "; ".join(filter(None, (row.exclusions, row.accepts))),
        ". ".join(filter(None, (row.checked, row.notes))),
    )


def missing_phone_text(facility: Facility) -> str:
    if facility.phone_suspended_on:
        return gettext("taken down; SAMHSA: 1-800-662-4357")
    return gettext("not reported")


def tab_separated(
    query: SearchQuery, results: SearchResults, language: str, origin: str
) -> HttpResponse:
    """Answer with the rows as a file that a spreadsheet opens and runs nothing of.

    ``origin`` stands before the path of each facility's page.
    """
    lines: list[tuple] = [tuple(copy_headings(query, language))]
    for row in table_rows(query, results, language):
        link = origin + row.facility.get_absolute_url()
        lines.append((*table_row_cells(row, with_distance=query.shows_distance), row.address, link))
    text = "".join("\t".join(map(_cell, line)) + "\r\n" for line in lines)
    response = HttpResponse(text, content_type="text/tab-separated-values; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="facilities.tsv"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _cell(value) -> str:
    """One cell: a tab or a line break within it would begin another."""
    return escape_formula(" ".join(str(value).split()))
