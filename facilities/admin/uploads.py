"""Where uploaded files lie until they are loaded: a private folder, for a day at most."""

import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

logger = logging.getLogger(__name__)

UPLOAD_MAX_AGE = timedelta(hours=24)
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{22}")
FILE_ENDINGS = (".xlsx", ".csv", ".json")
_ABOUT = "about.json"
_COORDINATES = "_coordinates.csv"  # no safe name begins with it


@dataclass(frozen=True)
class Upload:
    """One file, perhaps with coordinates or a map, and how its loading was asked for.

    ``more_pages``: of a locator export that lies in several files, the names of the others.
    ``source`` and ``title`` name a list of somebody else than SAMHSA, where its map does not.
    """

    token: str
    file_name: str
    edition: str = ""
    is_partial: bool = False
    has_coordinates: bool = False
    more_pages: tuple[str, ...] = ()
    column_map_name: str = ""
    source: str = ""
    title: str = ""

    @property
    def workbook(self) -> Path:
        return _folder(self.token) / self.file_name

    @property
    def is_local_list(self) -> bool:
        return bool(self.column_map_name or self.source)

    @property
    def is_locator(self) -> bool:
        return self.file_name.endswith(".json") and not self.is_local_list

    @property
    def pages(self) -> list[Path]:
        """The files of a locator export."""
        return [_folder(self.token) / name for name in (self.file_name, *self.more_pages)]

    @property
    def tables(self) -> list[Path]:
        return [_folder(self.token) / _COORDINATES] if self.has_coordinates else []

    @property
    def column_map(self) -> Path:
        """The TOML file that names the columns of a list, where there is one."""
        return _folder(self.token) / self.column_map_name


def save_upload(
    files: Sequence[UploadedFile],
    coordinates: UploadedFile | None = None,
    column_map: UploadedFile | None = None,
    *,
    edition: str,
    is_partial: bool = False,
    source: str = "",
    title: str = "",
) -> Upload:
    """Write what was uploaded so that only the site's own account can read it.

    ``files``: a workbook or a list, or the pages of a locator export.
    """
    first, *others = files
    upload = Upload(
        token=secrets.token_urlsafe(16),
        file_name=safe_name(first.name),
        edition=edition,
        is_partial=is_partial,
        has_coordinates=coordinates is not None,
        more_pages=tuple(f"{i}-{safe_name(page.name)}" for i, page in enumerate(others, start=2)),
        column_map_name=f"map-{safe_name(column_map.name)}" if column_map else "",
        source=source,
        title=title,
    )
    settings.UPLOAD_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    _folder(upload.token).mkdir(mode=0o700)
    try:
        for path, file in zip(upload.pages, files, strict=True):
            _write(path, file.chunks())
        if coordinates is not None:
            _write(upload.tables[0], coordinates.chunks())
        if column_map is not None:
            _write(upload.column_map, column_map.chunks())
        _write(_folder(upload.token) / _ABOUT, [json.dumps(asdict(upload)).encode()])
    except OSError:  # a full disk: half an upload is of no use
        delete_upload(upload)
        raise
    logger.info("A release was uploaded: %d bytes.", sum(file.size for file in files))
    return upload


def find_upload(token: str) -> Upload | None:
    about = _folder(token) / _ABOUT if TOKEN_PATTERN.fullmatch(token) else None
    if about is None or not about.is_file():
        return None
    about = json.loads(about.read_text())
    return Upload(**about | {"more_pages": tuple(about.get("more_pages", ()))})


def delete_upload(upload: Upload) -> None:
    shutil.rmtree(_folder(upload.token), ignore_errors=True)


def delete_old_uploads(now: datetime) -> int:
    """Delete uploads older than a day; return how many."""
    if not settings.UPLOAD_ROOT.is_dir():
        return 0
    edge = (now - UPLOAD_MAX_AGE).timestamp()
    old = [
        folder
        for folder in settings.UPLOAD_ROOT.iterdir()
        if TOKEN_PATTERN.fullmatch(folder.name) and folder.stat().st_mtime < edge
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def safe_name(name: str) -> str:
    """Return a file's own name without anything that could lead elsewhere."""
    stem, ending = os.path.splitext(re.sub(r"[^\w. -]+", "_", Path(name).name))
    return f"{stem.lstrip('._ ')[:100] or 'file'}{ending.lower()}"


def _folder(token: str) -> Path:
    return settings.UPLOAD_ROOT / token


def _write(path: Path, chunks) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
