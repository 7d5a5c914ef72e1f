"""Prepared databases: each is filled once a run, and every process of the tests has its copy.

A test begins with the gazetteer in its database. A test that needs more asks for another prepared
database; its own changes are rolled back as always.
"""

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.management import call_command
from django.db import connection

from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.imports.planning import make_load_plan
from facilities.places.load import load_places
from facilities.places.tables import zip_code_table
from facilities.resolution.changes import ImportRefused
from facilities.sources.rows import ParsedFile

from . import real_data
from .engines import execute, server_in_environment
from .factories import TODAY, read_real
from .once import Once


class Readings:
    """SAMHSA's real workbooks, each read once."""

    def __init__(self, once: Once) -> None:
        self.once = once

    def edition_2022(self) -> ParsedFile:
        """Without coordinates."""
        return self.once.result(
            "reading-2022", lambda: read_real(real_data.folder(), real_data.WORKBOOK_2022)
        )

    def edition_2023(self) -> ParsedFile:
        """With coordinates."""
        return self.once.result("reading-2023", lambda: read_real(
            real_data.folder(), real_data.WORKBOOK_2023, with_coordinates=True
        ))  # fmt: skip


class SQLiteFiles:
    """Databases as files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def name(self, database: str) -> str:
        return str(self.folder / f"{database}.sqlite3")

    def address(self, database: str) -> str:
        return f"sqlite:///{self.name(database)}"

    def create(self, database: str, template: str | None) -> None:
        if template:
            shutil.copyfile(self.name(template), self.name(database))

    def drop(self, database: str) -> None:
        for path in self.folder.glob(f"{database}.sqlite3*"):
            path.unlink()

    def finish(self, database: str) -> None:
        """Fold the write-ahead log into the file, which is then all there is."""
        with closing(sqlite3.connect(self.name(database))) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class PostgreSQLDatabases:
    """Databases of one server."""

    def __init__(self, server: str, prefix: str) -> None:
        self.server, self.prefix = server, prefix

    def name(self, database: str) -> str:
        return f"test_{self.prefix}_{database}"

    def address(self, database: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name(database)}"))

    def create(self, database: str, template: str | None) -> None:
        source = f" TEMPLATE {self.name(template)}" if template else ""
        execute(self.server, f"CREATE DATABASE {self.name(database)}{source}")

    def drop(self, database: str) -> None:
        execute(self.server, f"DROP DATABASE {self.name(database)} WITH (FORCE)")

    def finish(self, database: str) -> None:
        pass


class Databases:
    """The prepared databases of this run and the copies that belong to this process.

    ``once`` is for work that depends on the engine.
    """

    def __init__(self, once: Once, process: str) -> None:
        self.readings, self.process = Readings(once), process
        self.copied: set[str] = set()
        server = server_in_environment()
        self.once = Once(once.folder / ("postgresql" if server else "sqlite"))
        if server:
            run = self.once.result("run", lambda: uuid.uuid4().hex[:8])
            self.engine = PostgreSQLDatabases(server, run)
        else:
            self.engine = SQLiteFiles(self.once.folder)

    def prepare(self, name: str) -> Any:
        """Fill the prepared database ``name`` unless that is done; return what filling it told."""
        base, fill = PREPARED[name]
        if base:
            self.prepare(base)
        return self.once.result(f"database-{name}", lambda: self._fill(name, base, fill))

    def _fill(self, name: str, base: str | None, fill: Callable[["Readings"], Any]) -> Any:
        self.engine.create(name, base)
        with self._connected(name):
            told = fill(self.readings)
        self.engine.finish(name)
        return told

    @contextmanager
    def using(self, name: str) -> Iterator[Any]:
        """Let tests of this process read and change their own copy of a prepared database."""
        told = self.prepare(name)
        copy = f"{name}_{self.process}"
        if copy not in self.copied:
            self.engine.create(copy, name)
            self.copied.add(copy)
        with self._connected(copy):
            yield told

    @contextmanager
    def using_new(self, name: str) -> Iterator[Any]:
        """Like ``using``, for tests that commit what they change: the copy is thrown away."""
        told = self.prepare(name)
        copy = f"{name}_{self.process}_own"
        self.engine.create(copy, name)
        with self._connected(copy):
            yield told
        self.engine.drop(copy)

    def new_address(self, name: str, copy: str) -> str:
        """Make a copy for a process that is not of the tests, such as a served site's."""
        self.prepare(name)
        self.engine.create(copy, name)
        return self.engine.address(copy)

    @contextmanager
    def _connected(self, database: str) -> Iterator[None]:
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.engine.name(database)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


def fill_tables(_readings: Readings) -> None:
    """The tables of all migrations, with what these put there, and the roles of staff."""
    call_command("migrate", verbosity=0)
    call_command("make_roles", verbosity=0)


def fill_places(_readings: Readings) -> None:
    """The packaged gazetteer."""
    load_places()


def fill_demonstration(_readings: Readings) -> None:
    call_command("load_demonstration", verbosity=0)


def fill_2022(readings: Readings) -> Any:
    return load_parsed_file(readings.edition_2022(), LoadOptions(), today=TODAY)


def fill_2023(readings: Readings) -> Any:
    return load_parsed_file(readings.edition_2023(), LoadOptions(), today=TODAY)


def fill_2023_after_2022(readings: Readings) -> tuple[Any, str]:
    """Load one edition over the other; tell what stopped it before withdrawals were allowed."""
    reading = readings.edition_2023()
    refusal = ""
    try:
        make_load_plan(reading, LoadOptions(), zip_code_table(), TODAY)
    except ImportRefused as error:
        refusal = str(error)
    return load_parsed_file(reading, LoadOptions(allows_withdrawals=True), today=TODAY), refusal


# Name -> the prepared database it begins as, and what fills it.
PREPARED: dict[str, tuple[str | None, Callable[[Readings], Any]]] = {
    "tables": (None, fill_tables),
    "places": ("tables", fill_places),
    "demonstration": ("tables", fill_demonstration),
    "edition_2022": ("places", fill_2022),
    "edition_2023": ("places", fill_2023),
    "edition_2023_after_2022": ("edition_2022", fill_2023_after_2022),
}
