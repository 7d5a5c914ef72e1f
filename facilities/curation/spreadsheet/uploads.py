"""A private folder in which an uploaded sheet waits between its preview and its import.

On a site of several machines the preview and the import may reach different ones: then the file
is not found, and the person sends it again.
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


def save_sheet(chunks: Iterable[bytes], folder: Path) -> str:
    """Write an upload so that only the site's own account can read it; return its name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{PREFIX}{secrets.token_hex(16)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(folder / name, flags, 0o600), "wb") as file:
            file.writelines(chunks)
    except OSError:  # a full disk: half a sheet is of no use
        delete_sheet(name, folder)
        raise
    return name


def sheet_path(name: str, folder: Path) -> Path:
    """Return the path of an upload, which may be gone. Raises ValueError for any other name."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return folder / name


def delete_sheet(name: str, folder: Path) -> None:
    sheet_path(name, folder).unlink(missing_ok=True)


def delete_old_sheets(folder: Path, now: datetime) -> int:
    """Delete sheets older than a day; return how many."""
    oldest = (now - MAX_AGE).timestamp()
    deleted = 0
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < oldest:
                path.unlink()
                deleted += 1
    return deleted
