"""Compares a row of a sheet with its facility: changed cells, and cells that are out of date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...facts.registry import FACTS, PRIVATE_FACTS, clean_value, format_value, parse_value
from ...facts.stored_values import DENIED, OFFERED
from ...models import Facility, Verification
from ...taxonomy import Service
from .. import FactCheck, InvalidValue
from ..two_person_rule import is_guarded
from .cells import is_cell_unchanged, unescape_cell
from .columns import SheetLayout
from .export_snapshot import ExportSnapshot


@dataclass(frozen=True)
class CellChange:
    """A fact with the value shown now and the new one.

    ``waits``: it takes a second check before it is shown.
    """

    fact: str
    now: Any
    new: Any
    waits: bool = False


@dataclass(frozen=True)
class StaleCell:
    """A changed cell whose fact was changed by others since the export. It is not imported."""

    fact: str
    exported: Any
    now: Any
    wanted: Any


@dataclass
class RowChanges:
    """A row of the sheet with its facility; import-export treats it as its model instance."""

    number: int
    facility: Facility
    changes: list[CellChange] = field(default_factory=list)
    stale: list[StaleCell] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.facility.pk

    def __str__(self) -> str:
        return str(self.facility)

    def checks(self, *, note: str) -> list[FactCheck]:
        return [
            FactCheck(
                change.fact, Verification.Outcome.CORRECTED, change.new,
                method=Verification.Method.DOCUMENT, note=note, seen=change.now,
            )
            for change in self.changes
        ]  # fmt: skip


def compare_row(
    row: RowChanges,
    cells: Mapping[str, Any],
    exported: ExportSnapshot | None,
    layout: SheetLayout,
) -> None:
    """Add what the cells change to ``row``. Raises ValidationError by fact.

    A cell that is as exported changes nothing, whatever is shown now.
    """
    problems = {}
    before = exported.values if exported else {}
    for fact in layout.facts:
        try:
            text = unescape_cell(cells[fact])
            if fact in before and is_cell_unchanged(text, format_value(fact, before[fact])):
                continue
            _refuse_private(row.facility, fact, text)
            _note(row, fact, _read(fact, text), exported_value(row.facility, fact), before)
        except InvalidValue as error:
            problems[fact] = error.sentence
    for service, text, was, now in _touched_services(row.facility, cells, exported, layout):
        try:
            known = {} if was is NotExportedMark else {service.fact: was}
            _note(row, service.fact, _answer(service, text), now, known)
        except InvalidValue as error:
            problems[service.fact] = error.sentence
    if problems:
        raise ValidationError(problems)


class NotExportedMark:
    """Marks an exported value that the sheet does not hold."""


def exported_value(facility: Facility, fact: str) -> Any:
    if facility.is_address_confidential and fact in PRIVATE_FACTS:
        return FACTS[fact].default
    return getattr(facility, fact)


def _refuse_private(facility: Facility, fact: str, text: str) -> None:
    if facility.is_address_confidential and fact in PRIVATE_FACTS and text:
        raise InvalidValue(
            fact, _("This address is kept private. Change it on the listing's own page.")
        )


def _read(fact: str, text: str) -> Any:
    return clean_value(fact, parse_value(fact, text))


def _answer(service: Service, text: str) -> str | None:
    """Read the answer about a service. An empty cell is refused: it is more often an accident."""
    if not text.strip():
        raise InvalidValue(service.fact, _("Write yes, no or not reported."))
    return _read(service.fact, text)


def _note(row: RowChanges, fact: str, value: Any, now: Any, before: Mapping[str, Any]) -> None:
    was = before.get(fact, now)
    if value in (was, now):
        return
    if was == now:
        waits = is_guarded(fact, value, status=row.facility.status)
        row.changes.append(CellChange(fact, now, value, waits))
    else:
        row.stale.append(StaleCell(fact, was, now, value))


def _touched_services(
    facility: Facility,
    cells: Mapping[str, Any],
    exported: ExportSnapshot | None,
    layout: SheetLayout,
) -> Iterator[tuple[Service, str, Any, str | None]]:
    """Yield (service, text, exported answer or NotExported, current answer) of changed cells."""
    if not layout.services:
        return
    now = ExportSnapshot(facility.code, {}, facility.offered, facility.denied)
    kept = exported if exported and exported.offered is not None else None
    then = kept or now
    offered, denied = set(then.offered.slugs()), set(then.denied.slugs())
    for service in layout.services:
        slug, fact = service.slug, service.fact
        answer = OFFERED if slug in offered else DENIED if slug in denied else None
        cell = cells[fact]
        if cell != _WORDS[answer]:
            text = unescape_cell(cell)
            if text.strip().lower() != _WORDS[answer]:
                yield service, text, answer if kept else NotExportedMark, now.answer(service)


_WORDS = {answer: format_value("service:methadone", answer) for answer in (OFFERED, DENIED, None)}
