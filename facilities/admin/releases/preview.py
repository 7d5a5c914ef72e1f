"""What the page shows of a release before it is loaded: counts, differences and open decisions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from ...facts.registry import display_value, fact_label, read_written_value
from ...imports.diff import SERVICES, FactChange, facility_changes, new_conflicts
from ...imports.local_lists import require_own_name
from ...imports.plan import LoadOptions, LoadPlan
from ...imports.planning import make_load_plan
from ...imports.read_directory import read_with_positions
from ...models import Facility, RowDecision
from ...places.tables import zip_code_table
from ...rules.freshness import SERVICE_PREFIX
from ...sources.findtreatment import read_findtreatment
from ...sources.hsds import read_hsds
from ...sources.local_list import read_column_map, read_csv_list
from ...sources.rows import ParsedFile
from ..uploads import Upload
from .candidates import CandidateFacility, build_candidates, draw_candidates, locate_row

MAX_ROWS_SHOWN = 50  # of each kind
MAX_CONFLICTS_SHOWN = 200  # decided at once; the others on the page of conflicts
ROW_FIELDS = (
    "row_number", "name", "program_name", "street", "street2", "city", "state", "zip", "phone",
)  # fmt: skip
KINDS = {
    "added": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed"),
    "withdrawn": gettext_lazy("Withdrawn: no longer in the file"),
    "restated": gettext_lazy("Stated again, nothing changed"),
}


def parse_uploaded_release(upload: Upload) -> tuple[ParsedFile, list[str]]:
    """Return the reading and notes for the report. Raises UnusableFile."""
    if upload.is_local_list:
        return _parse_local_list(upload), []
    if upload.is_locator:
        return read_findtreatment(upload.pages, edition=upload.edition), []
    return read_with_positions(upload.workbook, upload.tables, edition=upload.edition)


def _parse_local_list(upload: Upload) -> ParsedFile:
    if upload.column_map_name:
        reading = read_csv_list(
            upload.workbook, read_column_map(upload.column_map), read_written_value,
            edition=upload.edition,
        )  # fmt: skip
    else:
        reading = read_hsds(
            upload.workbook, read_written_value,
            source=upload.source, title=upload.title, edition=upload.edition,
        )  # fmt: skip
    require_own_name(reading.source)
    return reading


def work_out_preview(upload: Upload, today: date) -> dict[str, Any]:
    """Read the file and work out what its load would change, as JSON can hold it; takes seconds.

    Raises UnusableFile or ImportRefused if the file may not be loaded.
    """
    reading, notes = parse_uploaded_release(upload)
    options = LoadOptions(is_partial=upload.is_partial, allows_withdrawals=True)
    plan = make_load_plan(reading, options, zip_code_table(), today, notes)
    conflicts = [*new_conflicts(plan)]
    new = [conflict for conflict in conflicts if conflict.is_new]
    return {
        "sha256": reading.sha256,
        "report": plan.report.as_json(),
        "is_repeated": plan.repeated is not None,
        "loads": plan.has_changes,
        "kinds": [*_kinds(plan)],
        "facts": [(_fact(fact), number) for fact, number in plan.report.facts.items()],
        "conflicts": [_conflict(conflict) for conflict in new[:MAX_CONFLICTS_SHOWN]],
        "conflicts_left": max(0, len(new) - MAX_CONFLICTS_SHOWN),
        "open_conflicts": len(conflicts) - len(new),
        "ambiguous": [*_ambiguous(plan)],
        "share_withdrawn": _share_withdrawn(plan),
    }


def restore_preview_content(content: dict[str, Any]) -> dict[str, Any]:
    """Return what ``work_out_preview`` made as templates take it after a way through JSON."""
    ambiguous = [row | {"map": mark_safe(row["map"])} for row in content["ambiguous"]]
    return content | {"ambiguous": ambiguous}


def _kinds(plan: LoadPlan) -> Iterator[dict]:
    changes = plan.changes
    withdrawn = set(changes.withdrawn)
    keys: Mapping[str, Iterable[int]] = {
        "added": changes.added,
        "changed": [key for key in changes.changed if key not in withdrawn],
        "withdrawn": changes.withdrawn,
        "restated": changes.redated,
    }
    for kind, words in KINDS.items():
        number = len(keys[kind])
        first = islice(keys[kind], MAX_ROWS_SHOWN if kind != "restated" else 0)
        yield {
            "words": str(words),
            "number": number,
            "left": max(0, number - MAX_ROWS_SHOWN),
            "changes": [
                (_facility(change), [*_fact_lines(change)])
                for change in facility_changes(plan, first)
            ],
        }


def _fact_lines(change: FactChange) -> Iterator[tuple[str, str, str]]:
    """Yield (fact, what we show, what we will show) in words, with one line for all services."""
    services: dict[str, list[str]] = defaultdict(list)
    for fact, before, now in change.facts:
        if fact.startswith(SERVICE_PREFIX):
            services[display_value(fact, now)].append(fact_label(fact, get_language()))
        else:
            yield (
                fact_label(fact, get_language()),
                display_value(fact, before),
                display_value(fact, now),
            )
    for answer, names in services.items():
        yield (
            gettext("Services, from now on: %(answer)s") % {"answer": answer},
            "",
            "; ".join(names),
        )


def _facility(change: FactChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ("facility", "code", "name", "place")}


def _conflict(dispute) -> dict[str, Any]:
    disagreement = dispute.disagreement
    return {
        "change": _facility(dispute.change),
        "fact": disagreement.fact,
        "words": fact_label(disagreement.fact, get_language()),
        "ours": display_value(disagreement.fact, disagreement.shown_value),
        "theirs": display_value(disagreement.fact, disagreement.source_value),
    }


def _ambiguous(plan: LoadPlan) -> Iterator[dict[str, Any]]:
    """Yield the ambiguous rows of the file, with what each may be, or was decided to be."""
    if plan.repeated is not None:
        return
    decided = dict(
        RowDecision.objects.filter(sha256=plan.reading.sha256, is_left_out=False)
        .order_by("row_number")
        .values_list("row_number", "facility_id")
    )  # fmt: skip
    candidates = {number: (facility,) for number, facility in decided.items() if facility}
    candidates |= dict.fromkeys((number for number in decided if not decided[number]), ())
    candidates |= plan.candidates
    facilities = Facility.objects.in_bulk({key for keys in candidates.values() for key in keys})
    rows = {row.row_number: row for row in plan.reading.rows}
    for number in sorted(candidates.keys() & rows.keys()):
        place = locate_row(rows[number], rows[number].position)
        numbered = build_candidates(place, [facilities[key] for key in candidates[number]])
        choices = [(_full_description(each), number in decided) for each in numbered]
        if number in decided and not numbered:
            choices = [(gettext("A facility of its own"), True)]
        yield {
            "row": {name: getattr(rows[number], name) for name in ROW_FIELDS},
            "choices": choices,
            "map": draw_candidates(number, place, numbered, element=f"row-{number}"),
        }


def _full_description(candidate: CandidateFacility) -> str:
    """Return everything that a person compares with a row."""
    facility = candidate.facility
    parts = (facility.name, facility.program_name, facility.street, facility.street2)
    place = (facility.city, f"{facility.state} {facility.zip}", facility.phone)
    words = ", ".join(filter(None, parts + place))
    return f"{candidate.number}. {words} ({facility.code}): {candidate.distance}"


def _share_withdrawn(plan: LoadPlan) -> int:
    listed = sum(columns["status"] == "listed" for columns in plan.snapshot.columns.values())
    return round(100 * len(plan.changes.withdrawn) / listed) if listed else 0


def _fact(fact: str) -> str:
    return gettext("Services") if fact == SERVICES else fact_label(fact, get_language())
