"""How many requests a second two workers answer here, beside another checkout.

    python -m benchmarks.throughput TREE --other-database FILE [--database FILE]

Both are served by gunicorn as they configure it, with two workers, and asked the same mixed load in
turns: as many clients as there are threads, without a pause. Both databases are SQLite files that
hold the same facilities, each with the migrations of its own checkout. Prints requests a second and
the processor time of the workers for a request, medians of the rounds, and the goal as a line of
name, value and goal, tabs between them; lower is better.
"""

import argparse
import http.client
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import servers
from benchmarks.memory import known, mixed_addresses
from benchmarks.search import children

CLIENTS = 8
ADDRESSES = 500
TICKS = os.sysconf("SC_CLK_TCK")
MOST = 0.5  # of the requests a second here, in the other checkout


@dataclass
class Side:
    """A server, and what each round measured of it."""

    name: str
    port: int
    gunicorn: int
    requests_a_second: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)  # of the processor, for a request

    def measure(self, addresses: list[str], seconds: float) -> None:
        before, start = processor_seconds(self.gunicorn), time.monotonic()
        answered = ask_at_once(self.port, addresses, seconds)
        self.requests_a_second.append(answered / (time.monotonic() - start))
        used = processor_seconds(self.gunicorn) - before
        self.milliseconds.append(1000 * used / answered)


def ask_at_once(port: int, addresses: list[str], seconds: float) -> int:
    """Return how many requests were answered; each client begins elsewhere in the list."""
    counts, end = [0] * CLIENTS, time.monotonic() + seconds

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        number = client * len(addresses) // CLIENTS
        while time.monotonic() < end:
            if status_of(connection, addresses[number % len(addresses)]) == 200:
                counts[client] += 1
            number += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def status_of(connection: http.client.HTTPConnection, address: str) -> int:
    connection.request("GET", address, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def processor_seconds(gunicorn: int) -> float:
    """Return what the workers of a gunicorn have used."""
    fields = (Path(f"/proc/{worker}/stat").read_text() for worker in children(gunicorn))
    times = (line.rpartition(")")[2].split()[11:13] for line in fields)
    return sum(int(user) + int(system) for user, system in times) / TICKS


@contextmanager
def served(tree: Path, database: Path, log: Path):
    """Serve a checkout by its own configuration; gives a port and the process."""
    static = servers.CACHE / f"static-of-{tree.name}"
    env = servers.environment(f"sqlite:///{database.resolve()}") | {
        "STATIC_ROOT": str(static), "PYTHONPATH": str(tree),
    }  # fmt: skip
    servers.run("manage.py", "collectstatic", "--noinput", env=env, folder=tree)
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "directory/gunicorn.py"]
    command += ["--workers", "2", "--keep-alive", "75", "--bind", f"127.0.0.1:{port}"]
    with servers.serving([*command, "directory.wsgi"], port, log, env, tree) as process:
        yield port, process.pid


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", type=Path, help="the other checkout")
    parser.add_argument("--other-database", type=Path, required=True)
    parser.add_argument("--database", type=Path, help="of this checkout; default: the real one")
    parser.add_argument("--rounds", type=int, default=6, help="default: 6")
    parser.add_argument("--seconds", type=float, default=10, help="of a round; default: 10")
    wanted = parser.parse_args()
    servers.cache_folder()
    database = wanted.database or Path(servers.on_sqlite().removeprefix("sqlite:///"))
    sides = {"here": (servers.ROOT, database), "there": (wanted.tree, wanted.other_database)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measured = [
            Side(name, *stack.enter_context(served(tree.resolve(), file, folder / name)))
            for name, (tree, file) in sides.items()
        ]
        addresses = answered_by_all(measured)
        for number in range(wanted.rounds + 1):
            for side in measured if number % 2 else reversed(measured):
                side.measure(addresses, wanted.seconds)
    show(measured)


def answered_by_all(sides: list[Side]) -> list[str]:
    """Return a mixed load without the pages that one of the checkouts does not have."""
    mixed = mixed_addresses(*known(sides[0].port), ADDRESSES)
    connections = [http.client.HTTPConnection("127.0.0.1", side.port) for side in sides]
    missing = {
        address
        for address in set(mixed)
        if any(status_of(connection, address) != 200 for connection in connections)
    }
    print(f"{len(mixed) - sum(each in missing for each in mixed)} addresses of {len(mixed)}")
    return [address for address in mixed if address not in missing]


def show(sides: list[Side]) -> None:
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"medians of rounds after one of warming up; load average {load}")
    for side in sides:
        rate, used = median(side.requests_a_second[1:]), median(side.milliseconds[1:])
        print(f"{side.name:<6}{rate:8.1f} requests/s{used:8.2f} ms of the processor a request")
    here, there = sides
    pairs = zip(there.requests_a_second[1:], here.requests_a_second[1:], strict=True)
    print()
    print(f"requests/s there / here\t{median(a / b for a, b in pairs):.3f}\t{MOST:g}")


if __name__ == "__main__":
    main()
