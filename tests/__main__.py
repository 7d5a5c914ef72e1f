"""Runs every test on SQLite and those that touch a database on PostgreSQL: ``python -m tests``.

Arguments go to pytest. The last line adds up both runs; lines before it say what could not run.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree

from tests.support.engines import OTHER_SERVER, NoPostgreSQL, postgresql
from tests.support.once import SHARED_FOLDER

KINDS = ("failure", "error", "skipped")
# One process a core, up to four; one that has nothing left takes over half of another's tests.
PROCESSES = min(os.cpu_count() or 1, 4)


class Run:
    """One run of pytest: its process, and the file that its results are written to."""

    def __init__(
        self,
        name: str,
        folder: Path,
        arguments: list[str],
        *,
        processes: int = PROCESSES,
        output=None,
        **environment: str,
    ):
        self.name, self.results = name, folder / f"{name}.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={self.results}"]
        at_once = [f"--numprocesses={processes}", "--dist=worksteal"]
        environment = os.environ | {SHARED_FOLDER: str(folder)} | environment
        self.process = subprocess.Popen(
            [*command, *at_once, *arguments], env=environment, stdout=output, stderr=output
        )

    def succeeded(self) -> bool:
        """Wait for its end."""
        return self.process.wait() == 0


def outcomes(results: Path) -> Counter:
    """Count the tests by outcome, and under ``why`` the reasons of those that were skipped."""
    counts = Counter()
    if not results.exists():
        return Counter(failed=1)
    for case in ElementTree.parse(results).iter("testcase"):
        kinds = {child.tag for child in case} & set(KINDS)
        outcome = "skipped" if kinds == {"skipped"} else "failed" if kinds else "passed"
        counts[outcome] += 1
        if outcome == "skipped":
            counts["not run: " + case.find("skipped").get("message", "")] += 1
    return counts


def main(arguments: list[str]) -> int:
    # Ended from outside, what was started here is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        total, succeeded = run_both(Path(folder), arguments, running)
    return close(total, succeeded=succeeded)


def run_both(folder: Path, arguments: list[str], running: ExitStack) -> tuple[Counter, bool]:
    """Run on both engines side by side."""
    try:
        address = running.enter_context(postgresql())
    except NoPostgreSQL as error:
        total = Counter({f"not run: all on PostgreSQL ({error})": 1})
        runs, succeeded = [], os.environ.get("FORBID_SKIPS") != "1"
        total["failed"] += not succeeded
        environment = {}
    else:
        total, succeeded = Counter(), True
        output = running.enter_context((folder / "PostgreSQL.log").open("w+"))
        on_postgresql = [*arguments, "--database-only"]
        runs = [Run("PostgreSQL", folder, on_postgresql, output=output, DATABASE_URL=address)]
        environment = {OTHER_SERVER: address}
    print("\n=== SQLite ===", flush=True)
    # One more process than cores: tests in a browser wait much.
    runs.insert(0, Run("SQLite", folder, arguments, processes=PROCESSES + 1, **environment))
    for run in runs:
        running.callback(run.process.terminate)
    for run in runs:
        succeeded &= run.succeeded()
        total += outcomes(run.results)
    if len(runs) > 1:
        print("\n=== PostgreSQL ===")
        output.seek(0)
        print(output.read(), flush=True)
    return total, succeeded


def close(total: Counter, *, succeeded: bool) -> int:
    """Print what could not run and the sum of both runs; give the exit code."""
    print()
    for reason, count in sorted(total.items()):
        if reason.startswith("not run"):
            print(f"{count} {reason}")
    passed, failed, skipped = (total[outcome] for outcome in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if succeeded else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
