"""How a file becomes lines of cells, and the sentence for each way in which it can be none."""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from .rows import UnusableFile

# A national workbook is 2 MB, 12 MB unpacked. Far above that somebody means harm or errs.
LARGEST_FILE = 100_000_000
LARGEST_UNPACKED = 400_000_000
MOST_ROWS = 200_000
_CORE = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CREATED = "{http://purl.org/dc/terms/}created"


def readable(path: Path) -> Path:
    """The path itself, once it is certain that it is a file of a size to be read."""
    if path.is_dir():
        raise UnusableFile(f"{path.name} is a folder; give the file itself.")
    if not path.is_file():
        raise UnusableFile(f"There is no file {path}.")
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        raise UnusableFile(f"{path.name} cannot be opened: {error.strerror}.") from error
    if not size:
        raise UnusableFile(f"{path.name} is empty.")
    if size > LARGEST_FILE:
        raise UnusableFile(f"{path.name} is larger than {LARGEST_FILE // 10**6} MB.")
    return path


def sha256_of(*paths: Path) -> str:
    """One fingerprint of the files' contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def workbook_sheets(path: Path) -> dict[str, list[list]]:
    """Sheet name -> lines of cells, every line as long as the sheet is wide."""
    _require_sound_zip(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        return {name: _lines(book, name, path) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise UnusableFile(f"{path.name} is not a workbook that can be read: {error}.") from error


def _lines(book: CalamineWorkbook, name: str, path: Path) -> list[list]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MOST_ROWS:
        raise UnusableFile(f"The sheet {name} of {path.name} has more than {MOST_ROWS:,} rows.")
    return sheet.to_python(skip_empty_area=False)


def _require_sound_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
            damaged = unpacked <= LARGEST_UNPACKED and archive.testzip()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise UnusableFile(f"{path.name} is damaged or not an Excel workbook.") from error
    except (OSError, EOFError, RuntimeError, ValueError, zlib.error) as error:
        raise UnusableFile(f"{path.name} is damaged: {error}.") from error
    if unpacked > LARGEST_UNPACKED:
        raise UnusableFile(f"{path.name} unpacks to more than {LARGEST_UNPACKED // 10**6} MB.")
    if damaged:
        raise UnusableFile(f"{path.name} is damaged: its part {damaged} does not add up.")
    if "xl/workbook.xml" not in names:
        raise UnusableFile(f"{path.name} is a zip file but not an Excel workbook (.xlsx).")


def csv_lines(path: Path, *, separator: str = ",") -> list[list]:
    """The lines of a comma-separated file in UTF-8, with or without a byte order mark."""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableFile(
            f"{path.name} is not in UTF-8 (byte {error.start}); save it as CSV UTF-8."
        ) from error
    if "\0" in written:
        raise UnusableFile(f"{path.name} is not a text file.")
    try:
        lines = list(csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise UnusableFile(f"{path.name} is not a sound CSV file: {error}.") from error
    if len(lines) > MOST_ROWS:
        raise UnusableFile(f"{path.name} has more than {MOST_ROWS:,} rows.")
    return lines


def title_and_creation(path: Path) -> tuple[str, date | None]:
    """A workbook's title property and the day it was made; empty where it does not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            core = ElementTree.fromstring(archive.read(_CORE))
    except (KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return "", None
    created = (core.findtext(_CREATED) or "")[:10]
    try:
        made_on = datetime.strptime(created, "%Y-%m-%d").date()
    except ValueError:
        made_on = None
    return core.findtext(_TITLE) or "", made_on


def year_in(*texts: str) -> str:
    """The first year from 2000 to 2099 in the texts, or an empty text."""
    for text in texts:
        if found := re.search(r"(?<!\d)20\d\d(?!\d)", text):
            return found[0]
    return ""
