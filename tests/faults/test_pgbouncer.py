"""The site behind pgbouncer, as docs/scaling.md sets it up: pages, a save, a load, a backup."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg2
import pytest

from ..support.live_server import gunicorn
from ..support.processes import free_port
from ..support.replication import OWNER, PostgreSQLServer, account, primary_server
from .nodes import PAGES, Node, wait_until

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.subprocess,
    pytest.mark.slow,
    pytest.mark.skipif(PGBOUNCER is None, reason="there is no pgbouncer"),
]
CONFIGURATION = """
[databases]
directory = host=127.0.0.1 port={server.port} user={owner}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
logfile = {server.folder}/pgbouncer.log
pool_mode = {mode}
default_pool_size = 3
ignore_startup_parameters = options
"""
TO_SERVER = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'directory'"


@contextmanager
def pgbouncer(server: PostgreSQLServer, mode: str) -> Iterator[int]:
    """Run it before a server; give its port."""
    port = free_port()
    file = server.folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(server=server, owner=OWNER, port=port, mode=mode))
    process = subprocess.Popen([PGBOUNCER, "-q", file], user=account(), cwd=server.folder)
    try:
        wait_until(lambda: is_open(port), "pgbouncer answers")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def is_open(port: int) -> bool:
    with suppress(psycopg2.OperationalError):
        psycopg2.connect(host="127.0.0.1", port=port, user=OWNER, dbname="directory").close()
        return True
    return False


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_site_behind_pgbouncer(tmp_path, mode):
    with primary_server() as server:
        # What a node without pgbouncer asks for when it connects.
        server.execute(f"ALTER ROLE {OWNER} SET lock_timeout = '20s'")
        direct = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": f"postgresql://{OWNER}@127.0.0.1:{server.port}/directory",
            "UPLOAD_ROOT": str(tmp_path),
        }
        Node("", direct).manage("migrate", "-v0")
        with pgbouncer(server, mode) as port:
            pooled = direct | {"DATABASE_URL": f"postgresql://{OWNER}@127.0.0.1:{port}/directory"}
            if mode == "transaction":
                pooled["DATABASE_URL"] += "?server_side_cursors=no"
            commands = Node("", pooled)
            commands.manage("load_places")
            commands.manage("load_demonstration")
            backup = tmp_path / "backup"
            commands.manage("backup", str(backup))

            with gunicorn(pooled, tmp_path / "log") as url:
                node = Node(url, pooled)
                _saved_at, path = node.save_name("Pooled House")
                answers = node.answers()
                shown = node.fetch(path)[1]
            connections = server.execute(TO_SERVER)[0][0]
        with gunicorn(direct, tmp_path / "direct-log") as url:
            assert Node(url, direct).answers() == answers

    assert all(answers[path] for path in PAGES[:2])
    assert "Pooled House" in shown
    assert backup.stat().st_size > 10_000
    assert connections <= 3
