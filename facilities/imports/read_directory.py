"""Reads the workbook of a directory together with its tables of coordinates."""

from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from ..models import Release
from ..sources import coordinates
from ..sources.rows import FaultCollector, ParsedFile
from ..sources.samhsa_directory import read_directory, read_workbook_key


def read_with_positions(
    path: Path,
    tables: Iterable[Path] = (),
    *,
    key: Path | None = None,
    edition: str = "",
    progress: Callable = lambda rows: rows,
) -> tuple[ParsedFile, list[str]]:
    """Return the reading, and a line for each position that was not used. Raises UnusableFile.

    ``key``: a workbook whose key sheet explains the codes of a .csv.
    """
    faults = FaultCollector()
    key_sheet = faults.collect(read_workbook_key, key) if key else _newest_key()
    reading = faults.collect(
        read_directory, path, edition=edition, key=key_sheet, progress=progress
    )
    tables = [faults.collect(coordinates.read_coordinates, table) for table in tables]
    faults.raise_any()
    if not tables:
        return reading, []
    return coordinates.add_positions(chain.from_iterable(tables), reading)


def _newest_key() -> dict[str, list[str]]:
    newest = Release.objects.filter(source="directory").order_by("-edition", "-pk").first()
    return newest.key_sheet if newest else {}
