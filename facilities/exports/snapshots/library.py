"""The folder of snapshots: dated folders, and ``latest``, a link to the newest of them."""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from ...models import VersionStamp
from .files import FACILITIES, PACKAGE, read_csv_rows

LATEST = "latest"
LOCK = ".lock"
WITHHELD = ".withheld"  # in a snapshot, for us: it is not published
KEPT_DAYS = 14
NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-(\d{1,3}))?", re.ASCII)


class AlreadyPublishing(Exception):
    """Another process is publishing into the same folder."""


@dataclass(frozen=True)
class PublishedSnapshot:
    """One dated folder. A second one of the same day is named "2026-11-28-2"."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def day(self) -> date:
        return date.fromisoformat(NAME.fullmatch(self.name)[1])

    @property
    def order(self) -> tuple[date, int]:
        return self.day, int(NAME.fullmatch(self.name)[2] or 1)

    @cached_property
    def package(self) -> dict:
        return json.loads((self.folder / PACKAGE).read_text(encoding="utf-8"))

    @property
    def created(self) -> datetime:
        return datetime.fromisoformat(self.package["created"])

    @property
    def version(self) -> VersionStamp:
        return VersionStamp(**self.package["data_version"])

    @property
    def withheld_through(self) -> VersionStamp:
        """The version up to which what became private is known to be out of it."""
        noted = self.folder / WITHHELD
        return VersionStamp(*json.loads(noted.read_text())) if noted.is_file() else self.version

    def facilities(self) -> dict[str, dict[str, str]]:
        """Return id -> row of facilities.csv."""
        return {row["id"]: row for row in read_csv_rows(self.folder / FACILITIES)}

    def note_withheld(self, version: VersionStamp) -> None:
        (self.folder / WITHHELD).write_text(json.dumps(version))


class SnapshotLibrary:
    """All snapshots below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def snapshots(self) -> list[PublishedSnapshot]:
        """Return the snapshots, the oldest first."""
        if not self.folder.is_dir():
            return []
        found = [
            PublishedSnapshot(path)
            for path in self.folder.iterdir()
            if NAME.fullmatch(path.name) and (path / PACKAGE).is_file()
        ]
        return sorted(found, key=lambda snapshot: snapshot.order)

    def latest(self) -> PublishedSnapshot | None:
        return next(reversed(self.snapshots()), None)

    def find(self, name: str) -> PublishedSnapshot | None:
        """Return the snapshot of a name, or of "latest"."""
        if name == LATEST:
            return self.latest()
        is_there = NAME.fullmatch(name) and (self.folder / name / PACKAGE).is_file()
        return PublishedSnapshot(self.folder / name) if is_there else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other processes from publishing meanwhile. Raises AlreadyPublishing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyPublishing("Somebody else is publishing at the moment.") from None
            self._remove_leftovers()
            yield

    @contextmanager
    def new_folder(self) -> Iterator[Path]:
        """Give an empty folder beside the snapshots; what is left in it goes."""
        folder = Path(tempfile.mkdtemp(prefix=".writing-", dir=self.folder))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, written: Path, day: date) -> PublishedSnapshot:
        """Make a complete folder the newest snapshot."""
        same_day = [each.order[1] for each in self.snapshots() if each.day == day]
        name = f"{day}-{max(same_day) + 1}" if same_day else str(day)
        os.rename(written, self.folder / name)
        link = self.folder / f"{LATEST}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        os.replace(link, self.folder / LATEST)
        return PublishedSnapshot(self.folder / name)

    def replace(self, snapshot: PublishedSnapshot, written: Path) -> None:
        """Put a complete folder in the place of a snapshot."""
        former = self.folder / f".former-{snapshot.name}"
        os.rename(snapshot.folder, former)
        os.rename(written, snapshot.folder)
        shutil.rmtree(former)

    def remove_expired(self, today: date) -> list[str]:
        """Keep those of the last days, the first of each month and the newest."""
        kept_months = set()
        removed = []
        snapshots = self.snapshots()
        for snapshot in snapshots:
            month = snapshot.day.replace(day=1)
            is_first = month not in kept_months
            kept_months.add(month)
            is_recent = today - snapshot.day < timedelta(days=KEPT_DAYS)
            if not (is_first or is_recent or snapshot is snapshots[-1]):
                shutil.rmtree(snapshot.folder)
                removed.append(snapshot.name)
        return removed

    def _remove_leftovers(self) -> None:
        for pattern in (".writing-*", ".former-*"):
            for folder in self.folder.glob(pattern):
                shutil.rmtree(folder, ignore_errors=True)
