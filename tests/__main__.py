"""Runs every test on SQLite, then those that touch a database on PostgreSQL: ``python -m tests``.

Arguments go to pytest. The last line adds up both runs; lines before it say what could not run.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from tests.support.engines import NoPostgreSQL, postgresql

KINDS = ("failure", "error", "skipped")
# One process a core, up to four. A file's tests share what they load, so they stay together; in
# order, because the files with the fewest tests are not the quickest.
AT_ONCE = ("--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder")


def run(name: str, folder: Path, arguments: list[str], **environment: str) -> tuple[bool, Path]:
    """Run pytest once; tell whether it succeeded, and where its results are."""
    print(f"\n=== {name} ===", flush=True)
    results = folder / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", *AT_ONCE, f"--junitxml={results}", *arguments]
    ended = subprocess.run(command, env=os.environ | environment)
    return ended.returncode == 0, results


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
    # Ended from outside, the PostgreSQL started here is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.pop("DATABASE_URL", None)
    total = Counter()
    with tempfile.TemporaryDirectory() as folder:
        succeeded, results = run("SQLite", Path(folder), arguments)
        total += outcomes(results)
        try:
            with postgresql() as address:
                again = [*arguments, "--database-only"]
                fine, results = run("PostgreSQL", Path(folder), again, DATABASE_URL=address)
                total += outcomes(results)
        except NoPostgreSQL as error:
            fine = os.environ.get("FORBID_SKIPS") != "1"
            total += Counter({f"not run: all on PostgreSQL ({error})": 1, "failed": int(not fine)})
    return close(total, succeeded=succeeded and fine)


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
