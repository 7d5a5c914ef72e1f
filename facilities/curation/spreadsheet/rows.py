"""The cells of a facility's row."""

from collections.abc import Mapping

from ...facts.registry import format_value
from ...facts.stored_values import DENIED, OFFERED
from ...models import Facility
from .cells import escape_formula
from .columns import AS_EXPORTED, CHECKED_PREFIX, SheetLayout, is_service_column
from .diff import exported_value
from .export_snapshot import ExportSnapshot

_ANSWERS = {answer: format_value("service:methadone", answer) for answer in (OFFERED, DENIED, None)}


def sheet_row_cells(facility: Facility, days: Mapping[str, str], layout: SheetLayout) -> list[str]:
    """Return the row as text. ``days``: fact -> the day of its newest check, as 2024-03-01."""
    values = {fact: exported_value(facility, fact) for fact in layout.facts}
    texts: dict[str, str] = {
        fact: escape_formula(format_value(fact, value)) for fact, value in values.items()
    }
    texts |= _read_only_cells(facility)
    has_services = bool(layout.services)
    if has_services:
        offered = {service.fact for service in facility.offered}
        denied = {service.fact for service in facility.denied}
        yes, no, unknown = (_ANSWERS[answer] for answer in (OFFERED, DENIED, None))
    row = []
    for key in layout.keys:
        if is_service_column(key):
            row.append(yes if key in offered else no if key in denied else unknown)
        elif key.startswith(CHECKED_PREFIX):
            row.append(days.get(key.removeprefix(CHECKED_PREFIX), ""))
        elif key == AS_EXPORTED:
            sets = (facility.offered, facility.denied) if has_services else (None,)
            row.append(ExportSnapshot(facility.code, values, *sets).pack())
        else:
            row.append(texts[key])
    return row


def _read_only_cells(facility: Facility) -> dict[str, str]:
    is_placed = facility.latitude is not None
    position = f"{facility.latitude:.5f}, {facility.longitude:.5f}" if is_placed else ""
    checked_on = facility.last_verified_on
    return {
        "uuid": str(facility.uuid),
        "code": facility.code,
        "status": facility.status,
        "position": escape_formula(position),
        "last_verified_on": checked_on.isoformat() if checked_on else "",
    }
