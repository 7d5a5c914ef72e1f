"""Writes the secret key of an installation, once: ``python -m directory.bootstrap.secret``."""

import os
import secrets
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / ".secret-key"


def write_once(path: Path) -> bool:
    """Write a new key to ``path``, readable by its owner alone; an existing file is kept."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    return True


if __name__ == "__main__":
    write_once(PATH)
