"""How the pages bear a million facilities: against the 12,744 of the real directory.

``python -m benchmarks.scale`` multiplies SAMHSA's real directory to ``--rows``, keeps that database
at ``--database`` for the next run and for other benchmarks, and asks it and the real one for the
same pages. A fresh process answers each page a first time, then the two answer in turns. Each goal
is a line of name, value and goal, tabs between them; lower is better.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import servers
from benchmarks.questions import ASKED

ROUNDS = 15
FIRST_GOAL, LATER_GOAL = 1.5, 0.3  # seconds
RATIO_GOALS = {"near": 2, "by state": 2, "nationwide": 4, "nothing near": 4}
QUERIES = {asked.name: asked.query for asked in ASKED}
PAGES = {
    "home": "/",
    "near": f"/search/?{QUERIES['a']}",
    "by state": f"/search/?{QUERIES['c']}",
    "nationwide": "/search/?medication=methadone&payment=medicaid",
    "nothing near": f"/search/?{QUERIES['d']}",
    "text": "/search/?q=phoenix+house",
    "facility": "/facility/{slug}/",
    "comparison": "/compare/{five}/",
    "map points": f"/map/points/?{QUERIES['b']}",
    "quality": "/quality/",
    "sitemap index": "/sitemap.xml",
    "sitemap part": "/sitemap-facilities-1.xml",
    "admin list": "staff /admin/facilities/facility/",
    "admin list search": "staff /admin/facilities/facility/?q=phoenix",
    "admin list filter": "staff /admin/facilities/facility/?state=CA&checked=never",
    "change page": "staff /admin/facilities/facility/{id}/change/",
    "queue": "staff /admin/queue/",
    "queue of a state": "staff /admin/queue/?state=CA",
}


@dataclass
class Answers:
    """Of one page of one database; ``first`` came from a process that had answered none."""

    first: dict[str, float] = field(default_factory=dict)
    later: list[dict[str, float]] = field(default_factory=list)

    def median(self, clock: str) -> float:
        return median(answer[clock] for answer in self.later)


class Site:
    """A process with one database that answers one address after another."""

    def __init__(self, address: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.inside.pages"],
            cwd=servers.ROOT,
            env=servers.environment(address),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.read()

    def ask(self, page: str) -> dict[str, float]:
        print(page, file=self.process.stdin, flush=True)
        answer = self.read()
        if answer["status"] != 200:
            sys.exit(f"{page} was answered with {answer['status']}.")
        return answer

    def read(self) -> dict[str, float]:
        line = self.process.stdout.readline()
        if not line:
            sys.exit("A site ended before it answered.")
        return json.loads(line)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(servers.PATIENCE)


def main(words: list[str]) -> None:
    wanted = arguments(words)
    pages = {name: PAGES[name] for name in wanted.pages or PAGES}
    with ExitStack() as stack:
        small, large = stack.enter_context(databases(wanted))
        if wanted.make_only:
            return
        taken = measure_in_turns(small, large, pages, wanted.rounds)
    show(taken, pages, wanted)


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="default: 1,000,000")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--database", type=Path, metavar="PATH",
        help="file of SQLite or folder of PostgreSQL that is made or used again",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--pages", nargs="+", choices=PAGES, metavar="PAGE", help="default: all")
    parser.add_argument("--make-only", action="store_true", help="make the database and end")
    wanted = parser.parse_args(words)
    if wanted.database is None:
        ending = ".sqlite3" if wanted.engine == "sqlite" else ""
        wanted.database = servers.cache_folder() / f"{wanted.engine}-{wanted.rows}{ending}"
    return wanted


@contextmanager
def databases(wanted: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The addresses of the real directory and of the multiplied one, on one engine."""
    if wanted.engine == "sqlite":
        small, large = servers.on_sqlite(), servers.multiplied_sqlite(wanted.database, wanted.rows)
        yield small, large
    else:
        with servers.multiplied_postgresql(wanted.database, wanted.rows) as addresses:
            yield addresses


def measure_in_turns(
    small: str, large: str, pages: dict[str, str], rounds: int
) -> dict[str, tuple[Answers, Answers]]:
    taken = {name: (Answers(), Answers()) for name in pages}
    for name, page in pages.items():
        for address, answers in zip((small, large), taken[name], strict=True):
            site = Site(address)
            answers.first = site.ask(page)
            site.end()
    sites = Site(small), Site(large)
    for number in range(rounds + 1):
        for name, page in pages.items():
            for site, answers in zip(sites, taken[name], strict=True):
                answer = site.ask(page)
                if number:  # the first round fills the caches
                    answers.later.append(answer)
    for site in sites:
        site.end()
    return taken


def show(
    taken: dict[str, tuple[Answers, Answers]], pages: dict[str, str], wanted: argparse.Namespace
) -> None:
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{wanted.rows:,} rows on {wanted.engine}, {wanted.rounds} rounds, load {load}; seconds")
    print(f"{'':<20}{'12,744: first':>14}{'CPU':>8}{'later':>8}{'CPU':>8}", end="")
    print(f"{'large: first':>18}{'CPU':>8}{'later':>8}{'CPU':>8}{'first peak MB':>15}")
    for name in pages:
        print(f"{name:<20}{'':>2}", end="")
        for answers in taken[name]:
            times = [answers.first["clock"], answers.first["processor"]]
            times += [answers.median("clock"), answers.median("processor")]
            print(f"{times[0]:>12.3f}{times[1]:>8.3f}{times[2]:>8.3f}{times[3]:>8.3f}", end=" " * 6)
        print(f"{taken[name][1].first['peak']:>9.0f}")
    print()
    for name, (small, large) in taken.items():
        if name in RATIO_GOALS:
            ratio = large.median("processor") / small.median("processor")
            tell(f"{wanted.rows:,} / 12,744, {name}", ratio, RATIO_GOALS[name])
        tell(f"first answer in s, {name}", large.first["clock"], FIRST_GOAL)
        tell(f"later answers in s, {name}", large.median("clock"), LATER_GOAL)
    if "queue" in taken:
        tell("first answer in s, queue of 12,744", taken["queue"][0].first["clock"], 1)


def tell(name: str, value: float, goal: float) -> None:
    print(f"{name}\t{value:.2f}\t{goal:g}")


if __name__ == "__main__":
    main(sys.argv[1:])
