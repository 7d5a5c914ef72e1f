"""Seconds and peak memory of loading the 2023 directory, on SQLite and on PostgreSQL.

    .venv/bin/python -m benchmarks.loading [FOLDER OF THE SHARED DATA]

Each load is a fresh process, as an operator runs it: the time holds the start of Python and
Django, the memory is the process's own peak (PostgreSQL's server not counted). The ratio compares
with only reading the workbook's cells, in a process of its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support import real_data
from tests.support.engines import NoPostgreSQL, new_database, postgresql

READ_ONLY = """
import sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
print(sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names))
"""
# Runs what follows it and tells the peak of its memory in kilobytes.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(command: list, environment: dict[str, str]) -> tuple[float, float]:
    """(seconds, megabytes at the peak) of a command in a process of its own."""
    measured = [sys.executable, "-c", MEASURED, *map(str, command)]
    start = time.perf_counter()
    ended = subprocess.run(
        measured, cwd=real_data.ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return time.perf_counter() - start, int(ended.stdout) / 1024


def measure_engine(name: str, database_url: str, folder: Path, reading: float) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a-key-of-this-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz",
    }
    manage = [sys.executable, "manage.py"]
    measure([*manage, "migrate", "--verbosity=0", "--skip-checks"], environment)
    load = [*manage, "load_directory", folder / real_data.WORKBOOK_2023]
    given = ["--coordinates", folder / real_data.COORDINATES]
    for label, command in (("first load", [*load, *given]), ("the same again", [*load, *given])):
        seconds, megabytes = measure(command, environment)
        show(f"{name}, {label}", seconds, megabytes, reading)


def show(label: str, seconds: float, megabytes: float, reading: float) -> None:
    ratio = f"{seconds / reading:6.1f} x"
    sys.stdout.write(f"{label:<28}{seconds:7.2f} s {megabytes:7.0f} MB {ratio}\n")
    sys.stdout.flush()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else real_data.folder()
    if folder is None:
        sys.exit("The real files are not at ../shared/data: give their folder.")
    workbook = folder / real_data.WORKBOOK_2023
    reading, megabytes = measure([sys.executable, "-c", READ_ONLY, workbook], dict(os.environ))
    show("only reading the cells", reading, megabytes, reading)
    with tempfile.TemporaryDirectory() as site:
        measure_engine("SQLite", f"sqlite:///{site}/site.sqlite3", folder, reading)
    try:
        with postgresql() as server:
            measure_engine("PostgreSQL", new_database(server), folder, reading)
    except NoPostgreSQL as error:
        sys.stdout.write(f"PostgreSQL was not measured: {error}\n")


if __name__ == "__main__":
    main()
