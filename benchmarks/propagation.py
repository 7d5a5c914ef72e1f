"""How long it takes until two servers on one database show what a curator saved.

    python -m benchmarks.propagation [--database FILE] [--saves 20]

Two gunicorns, each with two workers, serve a copy of the database. A curator renames a facility,
and both are asked for a search by that name, until each has answered rightly four times in a
row: then all workers know. Prints the seconds from the end of the save, median and most, and the
goal as a line of name, value and goal, tabs between them; lower is better.
"""

import argparse
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from benchmarks import servers

WORKERS = ("--workers", "2", "--threads", "4", "--keep-alive", "1")
IN_A_ROW = 4  # answers of a server, each on a new connection
PATIENCE = 60  # seconds
MOST = 1  # second
TOTAL = re.compile(r'data-total="(\d+)"')


@contextmanager
def curator(database: str):
    """A process that saves once for each line it is given."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.inside.saves"],
        cwd=servers.ROOT, env=servers.environment(database), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(servers.PATIENCE)


def save(process: subprocess.Popen) -> str:
    """Return "found" or "gone": whether the searched facility has the service now."""
    print("save", file=process.stdin, flush=True)
    return process.stdout.readline().strip()


def is_found(port: int, address: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", address)
    page = connection.getresponse().read().decode()
    connection.close()
    found = TOTAL.search(page)
    return bool(found and int(found[1]))


def seconds_until_shown(ports: list[int], address: str, *, expected: bool) -> float:
    start = time.monotonic()
    right = dict.fromkeys(ports, 0)
    while min(right.values()) < IN_A_ROW:
        if time.monotonic() > start + PATIENCE:
            sys.exit(f"{address} is not shown after {PATIENCE} s.")
        for port in ports:
            right[port] = right[port] + 1 if is_found(port, address) == expected else 0
    return time.monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", type=Path, help="an SQLite file; default: the real directory")
    parser.add_argument("--saves", type=int, default=20, help="default: 20")
    wanted = parser.parse_args()
    servers.cache_folder()
    kept = wanted.database or Path(servers.on_sqlite().removeprefix("sqlite:///"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=kept.parent)))
        shutil.copyfile(kept, folder / "site.sqlite3")
        database = f"sqlite:///{folder / 'site.sqlite3'}"
        servers.prepare(database)
        ports = [
            stack.enter_context(servers.ours(database, folder / f"log-{number}", WORKERS))
            for number in (1, 2)
        ]
        process = stack.enter_context(curator(database))
        address = process.stdout.readline().strip()
        seconds_until_shown(ports, address, expected=False)  # every worker builds its index
        taken = []
        for _ in range(wanted.saves):
            is_offered = save(process) == "found"
            taken.append(seconds_until_shown(ports, address, expected=is_offered))
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{wanted.saves} saves: at most {max(taken):.3f} s; load average {load}\n")
    print(f"a save until two servers show it, median s\t{median(taken):.3f}\t{MOST}")


if __name__ == "__main__":
    main()
