"""What one row of a sheet asks for: changed facts, and facts that others changed meanwhile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...facts.registry import PRIVATE_FACTS, clean_value, format_value, parse_value
from ...facts.stored_values import DENIED, OFFERED
from ...models import Facility, Verification
from ...taxonomy import Service
from .. import Check, InvalidValue
from ..two_person_rule import is_guarded
from .cells import is_unchanged, unescape_cell
from .columns import SheetLayout
from .export_snapshot import ExportSnapshot


@dataclass(frozen=True)
class CellChange:
    """A fact as it is shown now and as the sheet wants it.

    ``waits``: it takes a second check before it is shown.
    """

    fact: str
    now: Any
    new: Any
    waits: bool = False


@dataclass(frozen=True)
class StaleCell:
    """A fact changed in the sheet that somebody else has changed since the export: not taken."""

    fact: str
    exported: Any
    now: Any
    wanted: Any


@dataclass
class RowChanges:
    """A row of the sheet with its facility; stands where import-export expects an instance."""

    number: int
    facility: Facility
    changes: list[CellChange] = field(default_factory=list)
    stale: list[StaleCell] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.facility.pk

    def __str__(self) -> str:
        return str(self.facility)

    def checks(self, *, note: str) -> list[Check]:
        """The changes as checks from a document, refused if the facts change before they count."""
        return [
            Check(
                change.fact, Verification.Outcome.CORRECTED, change.new,
                method=Verification.Method.DOCUMENT, note=note, seen=change.now,
            )
            for change in self.changes
        ]  # fmt: skip


def compare_row(
    found: RowChanges,
    cells: Mapping[str, Any],
    exported: ExportSnapshot | None,
    layout: SheetLayout,
) -> None:
    """Note what the cells change. ValidationError names each fact that cannot be as written.

    A cell that is as exported asks for nothing, whatever is shown now.
    """
    problems = {}
    before = exported.values if exported else {}
    for fact in layout.facts:
        try:
            text = unescape_cell(cells[fact])
            if fact in before and is_unchanged(text, format_value(fact, before[fact])):
                continue
            _refuse_private(found.facility, fact, text)
            _note(found, fact, _meant(fact, text), sheet_value(found.facility, fact), before)
        except InvalidValue as error:
            problems[fact] = error.sentence
    for service, text, was, now in _touched_services(found.facility, cells, exported, layout):
        try:
            known = {} if was is NotExported else {service.fact: was}
            _note(found, service.fact, _answer(service, text), now, known)
        except InvalidValue as error:
            problems[service.fact] = error.sentence
    if problems:
        raise ValidationError(problems)


class NotExported:
    """Stands for an exported value that the sheet does not hold."""


def sheet_value(facility: Facility, fact: str) -> Any:
    """What a sheet says of a fact: as the site shows it, less a private address."""
    if facility.is_address_confidential and fact in PRIVATE_FACTS:
        return ""
    return getattr(facility, fact)


def _refuse_private(facility: Facility, fact: str, text: str) -> None:
    if facility.is_address_confidential and fact in PRIVATE_FACTS and text:
        raise InvalidValue(
            fact, _("This address is kept private. Change it on the listing's own page.")
        )


def _meant(fact: str, text: str) -> Any:
    return clean_value(fact, parse_value(fact, text))


def _answer(service: Service, text: str) -> str | None:
    """An empty cell is an accident more often than an answer."""
    if not text.strip():
        raise InvalidValue(service.fact, _("Write yes, no or not reported."))
    return _meant(service.fact, text)


def _note(found: RowChanges, fact: str, value: Any, now: Any, before: Mapping[str, Any]) -> None:
    was = before.get(fact, now)
    if value in (was, now):
        return
    if was == now:
        found.changes.append(CellChange(fact, now, value, is_guarded(fact)))
    else:
        found.stale.append(StaleCell(fact, was, now, value))


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
                yield service, text, answer if kept else NotExported, now.answer(service)


_WORDS = {answer: format_value("service:methadone", answer) for answer in (OFFERED, DENIED, None)}
