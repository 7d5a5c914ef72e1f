"""How long the pages take that people see most, beside an empty page, bare SQL and Datasette.

``python benchmarks/search.py`` serves SAMHSA's real directory by gunicorn with one worker and
one thread (gthread, as in production), asks each side the same four questions in turns over
kept connections, and prints medians and ratios of that one run. Machines differ and are shared:
compare ratios, not milliseconds. Compressed answers are asked for, as browsers do; a facility's
page and a comparison of five are those of others each time. "CPU ms" is what our worker's process
took for an answer, on Linux. Each goal ends the output as a line of name, value and goal, tabs
between them; lower is better.

What is fair to Datasette: one process; its own default of threads; the same facilities in narrow
tables with an index on position and on state; the same filters, number of rows and memory; no
order by distance, which it does not have; facet suggestions and HTTP caching off. It is asked in
two forms. "Datasette" counts what the search page counts: each box is a column and a facet of its
own. "Arrays" is its quickest form: one JSON array and one facet for each group of boxes, which
leaves out the boxes that nobody found would fit. All must find the same number of facilities.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import re
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from statistics import median, quantiles

import brotli
import psycopg2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import servers
from benchmarks.questions import ASKED

WARM_UP = 5  # rounds that are not counted
EMPTY = "empty view"
FACILITY, COMPARISON = "facility page", "comparison of five"
BROWSER = {"Accept-Encoding": "br"}
DIFFERENT_PAGES = 200  # of facilities, asked for in turns
CPU_CLOCK = 2  # of a process, all its threads: CPUCLOCK_SCHED of the Linux kernel
OURS = r'data-total="(\d+)"'
THEIRS = r"<h3>\s*([\d,]+) rows?"


@dataclass(frozen=True)
class Answer:
    """What was answered, read to its end; ``total`` is a pattern that finds how many were found."""

    body: bytes = b""
    is_compressed: bool = False
    total: str = ""

    def count(self) -> int | None:
        """How many facilities were found, if the answer says so."""
        if not self.total:
            return None
        body = brotli.decompress(self.body) if self.is_compressed else self.body
        return int(re.search(self.total, body.decode())[1].replace(",", ""))


@dataclass
class Subject:
    """What is measured; ``cpu_time`` gives the CPU seconds that the process behind it has used."""

    name: str
    ask: Callable[[], Answer]
    cpu_time: Callable[[], float] | None = None
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    found: int | None = None

    def take_time(self) -> None:
        cpu_start = self.cpu_time() if self.cpu_time else 0
        start = time.perf_counter()
        answer = self.ask()
        self.seconds.append(time.perf_counter() - start)
        if self.cpu_time:
            self.cpu_seconds.append(self.cpu_time() - cpu_start)
        self.found = answer.count()

    def forget(self) -> None:
        self.seconds.clear()
        self.cpu_seconds.clear()


@dataclass(frozen=True)
class Ratio:
    """One subject's median over another's, and the most or the least that it should be."""

    above: str
    below: str
    most: float | None = None
    least: float | None = None

    @property
    def name(self) -> str:
        return f"{self.above} / {self.below}"

    def line(self, wall: dict[str, float], cpu: dict[str, float]) -> str:
        value = wall[self.above] / wall[self.below]
        is_ours = self.above in cpu and self.below in cpu
        cpu_value = f"{cpu[self.above] / cpu[self.below]:.1f}" if is_ours else ""
        line = f"{self.name:<34}{value:>8.1f}{cpu_value:>10}"
        if self.most is not None:
            return f"{line}   at most {self.most:<4g}   {'yes' if value <= self.most else 'no'}"
        if self.least is not None:
            return f"{line}   at least {self.least:<3g}   {'yes' if value >= self.least else 'no'}"
        return line

    def goal(self, wall: dict[str, float]) -> str | None:
        """Name, value and goal, of which less is better: "at least" is turned upside down."""
        value = wall[self.above] / wall[self.below]
        if self.most is not None:
            return f"{self.name}\t{value:.2f}\t{self.most:g}"
        if self.least is not None:
            return f"{self.below} / {self.above}\t{1 / value:.4f}\t{1 / self.least:g}"
        return None


RATIOS = (
    Ratio("(a)", EMPTY, most=7),
    Ratio("(b)", EMPTY, most=7),
    Ratio("(c)", EMPTY, most=7),
    Ratio("(d)", EMPTY, most=7),
    Ratio(FACILITY, EMPTY, most=6),
    Ratio(COMPARISON, EMPTY, most=8),
    Ratio("Datasette (a)", "(a)", least=50),
    Ratio("Datasette (b)", "(b)"),
    Ratio("Datasette (c)", "(c)"),
    Ratio("Datasette (d)", "(d)"),
    Ratio("arrays (a)", "(a)"),
    Ratio("arrays (b)", "(b)"),
    Ratio("(a)", "bare SQL (a)"),
    Ratio("(b)", "bare SQL (b)"),
)


def main(words: list[str]) -> None:
    wanted = arguments(words)
    # Ended from outside, the servers started here are ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        servers.cache_folder()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = wanted.database_url
        if wanted.postgresql:
            address = stack.enter_context(servers.on_postgresql())
        subjects = [*started(stack, address or servers.on_sqlite(), folder)]
        measure(subjects, wanted.rounds)
    tell(subjects, wanted.rounds, "PostgreSQL" if address else "SQLite")


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60, help="default: 60")
    engine = parser.add_mutually_exclusive_group()
    engine.add_argument(
        "--postgresql", action="store_true", help="start one for this run and load it"
    )
    engine.add_argument(
        "--database-url", metavar="ADDRESS", default="",
        help="of a PostgreSQL database to measure as it is; nothing is written into it",
    )  # fmt: skip
    wanted = parser.parse_args(words)
    if wanted.rounds < 2:
        parser.error("--rounds must be 2 or more")
    return wanted


def started(stack: ExitStack, address: str, folder: Path) -> Iterator[Subject]:
    """Start both servers and give everything that is measured."""
    table = folder / "directory.db"
    told = json.loads(
        servers.run("-m", "benchmarks.inside.sides", str(table), env=servers.environment(address))
    )
    our_port = stack.enter_context(servers.ours(address, folder / "ours.log"))
    their_port = stack.enter_context(servers.datasette(table, folder / "datasette.log"))
    us, them = connected(our_port), connected(their_port)
    database, cpu_time = opened(address), worker_clock()
    slugs = facility_slugs(us)
    yield Subject(EMPTY, page(us, ["/empty/"]), cpu_time)
    yield Subject(FACILITY, page(us, [f"/facility/{slug}/" for slug in slugs]), cpu_time)
    yield Subject(COMPARISON, page(us, comparisons(slugs)), cpu_time)
    for asked in ASKED:
        arrays = f"/{table.stem}{told[asked.name]['datasette']}"
        boxes = f"/{table.stem}{told[asked.name]['boxes']}"
        sent = told[asked.name]["statements"]
        yield Subject(f"({asked.name})", page(us, [f"/search/?{asked.query}"], OURS), cpu_time)
        yield Subject(f"Datasette ({asked.name})", page(them, [boxes], THEIRS))
        yield Subject(f"arrays ({asked.name})", page(them, [arrays], THEIRS))
        yield Subject(f"bare SQL ({asked.name})", lambda sent=sent: execute(database, sent))


def facility_slugs(connection: http.client.HTTPConnection) -> list[str]:
    """The ends of some facilities' addresses, from the site map."""
    answer = fetch(connection, "/sitemap-facilities-1.xml")
    text = (brotli.decompress(answer.body) if answer.is_compressed else answer.body).decode()
    slugs = re.findall(r"<loc>[^<]*?//[^/]+/facility/([^/<]+)/</loc>", text)
    return random.Random(2023).sample(slugs, DIFFERENT_PAGES)


