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

from . import real_data
from .databases import Databases
from .engines import OTHER_SERVER, NoPostgreSQL, postgresql, server_in_environment
from .processes import free_port

ROOT = real_data.ROOT
PATIENCE = 300  # seconds, of a busy machine that loads the directory
# The first three are Playwright's own, whose list this one takes the place of. The others prepare
# an address bar and a next page in processes that no test sees: a third of the cost of a context.
SWITCHED_OFF = (
    "DestroyProfileOnBrowserClose", "HttpsUpgrades", "PaintHolding",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess",
)  # fmt: skip
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=" + ",".join(SWITCHED_OFF),
]


@dataclass(frozen=True)
class Served:
    """A running site: its address without a final slash, its log, its database's address."""

    url: str
    log: Path
    database_url: str

    def at(self, url: str, log: Path) -> "Served":
        """Another server of the same site."""
        return Served(url, log, self.database_url)

    def log_text(self) -> str:
        """The log so far; a short wait lets the line of the last answer be written."""
        time.sleep(0.2)
        return self.log.read_text()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server: that of this or the other run, else one of its own."""
    if address := server_in_environment() or os.environ.get(OTHER_SERVER, ""):
        yield address
        return
    try:
        with postgresql() as address:
            yield address
    except NoPostgreSQL as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def prepared_site(once, databases, django_db_setup, django_db_blocker) -> dict[str, str]:
    """The environment of an installation that has loaded the 2023 directory; once a run.

    Without the shared data it holds the demonstration.
    """
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "directory.settings",
        "HTTPS": "no",
        "SECRET_KEY": "a-key-of-the-served-site-0123456789-abcdefghijklmnopqrstuvwxyz",
        "STATIC_ROOT": str(once.folder / "static"),
    }
    # The static files are those of both engines: who comes second finds them compressed.
    with django_db_blocker.unblock(), once.turn("static"):
        databases.once.result("site", lambda: prepare_site(databases, environment))
    return environment


def prepare_site(databases: Databases, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "directory.bootstrap.run", "--prepare-only"]
    load = [sys.executable, "manage.py", "load_demonstration"]
    if folder := real_data.folder():
        command += ["--data", folder / real_data.WORKBOOK_2023]
        command += ["--coordinates", folder / real_data.COORDINATES]
        load = []
    environment = environment | {"DATABASE_URL": databases.new_address("places", "site")}
    for words in filter(None, (command, load)):
        subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    databases.engine.finish("site")


@pytest.fixture(scope="session")
def site_environment(prepared_site, databases) -> dict[str, str]:
    """The environment of this process's own copy of the prepared installation."""
    copy = f"site_{databases.process}"
    databases.engine.create(copy, "site")
    return prepared_site | {"DATABASE_URL": databases.engine.address(copy)}


@pytest.fixture(scope="session")
def served(site_environment, tmp_path_factory) -> Iterator[Served]:
    """``make run`` of the prepared installation."""
    command = [sys.executable, "-m", "directory.bootstrap.run", "--port", str(free_port())]
    log = tmp_path_factory.mktemp("log") / "run.log"
    with running(command, site_environment, log) as url:
        yield Served(url, log, site_environment["DATABASE_URL"])


def gunicorn(environment: dict[str, str], log: Path, app: str = "directory.wsgi"):
    """Serve ``app`` as in production, on a free port; a context that gives its address."""
    command = [sys.executable, "-m", "gunicorn", "--config", "directory/gunicorn.py"]
    return running([*command, "--bind", "127.0.0.1:0", app], environment, log)


@contextmanager
def running(command: list, environment: dict[str, str], log: Path) -> Iterator[str]:
    """Run a server whose every word goes to ``log``; give its address, and end it afterwards."""
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
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
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium on this machine (Debian's package: chromium)")
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": CHROMIUM_ARGUMENTS,
    }
