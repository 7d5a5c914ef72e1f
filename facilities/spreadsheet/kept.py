"""Where an uploaded sheet waits between its preview and the word to take it: a file of ours alone.

On a site served by several machines the preview and the word may meet different ones: then the
file is not found, and is sent again.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

PREFIX = "facility-sheet-"
LONGEST_STAY = timedelta(hours=24)
_NAME = re.compile(rf"{PREFIX}[a-z0-9_]+")


def keep(chunks: Iterable[bytes]) -> str:
    """Write an upload; return the name under which it is found again."""
    number, path = tempfile.mkstemp(prefix=PREFIX)
    with open(number, "wb") as file:
        file.writelines(chunks)
    return Path(path).name


def path_of(name: str) -> Path:
    """The file of that name; it may be gone. ValueError for a name that is not ours."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return Path(tempfile.gettempdir()) / name


def drop(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def drop_old(now: datetime) -> None:
    """Remove what nobody came back for."""
    oldest = (now - LONGEST_STAY).timestamp()
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if os.stat(path, follow_symlinks=False).st_mtime < oldest:
                path.unlink()
