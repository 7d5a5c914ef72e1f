"""Keeps the base of the search index in files, which all processes of a host map and so share.

A folder in ``SEARCH_INDEX_DIR`` holds one version: it is written under a passing name, put on disk,
renamed, and never changed. Its name says which filters, vocabulary and version of the data it was
made of. The files are a cache alone: without them, or where anything is wrong with them, the index
is built from the database.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from django.conf import settings

from ..models import VersionStamp
from ..taxonomy import VOCABULARY
from .columns import COLUMNS, SCORES
from .names import NameTable
from .segment import Segment

FORMAT = 1  # what the arrays mean: one more with each change of ``Segment`` or ``NameTable``
NAME = "name_table"  # the field of a segment that is a table of arrays itself
UNFINISHED = "unfinished-"
ABANDONED_AFTER = 3_600  # seconds, of what a process left that ended while it wrote

logger = logging.getLogger(__name__)


@cache
def index_fingerprint() -> str:
    """Return what changes whenever the arrays of the same data would be others."""
    positions = [(service.slug, service.position) for service in VOCABULARY]
    declared = repr((FORMAT, [*COLUMNS], SCORES, positions))
    return sha256(declared.encode()).hexdigest()[:16]


def index_parent_folder() -> Path | None:
    """Return where versions are kept; None where the installation keeps none."""
    return Path(settings.SEARCH_INDEX_DIR) if settings.SEARCH_INDEX_DIR else None


def save_segment(segment: Segment, version: VersionStamp, parent: Path) -> None:
    """Write the arrays of a version, and remove those of others."""
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=parent))
        try:
            _write(segment, unfinished)
            _map(unfinished)  # NumPy does not notice each write that fails
            if not (parent / _name(version)).exists():  # else another process was faster
                unfinished.rename(parent / _name(version))
            _sync(parent)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        _remove_others(parent, version)
    except (OSError, ValueError) as error:
        logger.warning("The search index was not kept in files: %s", error)


def load_segment(newest: VersionStamp, parent: Path) -> tuple[VersionStamp, Segment] | None:
    """Map the arrays of the newest version that is kept, of those up to ``newest``."""
    for version, folder in _kept_versions(parent, newest):
        try:
            return version, _map(folder)
        except (OSError, ValueError, EOFError) as error:
            logger.warning("The search index in %s cannot be read: %s", folder.name, error)
            shutil.rmtree(folder, ignore_errors=True)  # for a whole one to take its place
    return None


def _name(version: VersionStamp) -> str:
    return f"{index_fingerprint()}-{version.number}-{version.token}"


def _write(segment: Segment, folder: Path) -> None:
    for name in _array_names(Segment):
        _write_array(getattr(segment, name), folder / f"{name}.npy")
    for name in _array_names(NameTable):
        _write_array(getattr(segment.name_table, name), folder / f"{NAME}.{name}.npy")
    _sync(folder)


def _write_array(values: np.ndarray, path: Path) -> None:
    with path.open("xb") as file:
        np.save(file, values, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def _map(folder: Path) -> Segment:
    def array(name: str) -> np.ndarray:
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))

    names = NameTable(**{name: array(f"{NAME}.{name}") for name in _array_names(NameTable)})
    return Segment(**{name: array(name) for name in _array_names(Segment)}, name_table=names)


def _array_names(table: type) -> list[str]:
    return [field.name for field in fields(table) if field.name != NAME]


def _kept_versions(parent: Path, newest: VersionStamp) -> Iterator[tuple[VersionStamp, Path]]:
    """Yield what is kept of these filters up to a version, the newest first."""
    kept = []
    for folder in _folders(parent):
        made_of, *rest = folder.name.split("-")
        if made_of == index_fingerprint() and len(rest) == 2 and rest[0].isdecimal():
            kept.append((VersionStamp(int(rest[0]), rest[1]), folder))
    for version, folder in sorted(kept, reverse=True):
        if version.number < newest.number or version == newest:
            yield version, folder


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.is_dir()]
    except OSError:
        return []


def _remove_others(parent: Path, version: VersionStamp) -> None:
    """Remove older versions, which processes that map them keep, and what others abandoned."""
    written = (parent / _name(version)).stat().st_mtime
    for folder in _folders(parent):
        is_version = folder.name.startswith(f"{index_fingerprint()}-")
        is_abandoned = written - folder.stat().st_mtime > ABANDONED_AFTER
        if folder.name != _name(version) and (is_version or is_abandoned):
            shutil.rmtree(folder, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Put the names in a folder on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
