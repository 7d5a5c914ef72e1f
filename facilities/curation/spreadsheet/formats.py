"""The file formats of sheets: written as XLSX or CSV, and read with each kind of damage named."""

import csv
import io
from pathlib import Path

from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from tablib import Dataset

from ...sources.file_reading import csv_lines, require_readable, workbook_sheets
from ...sources.rows import UnusableFile
from .columns import (
    AS_EXPORTED,
    SheetLayout,
    column_key_of_heading,
    is_known_column,
    is_service_column,
)

MAX_FILE_SIZE = 30_000_000  # bytes of an upload
MAX_CELLS = 500_000  # of one sheet: the whole country with 39 columns
MAX_COLUMN_WIDTH = 60


class CSVFormat(CSV):
    """Comma-separated, in UTF-8 with the byte order mark by which Excel recognizes it."""

    def export_data(self, dataset: Dataset, **kwargs) -> bytes:
        lines = io.StringIO(newline="")
        writer = csv.writer(lines)
        writer.writerow(dataset.headers)
        writer.writerows(dataset)
        return lines.getvalue().encode("utf-8-sig")


class XLSXFormat(XLSX):
    """A workbook of one sheet, all cells text, its last column hidden, answers to choose from."""

    def export_data(self, dataset: Dataset, **kwargs) -> bytes:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("Facilities")
        sheet.freeze_panes = "D2"
        self._prepare(sheet, dataset)
        sheet.append(dataset.headers)
        for row in dataset:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub(" ", cell) for cell in row])
        written = io.BytesIO()
        workbook.save(written)
        return written.getvalue()

    def _prepare(self, sheet, dataset: Dataset) -> None:
        answers = DataValidation(type="list", formula1='"yes,no,not reported"', allow_blank=False)
        for number, head in enumerate(dataset.headers, 1):
            letter, key = get_column_letter(number), column_key_of_heading(head)
            column = sheet.column_dimensions[letter]
            column.width, column.font = min(len(head) + 2, MAX_COLUMN_WIDTH), Font()
            column.hidden = key == AS_EXPORTED
            if is_service_column(key) and len(dataset):
                answers.add(f"{letter}2:{letter}{len(dataset) + 1}")
        if answers.sqref:
            sheet.data_validations.append(answers)


FORMATS = {"xlsx": XLSXFormat, "csv": CSVFormat}


def read_sheet(path: Path, name: str) -> tuple[Dataset, SheetLayout, list[str]]:
    """Return the rows under their keys, the layout, and the headings that were not understood.

    Raises UnusableFile with a sentence. Formulas are not worked out: a cell of one is what the
    program that saved the file last showed there.
    """
    if require_readable(path).stat().st_size > MAX_FILE_SIZE:
        raise UnusableFile(
            _("The file is larger than %(size)s MB.") % {"size": MAX_FILE_SIZE // 10**6}
        )
    try:
        lines = _lines(path, name)
    except UnusableFile as error:
        raise UnusableFile(str(error).replace(path.name, name)) from error
    if not lines:
        raise UnusableFile(_("The file is empty."))
    if sum(map(len, lines)) > MAX_CELLS:
        raise UnusableFile(too_large_message())
    keys = [column_key_of_heading(_text(head)) for head in lines[0]]
    twice = {key for key in keys if is_known_column(key) and keys.count(key) > 1}
    if twice:
        raise UnusableFile(
            _("This column stands in the file twice: %(name)s.") % {"name": min(twice)}
        )
    if not {"uuid", "code"} & set(keys):
        raise UnusableFile(
            _(
                "The file has neither a column [uuid] nor a column [code], so nothing tells which"
                " listing is which."
            )
        )
    places = [place for place, key in enumerate(keys) if is_known_column(key)]
    unknown = [_text(head) for head, key in zip(lines[0], keys, strict=True)
               if _text(head) and not is_known_column(key)]  # fmt: skip
    dataset = Dataset(headers=[keys[place] for place in places])
    for line in lines[1:]:
        dataset.append([line[place] if place < len(line) else "" for place in places])
    return dataset, SheetLayout(tuple(dataset.headers)), unknown


def too_large_message() -> str:
    return _("A sheet holds at most %(count)s cells. Take fewer columns or fewer listings.") % {
        "count": f"{MAX_CELLS:,}"
    }


def _lines(path: Path, name: str) -> list[list]:
    if path.open("rb").read(2) == b"PK":
        return next(iter(workbook_sheets(path).values()), [])
    if name.lower().endswith((".xls", ".ods", ".numbers")):
        raise UnusableFile(_("Save the file as .xlsx or as CSV UTF-8."))
    return csv_lines(path, separator=_separator(path))


def _separator(path: Path) -> str:
    """Excel separates by semicolons where a comma is the decimal sign."""
    with path.open("rb") as file:
        head = file.readline(100_000)
    return max((b",", b";", b"\t"), key=head.count).decode()


def _text(head) -> str:
    return " ".join(str(head if head is not None else "").split())