def comparisons(slugs: list[str]) -> list[str]:
    """Addresses that each compare five facilities, those of a state together."""
    by_state = sorted((slug.split("-")[-2:] for slug in slugs), key=itemgetter(0))
    codes = [code for _state, code in by_state]
    fives = [codes[start : start + 5] for start in range(0, len(codes) - 4, 5)]
    return [f"/compare/{','.join(five)}/" for five in fives]


def worker_clock() -> Callable[[], float] | None:
    """The CPU seconds of the process that answers: the only child of the gunicorn started here.

    Linux names the CPU clock of a process by its number; elsewhere there is no such column.
    """
    for child in children(os.getpid()):
        if b"gunicorn" in Path(f"/proc/{child}/cmdline").read_bytes():
            (worker,) = children(child)
            clock = (~worker << 3) | CPU_CLOCK
            return lambda: time.clock_gettime(clock)
    return None


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in found.read_text().split()] if found.exists() else []


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def page(
    connection: http.client.HTTPConnection, addresses: list[str], total: str = ""
) -> Callable[[], Answer]:
    """Fetches the pages at ``addresses`` in turns; ``total`` finds in each how many there are."""
    turns = itertools.cycle(addresses)
    return lambda: fetch(connection, next(turns), total)


def fetch(connection: http.client.HTTPConnection, address: str, total: str = "") -> Answer:
    try:
        answer = get(connection, address)
    except http.client.RemoteDisconnected:  # Datasette closes what nobody used for five seconds
        connection.close()
        answer = get(connection, address)
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}:\n{body[:500]!r}")
    return Answer(body, answer.getheader("Content-Encoding") == "br", total)


