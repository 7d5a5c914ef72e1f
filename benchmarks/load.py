"""What 64 visitors at once feel while a curator saves and a release is loaded, on both engines.

``python -m benchmarks.load`` serves a copy of the real directory by two workers, as in production.
First one visitor asks alone, which gives the median. Then 64 ask, each waiting a second between
requests, while a curator saves something each second; a new edition is loaded in the middle. Then
64 ask without a pause: they may be told to come back, with help lines and when. At the end one
visitor asks again. Every goal is a line of name, value and goal, tabs between them.
"""

import argparse
import contextlib
import html
import http.client
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from benchmarks import servers
from benchmarks.questions import ASKED
from tests.support import real_data

WORKERS = ["--workers", "2", "--threads", "4", "--worker-class", "gthread"]
OUTSIDE_GOAL, DURING_GOAL, AFTER_GOAL = 8, 20, 2  # of the median of one visitor alone
HELP_LINES = ("988", "662-4357")
SETTLING = 5  # seconds after the rush
SEARCHES = (
    *(asked.query for asked in ASKED),
    "place=11206", "place=Ohio&payment=medicaid", "place=60614&within=25&substance=alcohol-detox",
    "q=phoenix+house", "medication=methadone", "place=59301", "place=Travis+County%2C+TX",
)  # fmt: skip
ADDRESSES = ("/", "/guides/", "/es/", *(f"/search/?{query}" for query in SEARCHES))


@dataclass(frozen=True)
class Answer:
    """``at``: seconds since the machine started. ``status``: 0 where none came."""

    at: float
    seconds: float
    status: int
    is_polite: bool = True


@dataclass(frozen=True)
class ReleaseLoad:
    """When a release was loaded, by the same clock, and whether it was."""

    begun: float
    ended: float
    is_loaded: bool


@dataclass
class Visitor:
    """One connection that asks addresses at random and waits ``pause`` seconds between them."""

    port: int
    addresses: list[str]
    seed: int
    pause: float
    answers: list[Answer] = field(default_factory=list)

    def visit(self, is_over: Callable[[], bool]) -> None:
        chosen = random.Random(self.seed)
        connection = connected(self.port)
        time.sleep(chosen.random() * self.pause)
        while not is_over():
            self.answers.append(ask(connection, chosen.choice(self.addresses)))
            time.sleep(self.pause)
        connection.close()


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def ask(connection: http.client.HTTPConnection, address: str) -> Answer:
    """Ask; once more where the server had closed the kept connection, as browsers do."""
    start = time.monotonic()
    was_kept = connection.sock is not None
    try:
        try:
            response, body = get(connection, address)
        except (ConnectionError, http.client.RemoteDisconnected):
            connection.close()
            if not was_kept:
                raise
            response, body = get(connection, address)
    except (OSError, http.client.HTTPException):
        connection.close()
        return Answer(start, time.monotonic() - start, 0)
    is_polite = response.status == 200 or (
        response.status == 503
        and response.headers["Retry-After"] is not None
        and all(line in body for line in HELP_LINES)
    )
    return Answer(start, time.monotonic() - start, response.status, is_polite)


def get(
    connection: http.client.HTTPConnection, address: str
) -> tuple[http.client.HTTPResponse, str]:
    connection.request("GET", address)
    response = connection.getresponse()
    return response, response.read().decode()


