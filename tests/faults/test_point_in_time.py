"""A base backup and the archived log of PostgreSQL: any moment before the primary was killed."""

import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from ..support.real_data import ROOT
from ..support.replication import OWNER, PostgreSQLServer, account, primary_server

pytestmark = [pytest.mark.postgres, pytest.mark.subprocess, pytest.mark.slow]


def test_restores_the_state_of_a_moment(tmp_path):
    with primary_server() as primary:
        folder = primary.folder.parent
        archive = folder / "archive"
        archive.mkdir()
        shutil.chown(archive, account() or primary.folder.owner())
        shipped = (ROOT / "docs" / "deployment" / "postgresql-archive.conf").read_text()
        with (primary.data / "postgresql.conf").open("a") as file:
            file.write(shipped.replace("/var/backups/directory-wal", str(archive)))
        primary.stop()
        primary.start()
        restored = PostgreSQLServer("restored", folder / "restored")
        restored.run("pg_basebackup", "-D", str(restored.data), "-d", restored.source(primary),
                     "--checkpoint=fast", "--no-sync")  # fmt: skip

        words = f"host=127.0.0.1 port={primary.port} user={OWNER} dbname=directory"
        log = tmp_path / "acknowledged"
        with log.open("w") as output:
            writer = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.writer", words], cwd=ROOT,
                stdout=output, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        time.sleep(4)
        primary.execute("SELECT pg_switch_wal()")  # as archive_timeout does after a minute
        time.sleep(2)
        primary.kill()
        writer.wait(20)

        times = [float(line.split()[1]) for line in log.read_text().splitlines()[:-1]]
        moment = times[len(times) // 3]
        restored.configure()
        stamp = datetime.fromtimestamp(moment, UTC).isoformat(sep=" ")
        with (restored.data / "postgresql.auto.conf").open("a") as file:
            file.write(
                f"restore_command = 'cp {archive}/%f %p'\n"
                f"recovery_target_time = '{stamp}'\nrecovery_target_action = 'promote'\n"
                "archive_mode = off\n"
            )
        (restored.data / "recovery.signal").touch()
        try:
            restored.start()
            rows, newest = restored.execute(
                "SELECT count(*), max(number) FROM written", "directory"
            )[0]
        finally:
            restored.stop()

    expected = sum(at <= moment for at in times)
    assert rows == newest
    assert abs(newest - expected) <= 1  # a commit counts from a moment before it returns
