"""Reads a directory's workbook with the tables of positions beside it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from ..models import Release
from ..sources import coordinates
from ..sources.rows import ParsedFile
from ..sources.samhsa_directory import key_of, read_directory


def read_with_positions(
    path: Path, tables: Iterable[Path] = (), *, key: Path | None = None, edition: str = "",
    progress: Callable = lambda rows: rows,
) -> tuple[ParsedFile, list[str]]:  # fmt: skip
    """The reading, and a line for each position that was not taken. Raises UnusableFile."""
    key_sheet = key_of(key) if key else _newest_key()
    reading = read_directory(path, edition=edition, key=key_sheet, progress=progress)
    tables = list(tables)
    if not tables:
        return reading, []
    positions = [each for table in tables for each in coordinates.read_coordinates(table)]
    return coordinates.with_coordinates(positions, reading)


def _newest_key() -> dict[str, list[str]]:
    """The key sheet of the newest directory that is loaded, for a .csv that has none."""
    newest = Release.objects.filter(source="directory").order_by("-edition", "-pk").first()
    return newest.key_sheet if newest else {}