def get(connection: http.client.HTTPConnection, address: str) -> http.client.HTTPResponse:
    connection.request("GET", address, headers=BROWSER)
    return connection.getresponse()


def opened(address: str):
    """A plain connection to the database that the site is served from, as the site opens it."""
    if not address.startswith("sqlite:///"):
        return psycopg2.connect(address)
    database = sqlite3.connect(address.removeprefix("sqlite:///"))
    database.executescript("PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;")
    return database


def execute(database, statements: list[tuple[str, list]]) -> Answer:
    """Send the statements of one search and take all rows."""
    cursor = database.cursor()
    for sql, values in statements:
        is_sqlite = isinstance(database, sqlite3.Connection)
        cursor.execute(sql.replace("%s", "?") if is_sqlite else sql, values)
        cursor.fetchall()
    return Answer()


def measure(subjects: list[Subject], rounds: int) -> None:
    """Ask every subject once a round, in an order that changes, and keep the times."""
    orders = random.Random(2023)
    for number in range(WARM_UP + rounds):
        for subject in orders.sample(subjects, len(subjects)):
            subject.take_time()
        if number + 1 == WARM_UP:
            for subject in subjects:
                subject.forget()
        show_progress(number + 1, WARM_UP + rounds)


def show_progress(done: int, rounds: int) -> None:
    if sys.stderr.isatty():
        print(f"\rround {done} of {rounds}", end="\n" if done == rounds else "", file=sys.stderr)


def tell(subjects: list[Subject], rounds: int, engine: str) -> None:
    """Print the medians, what was found, the ratios beside their goals, and the goals alone."""
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{engine}; gunicorn {' '.join(servers.GUNICORN)}; Datasette {servers.DATASETTE_VERSION}")
    print(f"{rounds} rounds after {WARM_UP} of warming up; load average {load}\n")
    for asked in ASKED:
        print(f"({asked.name}) {asked.words}")
    print(f"\n{'':<20}{'median ms':>10}{'p90 ms':>10}{'CPU ms':>10}{'found':>8}")
    wall = {subject.name: median(subject.seconds) for subject in subjects}
    cpu = {subject.name: median(subject.cpu_seconds) for subject in subjects if subject.cpu_time}
    for subject in subjects:
        slow = quantiles(subject.seconds, n=10)[8] * 1000
        used = f"{cpu[subject.name] * 1000:.2f}" if subject.cpu_time else ""
        found = "" if subject.found is None else f"{subject.found:,}"
        print(
            f"{subject.name:<20}{wall[subject.name] * 1000:>10.2f}{slow:>10.2f}{used:>10}{found:>8}"
        )
    print(f"\n{'ratio of medians':<34}{'':>8}{'of CPU':>10}   {'goal':<12}   reached")
    for ratio in RATIOS:
        print(ratio.line(wall, cpu))
    print()
    for goal in filter(None, (ratio.goal(wall) for ratio in RATIOS)):
        print(goal)
    refuse_difference({subject.name: subject.found for subject in subjects})


def refuse_difference(found: dict[str, int | None]) -> None:
    """End with a sentence if the two sides did not answer the same question."""
    for asked in ASKED:
        sides = {found[f"{side}({asked.name})"] for side in ("", "Datasette ", "arrays ")}
        if len(sides) > 1:
            sys.exit(f"({asked.name}): the two sides do not find the same: {found}")


if __name__ == "__main__":
    main(sys.argv[1:])
