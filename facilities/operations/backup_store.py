"""Where scheduled backups lie, how long, and how they are locked.

The place is a folder or a bucket (BACKUP_URL), reached through Django's storages. With BACKUP_KEY,
the public half of an age key, a backup is encrypted before it leaves this machine, and nothing here
can open it again. Old backups go, because what the site has deleted must not live on in them.
"""

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage

from . import backup

try:
    import pyrage
except ImportError:  # an extra
    pyrage = None

NAME = re.compile(r"directory-(\d{8}-\d{6})\.zip(\.age)?")
STAMP = "%Y%m%d-%H%M%S"
DAILY = dt.timedelta(days=7)
LONGEST = dt.timedelta(days=35)


class NoBackup(Exception):
    """No backup could be found or opened; the message says why in one sentence."""


def store_backup(storage: Storage, made_at: dt.datetime, *, key: str) -> str:
    """Write a backup of now into the storage; return its name there."""
    with private_folder() as folder:
        plain = folder / f"directory-{made_at:{STAMP}}.zip"
        backup.write_backup(plain, made_at)
        path = encrypt_file(plain, key) if key else plain
        with path.open("rb") as content:
            name = storage.save(path.name, File(content))
    if name != path.name:
        raise FileExistsError(f"{path.name} exists already; this one is called {name}.")
    return name


def encrypt_file(plain: Path, key: str) -> Path:
    path = plain.with_name(f"{plain.name}.age")
    pyrage.encrypt_file(str(plain), str(path), [pyrage.x25519.Recipient.from_str(key)])
    plain.unlink()
    return path


@contextmanager
def open_backup(path: Path, identity: Path | None) -> Iterator[Path]:
    """Give a backup as ``read_manifest`` reads it.

    An encrypted one needs the secret half of its key.

    Raises NoBackup.
    """
    if path.suffix != ".age":
        yield path
        return
    if identity is None:
        raise NoBackup(f"{path.name} is encrypted: name the file of the secret key (--identity).")
    with private_folder() as folder:
        plain = folder / path.stem
        try:
            pyrage.decrypt_file(str(path), str(plain), read_identities(identity))
        except (OSError, ValueError, pyrage.DecryptError, pyrage.IdentityError) as error:
            raise NoBackup(f"{path.name} cannot be opened with that key: {error}") from error
        yield plain


def read_identities(path: Path) -> list:
    lines = [line.strip() for line in path.read_text().splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    return [pyrage.x25519.Identity.from_str(key) for key in keys]


@contextmanager
def fetch_backup(storage: Storage, name: str) -> Iterator[Path]:
    """Give a copy of a stored backup, for its owner alone."""
    with private_folder() as folder, storage.open(name) as content:
        path = folder / Path(name).name
        with path.open("wb") as copy:
            for chunk in content.chunks():
                copy.write(chunk)
        yield path


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a folder that its owner alone can read, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="backup-") as folder:
        yield Path(folder)


def stored_backups(storage: Storage) -> dict[str, dt.datetime]:
    """Return when each backup was made, by name, the oldest first."""
    _folders, names = storage.listdir("")
    found = {name: NAME.fullmatch(name) for name in sorted(names)}
    return {
        name: dt.datetime.strptime(match[1], STAMP).replace(tzinfo=dt.UTC)
        for name, match in found.items()
        if match
    }


def newest_backup(storage: Storage) -> str:
    """Raises NoBackup."""
    if not (stored := stored_backups(storage)):
        raise NoBackup("There is no backup in the place that BACKUP_URL names.")
    return max(stored, key=stored.__getitem__)


def prune_backups(storage: Storage, now: dt.datetime) -> list[str]:
    """Delete what ``outdated_backups`` names; other files are left alone. Return the names."""
    names = outdated_backups(stored_backups(storage), now)
    for name in names:
        storage.delete(name)
    return names


def outdated_backups(stored: dict[str, dt.datetime], now: dt.datetime) -> list[str]:
    """Return all but those of a week, then the newest of each week for five weeks.

    The newest of all stays, whatever its age.
    """
    newest_first = sorted(stored, key=stored.__getitem__, reverse=True)
    kept, weeks = set(newest_first[:1]), set()
    for name in newest_first:
        age, week = now - stored[name], stored[name].isocalendar()[:2]
        if age <= DAILY or (age <= LONGEST and week not in weeks):
            kept.add(name)
            weeks.add(week)
    return [name for name in reversed(newest_first) if name not in kept]
