"""Which servers are measured and how they are started: ours as in production, and Datasette.

All listen on loopback, on free ports, and end with the block that started them. What takes long
to make is kept in ``.cache``: remove that folder to make it anew.
"""

import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support import real_data as shared
from tests.support.engines import database_named, new_database, postgresql, start

ROOT = shared.ROOT
CACHE = ROOT / ".cache"
PATIENCE = 60  # seconds until a server listens, or ends
# One worker and one thread: what is measured is one request at a time. The connection is kept
# for as long as Datasette's slowest answer takes.
GUNICORN = ["--workers", "1", "--threads", "1", "--worker-class", "gthread", "--keep-alive", "75"]
DATASETTE_VERSION = "0.65.5"
# The same rows a page and memory for SQLite as ours. The limits of time would leave facets out.
DATASETTE = {
    "suggest_facets": "off",
    "default_cache_ttl": "0",
    "default_page_size": "20",
    "default_facet_size": "100",
    "sql_time_limit_ms": "60000",
    "facet_time_limit_ms": "60000",
    "cache_size_kb": "32000",
}


def environment(database_url: str) -> dict[str, str]:
    """The environment of an installation of its own that uses ``database_url``."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "HTTPS": "no",
        "SECRET_KEY": "a-key-of-the-measured-site-0123456789-abcdefghijklmnopqrstuvwxyz",
        "STATIC_ROOT": str(CACHE / "static"),
    }


def cache_folder() -> Path:
    """The folder of what is kept between runs; git does not see it."""
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n")
    return CACHE


def prepare(database_url: str, *options: str) -> None:
    """Prepare an installation by the site's own command, loading what ``options`` name."""
    run("-m", "directory.bootstrap.run", "--prepare-only", *options, env=environment(database_url))


def real_data() -> list[str]:
    """The options of ``directory.run`` that load SAMHSA's 2023 directory."""
    folder = shared.folder()
    if folder is None:
        sys.exit("The real files are not at ../shared/data: set SHARED_DATA.")
    files = (folder / shared.WORKBOOK_2023, folder / shared.COORDINATES)
    return [f"--data={files[0]}", f"--coordinates={files[1]}"]


def on_sqlite() -> str:
    """The address of a database with the real directory, loaded at the first call."""
    kept, loading = CACHE / "benchmark.sqlite3", CACHE / "loading.sqlite3"
    if not kept.exists():
        loading.unlink(missing_ok=True)
        prepare(f"sqlite:///{loading}", *real_data())
        loading.rename(kept)
    prepare(f"sqlite:///{kept}")
    return f"sqlite:///{kept}"


@contextmanager
def on_postgresql() -> Iterator[str]:
    """The same in a PostgreSQL that is started for this run."""
    with postgresql() as server:
        address = new_database(server)
        prepare(address, *real_data())
        yield address


def multiplied_sqlite(kept: Path, rows: int) -> str:
    """The address of a file with the real directory multiplied to ``rows``, made if missing."""
    if not kept.exists():
        making = kept.with_suffix(".making")
        making.unlink(missing_ok=True)
        source = on_sqlite().removeprefix("sqlite:///")
        with closing(sqlite3.connect(source)) as real, closing(sqlite3.connect(making)) as copy:
            real.backup(copy)
        multiply(f"sqlite:///{making.resolve()}", rows)
        making.rename(kept)
    address = f"sqlite:///{kept.resolve()}"
    prepare(address)
    return address


@contextmanager
def multiplied_postgresql(folder: Path, rows: int) -> Iterator[tuple[str, str]]:
    """The addresses of the real directory and of ``rows`` in a server that keeps ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    server = start(folder.resolve())
    try:
        small, large = (database_named(server.get_uri(), name) for name in ("small", "large"))
        for address, ready in ((small, folder / "small"), (large, folder / "large")):
            if not ready.exists():
                prepare(address, *real_data())
                if address == large:
                    multiply(large, rows)
                ready.touch()
            prepare(address)
        yield small, large
    finally:
        server.cleanup()


def multiply(address: str, rows: int) -> None:
    run("-m", "benchmarks.inside.multiply", str(rows), env=environment(address))


def run(
    *arguments: str,
    python: str = sys.executable,
    env: dict[str, str] | None = None,
    folder: Path = ROOT,
) -> str:
    """Run Python in a checkout's folder and give what it printed; its complaint ends the run."""
    command = [python, *arguments]
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"python {' '.join(arguments)}:\n{ended.stderr or ended.stdout}")
    return ended.stdout


@contextmanager
def ours(database_url: str, log: Path, workers: Sequence[str] = GUNICORN) -> Iterator[int]:
    """The site under gunicorn with its own configuration, and ``/empty/``; gives the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "directory/gunicorn.py", *workers]
    command += ["--bind", f"127.0.0.1:{port}", "benchmarks.inside.wsgi"]
    with serving(command, port, log, environment(database_url)):
        yield port


@contextmanager
def datasette(table: Path, log: Path) -> Iterator[int]:
    """Datasette on ``table``, opened as unchanging data, which is its quickest way."""
    port = free_port()
    settings = [word for pair in DATASETTE.items() for word in ("--setting", *pair)]
    command = [installed_datasette(), "-m", "datasette", "serve", "--immutable", str(table)]
    with serving([*command, "--port", str(port), *settings], port, log, dict(os.environ)):
        yield port


def installed_datasette() -> str:
    """The Python of an environment that holds Datasette alone, made at the first call."""
    folder = CACHE / f"datasette-{DATASETTE_VERSION}"
    python = str(folder / "bin" / "python")
    ready = folder / "ready"
    if not ready.exists():
        run("-m", "venv", "--clear", str(folder))
        run("-m", "pip", "install", f"datasette=={DATASETTE_VERSION}", python=python)
        ready.touch()
    return python


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(
    command: list[str], port: int, log: Path, env: dict[str, str], folder: Path = ROOT
) -> Iterator[subprocess.Popen]:
    """Run a server whose every word goes to ``log`` until the block ends."""
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(port, server, log)
        yield server
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    """Wait for an answer: gunicorn listens before it has a worker."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as probe:
            try:
                probe.request("GET", "/")
                probe.getresponse()
                return
            except OSError:
                time.sleep(0.1)
    sys.exit(f"A server did not start:\n{log.read_text()}")
