"""How long the search page takes, beside an empty page, its bare SQL and Datasette.

``python benchmarks/search.py`` serves SAMHSA's real directory by gunicorn with one worker and
one thread (gthread, as in production), asks each side the same four questions in turns over
kept connections, and prints medians and ratios of that one run. Machines differ and are shared:
compare ratios, not milliseconds.

What is fair to Datasette: one process; its own default of threads; the same facilities in narrow
tables with an index on position and on state; the same filters, number of rows and memory; no
order by distance, which it does not have; facet suggestions and HTTP caching off. It is asked in
two forms. "Datasette" counts what the search page counts: each box is a column and a facet of its
own. "Arrays" is its quickest form: one JSON array and one facet for each group of boxes, which
leaves out the boxes that nobody found would fit. All must find the same number of facilities.
"""

import argparse
import http.client
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
from pathlib import Path
from statistics import median, quantiles

import psycopg2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import servers
from benchmarks.questions import ASKED

WARM_UP = 5  # rounds that are not counted
EMPTY = "empty view"
OURS = r'data-total="(\d+)"'
THEIRS = r"<h3>\s*([\d,]+) rows?"


@dataclass
class Subject:
    """What is measured: ``ask`` gives how many facilities were found, if the answer says so."""

    name: str
    ask: Callable[[], int | None]
    seconds: list[float] = field(default_factory=list)
    found: int | None = None

    def take_time(self) -> None:
        start = time.perf_counter()
        self.found = self.ask()
        self.seconds.append(time.perf_counter() - start)


@dataclass(frozen=True)
class Ratio:
    """One subject's median over another's, and the most or the least that it should be."""

    above: str
    below: str
    most: float | None = None
    least: float | None = None

    def line(self, medians: dict[str, float]) -> str:
        value = medians[self.above] / medians[self.below]
        words = f"{self.above} / {self.below}"
        if self.most is not None:
            target, is_reached = f"at most {self.most:g}", value <= self.most
        elif self.least is not None:
            target, is_reached = f"at least {self.least:g}", value >= self.least
        else:
            return f"{words:<34}{value:>8.1f}"
        return f"{words:<34}{value:>8.1f}   {target:<12} {'yes' if is_reached else 'no'}"


RATIOS = (
    Ratio("(a)", EMPTY, most=20),
    Ratio("(b)", EMPTY, most=25),
    Ratio("(c)", EMPTY),
    Ratio("(d)", EMPTY),
    Ratio("Datasette (a)", "(a)", least=20),
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
    database = opened(address)
    yield Subject(EMPTY, page(us, "/empty/"))
    for asked in ASKED:
        arrays = f"/{table.stem}{told[asked.name]['datasette']}"
        boxes = f"/{table.stem}{told[asked.name]['boxes']}"
        sent = told[asked.name]["statements"]
        yield Subject(f"({asked.name})", page(us, f"/search/?{asked.query}", OURS))
        yield Subject(f"Datasette ({asked.name})", page(them, boxes, THEIRS))
        yield Subject(f"arrays ({asked.name})", page(them, arrays, THEIRS))
        yield Subject(f"bare SQL ({asked.name})", lambda sent=sent: execute(database, sent))


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def page(
    connection: http.client.HTTPConnection, address: str, total: str = ""
) -> Callable[[], int | None]:
    """Fetches the page at ``address``; the pattern ``total`` finds in it how many there are."""

    def ask() -> int | None:
        text = fetch(connection, address)
        return int(re.search(total, text)[1].replace(",", "")) if total else None

    return ask


def fetch(connection: http.client.HTTPConnection, address: str) -> str:
    connection.request("GET", address)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}:\n{text[:500]}")
    return text


def opened(address: str):
    """A plain connection to the database that the site is served from, as the site opens it."""
    if not address.startswith("sqlite:///"):
        return psycopg2.connect(address)
    database = sqlite3.connect(address.removeprefix("sqlite:///"))
    database.executescript("PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;")
    return database


def execute(database, statements: list[tuple[str, list]]) -> None:
    """Send the statements of one search and take all rows."""
    cursor = database.cursor()
    for sql, values in statements:
        is_sqlite = isinstance(database, sqlite3.Connection)
        cursor.execute(sql.replace("%s", "?") if is_sqlite else sql, values)
        cursor.fetchall()


def measure(subjects: list[Subject], rounds: int) -> None:
    """Ask every subject once a round, in an order that changes, and keep the times."""
    orders = random.Random(2023)
    for number in range(WARM_UP + rounds):
        for subject in orders.sample(subjects, len(subjects)):
            subject.take_time()
        if number + 1 == WARM_UP:
            for subject in subjects:
                subject.seconds.clear()
        show_progress(number + 1, WARM_UP + rounds)


def show_progress(done: int, rounds: int) -> None:
    if sys.stderr.isatty():
        print(f"\rround {done} of {rounds}", end="\n" if done == rounds else "", file=sys.stderr)


def tell(subjects: list[Subject], rounds: int, engine: str) -> None:
    """Print the medians, what was found, and the ratios beside their targets."""
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{engine}; gunicorn {' '.join(servers.GUNICORN)}; Datasette {servers.DATASETTE_VERSION}")
    print(f"{rounds} rounds after {WARM_UP} of warming up; load average {load}\n")
    for asked in ASKED:
        print(f"({asked.name}) {asked.words}")
    print(f"\n{'':<20}{'median ms':>10}{'p90 ms':>10}{'found':>8}")
    for subject in subjects:
        middle, slow = median(subject.seconds) * 1000, quantiles(subject.seconds, n=10)[8] * 1000
        found = "" if subject.found is None else f"{subject.found:,}"
        print(f"{subject.name:<20}{middle:>10.2f}{slow:>10.2f}{found:>8}")
    medians = {subject.name: median(subject.seconds) for subject in subjects}
    print(f"\n{'ratio of medians':<34}{'':>8}   {'target':<12} reached")
    for ratio in RATIOS:
        print(ratio.line(medians))
    refuse_difference({subject.name: subject.found for subject in subjects})


def refuse_difference(found: dict[str, int | None]) -> None:
    """End with a sentence if the two sides did not answer the same question."""
    for asked in ASKED:
        sides = {found[f"{side}({asked.name})"] for side in ("", "Datasette ", "arrays ")}
        if len(sides) > 1:
            sys.exit(f"({asked.name}): the two sides do not find the same: {found}")


if __name__ == "__main__":
    main(sys.argv[1:])