@dataclass
class Curator:
    """Saves another sentence about one of a few facilities each second."""

    port: int
    cookie: str
    keys: list[str]
    acknowledged: dict[str, str] = field(default_factory=dict)  # facility -> the last sentence
    saves: int = 0
    refusals: Counter[int] = field(default_factory=Counter)

    def work(self, is_over: Callable[[], bool]) -> None:
        number = 0
        while not is_over():
            start = time.monotonic()
            number += 1
            key = self.keys[number % len(self.keys)]
            self.save(key, f"Nobody without an appointment, says call {number}.")
            time.sleep(max(0.0, start + 1 - time.monotonic()))

    def save(self, key: str, sentence: str) -> None:
        address = f"/admin/facilities/facility/{key}/change/"
        try:
            page, cookies = self.get(address)
            form = {"method": "phone", "note": "", "evidence_url": ""}
            form |= dict(hidden_fields(page))
            form["to-admission_exclusions"] = sentence
            status = self.post(address, form, cookies)
        except (OSError, http.client.HTTPException):
            status = 0
        if status == 302:
            self.acknowledged[key] = sentence
            self.saves += 1
        else:
            self.refusals[status] += 1

    def get(self, address: str) -> tuple[str, str]:
        connection = connected(self.port)
        connection.request("GET", address, headers={"Cookie": f"staff={self.cookie}"})
        response = connection.getresponse()
        given = [value.partition(";")[0] for value in response.headers.get_all("Set-Cookie", ())]
        page = response.read().decode()
        connection.close()
        return page, "; ".join([f"staff={self.cookie}", *given])

    def post(self, address: str, form: dict[str, str], cookies: str) -> int:
        connection = connected(self.port)
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", address, urlencode(form), headers)
        status = connection.getresponse().status
        connection.close()
        return status


def hidden_fields(page: str) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        attributes = dict(re.findall(r"([\w-]+)=\"([^\"]*)\"", tag))
        if "name" in attributes:
            yield attributes["name"], html.unescape(attributes.get("value", ""))


def main(words: list[str]) -> None:
    wanted = arguments(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for engine in wanted.engine:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            database = stack.enter_context(DATABASES[engine](folder))
            measure(engine, database, folder, wanted)


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--engine", nargs="+", choices=DATABASES, default=[*DATABASES])
    parser.add_argument("--clients", type=int, default=64, help="default: 64")
    parser.add_argument("--seconds", type=int, default=60, help="of each half; default: 60")
    parser.add_argument("--rush", type=int, default=20, help="seconds without pause; default: 20")
    return parser.parse_args(words)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    kept = servers.on_sqlite().removeprefix("sqlite:///")
    shutil.copyfile(kept, folder / "site.sqlite3")
    yield f"sqlite:///{folder / 'site.sqlite3'}"


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    with servers.on_postgresql() as address:
        yield address


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}


def measure(engine: str, database: str, folder: Path, wanted: argparse.Namespace) -> None:
    cookie, *facilities = servers.run(
        "-m", "benchmarks.inside.curation", env=servers.environment(database)
    ).splitlines()
    keys = dict(line.split() for line in facilities)
    addresses = [*ADDRESSES, *(f"/facility/{slug}/" for slug in keys.values())]
    with servers.ours(database, folder / "site.log", WORKERS) as port:
        visit(port, addresses, clients=2, pause=0, seconds=10)  # fills what workers keep
        alone = visit(port, addresses, clients=1, pause=0, seconds=10)
        usual = median(answer.seconds for answer in alone)
        curator = Curator(port, cookie, [*keys])
        answers, loading = with_curator_and_load(port, addresses, curator, database, wanted)
        lost = [key for key in curator.acknowledged if not is_public(port, keys[key], curator, key)]
        rush = visit(port, addresses, clients=wanted.clients, pause=0, seconds=wanted.rush)
        time.sleep(SETTLING)
        after = visit(port, addresses, clients=1, pause=0, seconds=10)
    show(engine, usual, answers, loading, curator, lost, rush, after)


def visit(
    port: int, addresses: list[str], *, clients: int, pause: float, seconds: float
) -> list[Answer]:
    end = time.monotonic() + seconds
    with visiting(port, addresses, clients, pause, lambda: time.monotonic() > end) as answers:
        pass
    return answers


