"""Turns a file into lines of cells, and says in a sentence why a file cannot be read."""

import csv
import hashlib
import io
import pickle
import re
import subprocess
import sys
import zipfile
import zlib
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

from . import json_subprocess, workbook_subprocess
from .rows import UnusableFile
from .workbook_subprocess import MAX_CELLS, MAX_ROWS

# A national workbook is 2 MB, 12 MB unpacked. Far above that it is a mistake or an attack.
LARGEST_FILE = 100_000_000
LARGEST_UNPACKED = 400_000_000
SMALL_JSON = 5_000_000  # bytes, whose worst takes 200 MB: not worth a process
_CORE = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CREATED = "{http://purl.org/dc/terms/}created"


def require_readable(path: Path) -> Path:
    """Return the path once it is certain that it is a file of a size to be read."""
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
    """Return one fingerprint of the files' contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def workbook_sheets(path: Path) -> dict[str, list[list]]:
    """Return sheet name -> rows of cells, every row as long as the sheet is wide.

    Raises UnusableFile for a damaged file and for one that needs more memory or time to read than
    any honest workbook.
    """
    _require_sound_zip(path)
    child = subprocess.run(
        [sys.executable, "-P", workbook_subprocess.__file__, str(path)], capture_output=True
    )  # fmt: skip
    if child.returncode:  # killed by a limit: calamine aborts when it gets no memory
        raise UnusableFile(f"{path.name} needs too much memory or time to be read.")
    answer = pickle.loads(child.stdout)
    if isinstance(answer, str):
        raise UnusableFile(f"{path.name} is not a workbook that can be read: {answer}.")
    return answer


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
    # calamine guesses the format from the parts: only the one checked here may be there.
    if "xl/workbook.xml" not in names or {"content.xml", "xl/workbook.bin"} & set(names):
        raise UnusableFile(f"{path.name} is a zip file but not an Excel workbook (.xlsx).")


def require_modest_json(path: Path, *, is_by_lines: bool = False) -> None:
    """Raise UnusableFile for a file whose JSON needs more memory or time than any honest one."""
    if path.stat().st_size <= SMALL_JSON:
        return
    how = "lines" if is_by_lines else "whole"
    child = subprocess.run(
        [sys.executable, "-P", json_subprocess.__file__, str(path), how], capture_output=True
    )  # fmt: skip
    if child.returncode not in (0, json_subprocess.NO_JSON):
        raise UnusableFile(f"{path.name} needs too much memory or time to be read.")


def csv_lines(path: Path, *, separator: str = ",") -> list[list]:
    """Return the lines of a comma-separated file in UTF-8, with or without a byte order mark."""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableFile(
            f"{path.name} is not in UTF-8 (byte {error.start}); save it as CSV UTF-8."
        ) from error
    if "\0" in written:
        raise UnusableFile(f"{path.name} is not a text file.")
    # Counted before lines are made of it: each cell takes many times its own comma.
    if written.count(separator) > MAX_CELLS:
        raise UnusableFile(f"{path.name} has more than {MAX_CELLS:,} cells.")
    try:
        reader = csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True)
        lines = list(islice(reader, MAX_ROWS + 1))
    except csv.Error as error:
        raise UnusableFile(f"{path.name} is not a sound CSV file: {error}.") from error
    if len(lines) > MAX_ROWS:
        raise UnusableFile(f"{path.name} has more than {MAX_ROWS:,} rows.")
    return lines


def workbook_properties(path: Path) -> tuple[str, date | None]:
    """Return a workbook's title property and the day it was made; empty if it does not say."""
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


def find_year(*texts: str) -> str:
    """Return the first year from 2000 to 2099 in the texts, or ""."""
    for text in texts:
        if found := re.search(r"(?<!\d)20\d\d(?!\d)", text):
            return found[0]
    return ""
