"""Fixtures of a real server and a real browser: gunicorn as in production, Debian's Chromium."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import shared
from .engines import NoPostgreSQL, new_database, postgresql, server_in_environment

ROOT = shared.ROOT
PATIENCE = 20  # seconds
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Served:
    """A running site: its address without a final slash, its log, its database's address."""

    url: str
    log: Path
    database_url: str

    def log_text(self) -> str:
        """The log so far; a short wait lets the line of the last answer be written."""
        time.sleep(0.2)
        return self.log.read_text()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server: that of this run, else one started for it."""
    if address := server_in_environment():
        yield address
        return
    try:
        with postgresql() as address:
            yield address
    except NoPostgreSQL as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory, request) -> dict[str, str]:
    """The environment of an installation of its own, with an empty database of this engine."""
    folder = tmp_path_factory.mktemp("site")
    if server_in_environment():
        database_url = new_database(request.getfixturevalue("postgresql_server"))
    else:
        database_url = f"sqlite:///{folder}/site.sqlite3"
    return os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "directory.settings",
        "HTTPS": "no",
        "SECRET_KEY": "a-key-of-the-served-site-0123456789-abcdefghijklmnopqrstuvwxyz",
        "STATIC_ROOT": str(folder / "static"),
    }


@pytest.fixture(scope="session")
def served(site_environment, tmp_path_factory) -> Iterator[Served]:
    """The site with the 2023 directory, or without the shared data the demonstration."""
    prepare = [sys.executable, "-m", "directory.run", "--prepare-only"]
    if folder := shared.folder():
        prepare += ["--data", folder / shared.WORKBOOK_2023]
        prepare += ["--coordinates", folder / shared.COORDINATES]
    subprocess.run(prepare, cwd=ROOT, env=site_environment, check=True, stdout=subprocess.DEVNULL)
    log = tmp_path_factory.mktemp("log") / "gunicorn.log"
    with gunicorn(site_environment, log) as url:
        yield Served(url, log, site_environment["DATABASE_URL"])


@contextmanager
def gunicorn(environment: dict[str, str], log: Path, app="directory.wsgi") -> Iterator[str]:
    """Serve ``app`` on a free port with the configuration of `make run`; everything goes to log."""
    command = [sys.executable, "-m", "gunicorn", "--config", "directory/gunicorn.py"]
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--bind", "127.0.0.1:0", app],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield address_in(log, server)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def address_in(log: Path, server: subprocess.Popen) -> str:
    """Wait until gunicorn says where it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        if found := re.search(r"Listening at: (http://[\d.:]+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"gunicorn did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium on this machine (Debian's package: chromium)")
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": CHROMIUM_ARGUMENTS,
    }
