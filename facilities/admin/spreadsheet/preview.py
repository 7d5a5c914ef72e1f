"""What a person sees of a sheet before its import: changes, collisions, unusable rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from import_export.results import Result

from ...curation import change_warnings
from ...curation.spreadsheet.columns import AS_EXPORTED, SheetLayout
from ...curation.spreadsheet.diff import RowChanges
from ...curation.spreadsheet.resource import changes_fingerprint, rows_with_changes
from ...facts.registry import display_value, fact_label

MAX_ROWS_SHOWN = 200  # rows of each kind


@dataclass(frozen=True)
class SheetPreview:
    """A stored sheet, read. ``unknown``: headings of columns that were left out."""

    kept: str
    name: str
    layout: SheetLayout
    result: Result
    unknown: list[str]
    language: str

    @cached_property
    def rows(self) -> list[RowChanges]:
        return [row for row in rows_with_changes(self.result) if row.changes]

    @cached_property
    def collisions(self) -> list[RowChanges]:
        return [row for row in rows_with_changes(self.result) if row.stale]

    @property
    def fingerprint(self) -> str:
        return changes_fingerprint(self.rows)

    @property
    def is_marked(self) -> bool:
        return AS_EXPORTED in self.layout.keys

    @property
    def unchanged(self) -> int:
        return self.result.totals["skip"]

    def changes(self) -> Iterator[dict]:
        for row in self.rows[:MAX_ROWS_SHOWN]:
            lines = [self._line(row, change) for change in row.changes]
            yield {"number": row.number, "facility": row.facility, "lines": lines}

    def _line(self, row: RowChanges, change) -> dict:
        return {
            "fact": fact_label(change.fact, self.language),
            "now": display_value(change.fact, change.now),
            "new": display_value(change.fact, change.new),
            "waits": change.waits,
            "warnings": change_warnings(row.facility, change.fact, change.new),
        }

    def stale(self) -> Iterator[dict]:
        for row in self.collisions[:MAX_ROWS_SHOWN]:
            lines = [
                {
                    "fact": fact_label(cell.fact, self.language),
                    "exported": display_value(cell.fact, cell.exported),
                    "now": display_value(cell.fact, cell.now),
                    "wanted": display_value(cell.fact, cell.wanted),
                }
                for cell in row.stale
            ]
            yield {"number": row.number, "facility": row.facility, "lines": lines}

    def unusable(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (row as the file counts, sentences)."""
        for row in self.result.invalid_rows[:MAX_ROWS_SHOWN]:
            errors = row.error_dict
            sentences = [
                self._reason(fact, sentence) for fact in errors for sentence in errors[fact]
            ]
            yield row.number + 1, sentences

    def _reason(self, fact: str, sentence: str) -> str:
        if fact == "__all__":
            return sentence
        return _("%(fact)s: %(sentence)s") % {
            "fact": fact_label(fact, self.language), "sentence": sentence,
        }  # fmt: skip

    @property
    def not_shown(self) -> int:
        return max(0, len(self.rows) - MAX_ROWS_SHOWN)