@contextmanager
def visiting(
    port: int, addresses: list[str], clients: int, pause: float, is_over: Callable[[], bool]
) -> Iterator[list[Answer]]:
    """Visitors in threads of their own; their answers are there once the block has ended."""
    visitors = [Visitor(port, addresses, seed, pause) for seed in range(clients)]
    threads = [threading.Thread(target=visitor.visit, args=(is_over,)) for visitor in visitors]
    answers: list[Answer] = []
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        for thread in threads:
            thread.join()
        answers.extend(answer for visitor in visitors for answer in visitor.answers)


def with_curator_and_load(
    port: int, addresses: list[str], curator: Curator, database: str, wanted: argparse.Namespace
) -> tuple[list[Answer], ReleaseLoad]:
    over = threading.Event()
    saving = threading.Thread(target=curator.work, args=(over.is_set,))
    saving.start()
    with visiting(port, addresses, wanted.clients, 1, over.is_set) as answers:
        try:
            time.sleep(wanted.seconds)
            begun = time.monotonic()
            is_loaded = load_release(database)
            ended = time.monotonic()
            time.sleep(wanted.seconds)
        finally:
            over.set()
            saving.join()
    return answers, ReleaseLoad(begun, ended, is_loaded)


def load_release(database: str) -> bool:
    """Load the directory of 2023 as the next edition, in a process of its own."""
    workbook = str(real_data.folder() / real_data.WORKBOOK_2023)
    command = [sys.executable, "manage.py", "load_directory", workbook]
    loaded = subprocess.run(
        [*command, "--edition=2024", "--allow-withdrawals"],
        cwd=servers.ROOT, env=servers.environment(database), capture_output=True, text=True,
    )  # fmt: skip
    print(loaded.stderr, end="")
    return loaded.returncode == 0


def is_public(port: int, slug: str, curator: Curator, key: str) -> bool:
    """Whether the page of the facility says what the curator saved last."""
    connection = connected(port)
    connection.request("GET", f"/facility/{slug}/")
    return curator.acknowledged[key] in connection.getresponse().read().decode()


def show(engine, usual, answers, loading, curator, lost, rush, after) -> None:
    during = [answer for answer in answers if loading.begun <= answer.at <= loading.ended]
    outside = [answer for answer in answers if not loading.begun <= answer.at <= loading.ended]
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{engine}: one visitor alone {1000 * usual:.0f} ms; load average {load}")
    for name, some in (("outside the load", outside), ("during it", during), ("rush", rush)):
        times = quantiles([answer.seconds for answer in some], n=100)
        counts = dict(Counter(answer.status for answer in some))
        print(f"{name}: {len(some)} answers {counts}, median {1000 * times[49]:.0f} ms, "
              f"99th percentile {1000 * times[98]:.0f} ms")  # fmt: skip
    seconds = loading.ended - loading.begun
    print(f"a release in {seconds:.0f} s; {curator.saves} saves, others {dict(curator.refusals)}")
    errors = sum(answer.status != 200 for answer in answers) + sum(curator.refusals.values())
    unhelpful = sum(not answer.is_polite or not answer.status for answer in rush)
    tell(f"errors, {engine}", errors, 0)
    tell(f"releases that were not loaded, {engine}", 1 - loading.is_loaded, 0)
    tell(f"lost saves, {engine}", len(lost), 0)
    tell(f"99th percentile outside the load / alone, {engine}", p99(outside) / usual, OUTSIDE_GOAL)
    tell(f"99th percentile during the load / alone, {engine}", p99(during) / usual, DURING_GOAL)
    tell(f"neither answers nor polite refusals, {engine}", unhelpful, 0)
    tell(f"errors afterwards, {engine}", sum(answer.status != 200 for answer in after), 0)
    later = median(answer.seconds for answer in after)
    tell(f"one visitor afterwards / alone before, {engine}", later / usual, AFTER_GOAL)


def p99(answers: list[Answer]) -> float:
    return quantiles([answer.seconds for answer in answers], n=100)[98]


def tell(name: str, value: float, goal: float) -> None:
    print(f"{name}\t{value:.2f}\t{goal:g}", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(sys.argv[1:])
