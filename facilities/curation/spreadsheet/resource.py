"""Exports and imports the rows of a sheet within django-import-export's own loop over rows.

An import ends before saving: a row never saves a facility. ``apply_changes`` records the changes as
checks, which is the only way in which facts change.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result
from tablib import Dataset

from ...models import Facility, Proposal, Verification
from ...models.facility import CODE_LENGTH
from .columns import AS_EXPORTED, SheetLayout
from .diff import CellChange, RowChanges, compare_row
from .export_snapshot import DamagedSnapshot, ExportSnapshot, unpack_snapshot
from .rows import sheet_row_cells

CHUNK_SIZE = 1_000


class FacilityResource(Resource):
    """A sheet of facilities with a layout; ``language`` is that of the headings.

    An export calls ``report_progress`` with the number of rows that are done and of all.
    """

    class Meta:
        model = Facility
        skip_diff = True
        report_skipped = False
        store_instance = True
        chunk_size = CHUNK_SIZE
        instance_loader_class = BaseInstanceLoader

    def __init__(
        self,
        layout: SheetLayout,
        language: str = "en",
        report_progress: Callable[[int, int], None] | None = None,
    ):
        super().__init__()
        self.layout, self.language, self.report_progress = layout, language, report_progress

    # Out

    def get_export_headers(self, selected_fields=None) -> list[str]:
        return self.layout.headings(self.language)

    def iter_queryset(self, queryset) -> Iterable[tuple[Facility, dict[str, str]]]:
        keys = list(queryset.values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK_SIZE):
            if self.report_progress:
                self.report_progress(start, len(keys))
            chunk = Facility.objects.in_bulk(keys[start : start + CHUNK_SIZE])
            days = self._days(chunk)
            for key in keys[start : start + CHUNK_SIZE]:
                if key in chunk:
                    yield chunk[key], days.get(key, {})

    def _days(self, keys: Iterable[int]) -> dict[int, dict[str, str]]:
        if not any(key.startswith("checked:") for key in self.layout.keys):
            return {}
        checks = Verification.objects.standing().filter(facility__in=list(keys))
        days: dict[int, dict[str, str]] = {}
        for facility, fact, moment in checks.order_by("checked_at", "pk").values_list(
            "facility_id", "fact", "checked_at"
        ):
            days.setdefault(facility, {})[fact] = moment.date().isoformat()
        return days

    def export_resource(self, instance, selected_fields=None, **kwargs) -> list[str]:
        facility, days = instance
        return sheet_row_cells(facility, days, self.layout)

    # In

    def plan(self, dataset: Dataset, *, by=None) -> Result:
        self.waiting = _waiting()
        self.by_id = by.pk if by else None
        result = self.import_data_inner(dataset, True, False, False, False)
        for row in result.rows:
            for error in row.errors:
                raise error.error
        for error in result.base_errors:
            raise error.error
        return result

    def before_import(self, dataset, **kwargs) -> None:
        self.is_marked = AS_EXPORTED in self.layout.keys
        self.seen: set[int] = set()
        uuids = {each for each in map(_uuid, self._column(dataset, "uuid")) if each}
        codes = {code.strip().lower() for code in map(str, self._column(dataset, "code"))}
        self.by_uuid = {each.uuid: each for each in _facilities("uuid", uuids)}
        known = {each.code: each for each in self.by_uuid.values()}
        lacking = {code for code in codes - known.keys() if len(code) == CODE_LENGTH}
        self.by_code = known | {each.code: each for each in _facilities("code", lacking)}

    def _column(self, dataset: Dataset, key: str) -> Iterable:
        return dataset[key] if key in self.layout.keys else ()

    def get_or_init_instance(self, instance_loader, row) -> tuple[RowChanges | None, bool]:
        if not any(row.values()):
            return None, False
        facility = self._facility(row)
        if facility.merged_into_id:
            raise ValidationError(_("This listing was joined to another one: change that one."))
        if facility.pk in self.seen:
            raise ValidationError(_("This listing stands in the sheet more than once."))
        self.seen.add(facility.pk)
        return RowChanges(0, facility), False

    def _facility(self, row) -> Facility:
        given, code = str(row.get("uuid", "")).strip(), str(row.get("code", "")).strip().lower()
        facility = self.by_uuid.get(_uuid(given)) if given else self.by_code.get(code)
        if facility is None:
            raise ValidationError(_("No listing has this identity and code."))
        if code and facility.code != code:
            raise ValidationError(_sorted_apart())
        return facility

    def import_instance(self, instance, row, row_number=0, **kwargs) -> None:
        if instance is not None:
            instance.number = row_number + 1  # as the file counts, heads included
            compare_row(instance, row, self._exported(instance, row), self.layout)
            instance.changes = [each for each in map(partial(self._due, instance.pk),
                                                     instance.changes) if each]  # fmt: skip

    def _due(self, key: int, change: CellChange) -> CellChange | None:
        """Return the change, or None if this person proposed it already.

        The same sheet sent twice is no second check.
        """
        made_by = [by for value, by in self.waiting.get((key, change.fact), ()) if
                   value == change.new]  # fmt: skip
        if self.by_id in made_by:
            return None
        return replace(change, waits=False) if made_by and change.waits else change

    def _exported(self, found: RowChanges, row) -> ExportSnapshot | None:
        if not self.is_marked:
            return None
        try:
            exported = unpack_snapshot(str(row[AS_EXPORTED]))
        except DamagedSnapshot:
            raise ValidationError(
                _("The last cell, which says what was exported, is damaged. Export it again.")
            ) from None
        if exported.code != found.facility.code:
            raise ValidationError(_sorted_apart())
        return exported

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        if import_validation_errors:
            return False
        return instance is None or not (instance.changes or instance.stale)

    def validate_instance(self, instance, import_validation_errors=None, **kwargs) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance, is_create, row, **kwargs) -> None:
        """Save nothing for a row: ``apply_changes`` does."""


def _waiting() -> dict[tuple[int, str], list]:
    """Return (facility, fact) -> proposed values, each with the key of the person."""
    waiting: dict[tuple[int, str], list] = {}
    for facility, fact, value, by in Proposal.objects.filter(
        state=Proposal.State.WAITING
    ).values_list("facility_id", "fact", "value", "made_by_id"):
        waiting.setdefault((facility, fact), []).append((value, by))
    return waiting


def _sorted_apart() -> str:
    return _("The cells of this row belong to different listings: columns were sorted apart.")


def _uuid(cell) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(cell).strip())
    except ValueError:
        return None


def _facilities(key: str, values: Iterable) -> Iterable[Facility]:
    values = list(values)
    for start in range(0, len(values), CHUNK_SIZE):
        part = values[start : start + CHUNK_SIZE]
        yield from Facility.objects.filter(**{f"{key}__in": part})


def rows_with_changes(result: Result) -> list[RowChanges]:
    return [row.instance for row in result.valid_rows() if row.instance is not None]


def changes_fingerprint(rows: Iterable[RowChanges]) -> str:
    """Return a hash of the changes, so that what is imported is what was previewed."""
    said = [(row.pk, [(one.fact, one.now, one.new) for one in row.changes]) for row in rows]
    return hashlib.sha256(repr(said).encode()).hexdigest()
