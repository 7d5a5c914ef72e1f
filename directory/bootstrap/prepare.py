"""Brings an installation up to date before it is served; every step may be run again."""

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

KEPT_COPIES = 5


def prepare(now: dt.datetime) -> None:
    """Database, roles, places, translations and static files, each where something changed."""
    check()
    migrate(now)
    call_command("make_roles", verbosity=0)
    call_command("compile_translations")
    collect_static(Path(settings.STATIC_ROOT))
    call_command("load_places")


def check() -> None:
    """Refuse settings that can be read and mean nothing, such as an unknown SERVICE_AREA."""
    serious = [each for each in run_checks() if each.is_serious()]
    if serious:
        raise ImproperlyConfigured("\n".join(each.msg for each in serious))


def migrate(now: dt.datetime) -> None:
    """Run pending migrations; a SQLite database that holds anything is copied aside first."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        call_command("migrate", interactive=False, verbosity=0)
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor == "sqlite" and executor.loader.applied_migrations:
        database = Path(settings.DATABASES["default"]["NAME"])
        copy_aside(database, database.parent / "backups", now)
    call_command("migrate", interactive=False, verbosity=0)


def copy_aside(database: Path, folder: Path, now: dt.datetime) -> Path:
    """Copy a SQLite database, as it is at one moment, into ``folder``; keep the newest five."""
    folder.mkdir(exist_ok=True)
    copy = folder / f"{database.stem}-{now:%Y%m%d-%H%M%S}.sqlite3"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    for old in sorted(folder.glob(f"{database.stem}-*.sqlite3"))[:-KEPT_COPIES]:
        old.unlink()
    return copy


def collect_static(folder: Path) -> None:
    """Collect and compress the static files, unless none changed since the last time."""
    stamp = folder / "fingerprint.txt"
    wanted = static_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    try:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted)
    except OSError as error:
        raise ImproperlyConfigured(f"STATIC_ROOT cannot be written: {error}") from None


def static_fingerprint() -> str:
    """A digest of every static file of every app; times of change are lost in a container."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for path, file in sorted(static_files()):
        digest.update(f"{path}|{file.stat().st_size}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def static_files() -> Iterable[tuple[str, Path]]:
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=None):
            yield path, Path(storage.path(path))


def has_facilities() -> bool:
    return apps.get_model("facilities", "Facility").objects.exists()
