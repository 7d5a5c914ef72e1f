"""Where an uploaded sheet waits between its preview and the word to take it: a private folder.

On a site served by several machines the preview and the word may meet different ones: then the
file is not found, and is sent again.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

PREFIX = "sheet-"
MAX_AGE = timedelta(hours=24)
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{32}}")


def save_upload(chunks: Iterable[bytes], folder: Path) -> str:
    """Write an upload where only the site's own account can read it; return its name there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{PREFIX}{secrets.token_hex(16)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(folder / name, flags, 0o600), "wb") as file:
        file.writelines(chunks)
    return name


def upload_path(name: str, folder: Path) -> Path:
    """The file of that name; it may be gone. ValueError for a name that is not ours."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return folder / name


def delete_upload(name: str, folder: Path) -> None:
    upload_path(name, folder).unlink(missing_ok=True)


def delete_old_uploads(folder: Path, now: datetime) -> None:
    """Remove what nobody came back for."""
    oldest = (now - MAX_AGE).timestamp()
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < oldest:
                path.unlink()
