"""A full disk under the primary: writes end, replicas go on, and space mends it.

PostgreSQL refuses a row for which there is no space. Without space for its log it restarts until
there is some.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from ..support.replication import PostgreSQLServer, replica_of
from .nodes import wait_until

ROWS = 20_000  # of 200 bytes, a statement
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.subprocess,
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk"),
]


@contextmanager
def small_disk():
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", folder], check=True)
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def test_full_disk_of_the_primary():
    outside = Path(tempfile.mkdtemp(prefix="replication-"))
    outside.chmod(0o755)
    try:
        with small_disk() as disk:
            primary = PostgreSQLServer("primary", disk / "primary")
            primary.create()
            primary.start()
            # The folder of a replica lies beside its primary's: this one on another disk.
            primary.folder = outside / "primary"
            primary.execute("CREATE TABLE written (number integer, text text)")
            with replica_of(primary, "first") as replica:
                primary.folder = disk / "primary"
                batches = fill_disk(primary)

                wait_until(lambda: count(replica) == batches * ROWS, "the replica has all")

                subprocess.run(["mount", "-o", "remount,size=400m", disk], check=True)
                wait_until(lambda: takes_row(primary), "mended by itself")
                assert count(primary) == batches * ROWS + 1
                wait_until(lambda: count(replica) == batches * ROWS + 1, "replicated")
            primary.stop()
    finally:
        shutil.rmtree(outside, ignore_errors=True)


def fill_disk(primary: PostgreSQLServer) -> int:
    """Write until it is refused; return how many statements were acknowledged."""
    rows = f"SELECT g, repeat('x', 200) FROM generate_series(1, {ROWS}) g"
    for batches in range(100):
        try:
            primary.execute(f"INSERT INTO written {rows}")
        except psycopg2.OperationalError:
            return batches
    raise AssertionError("The disk is not full.")


def takes_row(server: PostgreSQLServer) -> bool:
    try:
        server.execute("INSERT INTO written VALUES (0, '')")
    except psycopg2.OperationalError:  # it recovers
        return False
    return True


def count(server: PostgreSQLServer) -> int:
    return server.execute("SELECT count(*) FROM written")[0][0]
