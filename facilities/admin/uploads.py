"""Where uploaded releases lie until they are loaded: a private folder, for a day at most."""

import json
import logging
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

logger = logging.getLogger(__name__)

UPLOAD_MAX_AGE = timedelta(hours=24)
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{22}")
FILE_ENDINGS = (".xlsx", ".csv")
_ABOUT = "about.json"
_COORDINATES = "_coordinates.csv"  # no safe name begins with it


@dataclass(frozen=True)
class Upload:
    """One workbook, perhaps with coordinates, and how its loading was asked for."""

    token: str
    file_name: str
    edition: str = ""
    is_partial: bool = False
    has_coordinates: bool = False

    @property
    def workbook(self) -> Path:
        return _folder(self.token) / self.file_name

    @property
    def tables(self) -> list[Path]:
        return [_folder(self.token) / _COORDINATES] if self.has_coordinates else []


def save_upload(
    workbook: UploadedFile, coordinates: UploadedFile | None, *, edition: str, is_partial: bool
) -> Upload:
    """Write what was uploaded so that only the site's own account can read it."""
    upload = Upload(
        token=secrets.token_urlsafe(16),
        file_name=safe_name(workbook.name),
        edition=edition,
        is_partial=is_partial,
        has_coordinates=coordinates is not None,
    )
    settings.UPLOAD_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    _folder(upload.token).mkdir(mode=0o700)
    try:
        _write(upload.workbook, workbook.chunks())
        if coordinates is not None:
            _write(upload.tables[0], coordinates.chunks())
        _write(_folder(upload.token) / _ABOUT, [json.dumps(asdict(upload)).encode()])
    except OSError:  # a full disk: half an upload is of no use
        delete_upload(upload)
        raise
    logger.info("A release was uploaded: %d bytes.", workbook.size)
    return upload


def find_upload(token: str) -> Upload | None:
    about = _folder(token) / _ABOUT if TOKEN_PATTERN.fullmatch(token) else None
    if about is None or not about.is_file():
        return None
    return Upload(**json.loads(about.read_text()))


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
