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
LONGEST_STAY = timedelta(hours=24)
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{32}}")


def keep(chunks: Iterable[bytes], folder: Path) -> str:
    """Write an upload where only the site's own account can read it; return its name there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{PREFIX}{secrets.token_hex(16)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(folder / name, flags, 0o600), "wb") as file:
        file.writelines(chunks)
    return name


def path_of(name: str, folder: Path) -> Path:
    """The file of that name; it may be gone. ValueError for a name that is not ours."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return folder / name


def drop(name: str, folder: Path) -> None:
    path_of(name, folder).unlink(missing_ok=True)


def drop_old(folder: Path, now: datetime) -> None:
    """Remove what nobody came back for."""
    oldest = (now - LONGEST_STAY).timestamp()
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < oldest:
                path.unlink()
