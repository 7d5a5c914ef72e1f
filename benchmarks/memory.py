"""How much memory a worker has for itself, and how much that grows.

    python -m benchmarks.memory [--requests 2000] [--growth] [--database FILE]

Serves the site by gunicorn as it is configured and asks for searches, facilities, comparisons and
other pages in both languages, in the same order each time, which chance decided. Prints
Private_Clean and Private_Dirty (Linux) of the worker that has most: what ending it would give back.
The rest is shared with other processes. ``--growth`` goes on to 10,000 requests and prints what the
second half of them added. Goals end the output: name, value and goal, tabs between them, lower is
better.
"""

import argparse
import http.client
import os
import random
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks import servers
from benchmarks.questions import ASKED
from benchmarks.search import children, comparisons

CONNECTIONS = 8
KEPT_OPEN = ("--keep-alive", "75")  # while the memory is read
GROWTH_REQUESTS = 10_000
LARGE = 500_000  # facilities
MEGABYTES = {False: 90, True: 170}  # is it large -> goal
MOST_GROWTH = 3  # MB
NEEDS = (
    "", "&payment=medicaid", "&substance=opioid-detox&payment=medicaid", "&medication=methadone",
    "&setting=overnight-detox&sort=fit",
)  # fmt: skip
PAGES = (
    "/", "/privacy/", "/methodology/", "/quality/", "/guides/", "/help/", "/map/?place=11206",
    "/search/?place=California&payment=medicaid", "/search/?payment=medicaid",
    "/search/?q=detox+11206", "/search/?q=phoenix+house",
    *(f"/search/?{asked.query}" for asked in ASKED),
)  # fmt: skip


def mixed_addresses(slugs: list[str], zips: list[str], count: int) -> list[str]:
    """Return addresses as a day brings them: mostly searches and facilities, a fifth in Spanish."""
    chance = random.Random(2023)
    compared = comparisons(slugs[:400])
    kinds = {
        "search": lambda: f"/search/?place={chance.choice(zips)}{chance.choice(NEEDS)}",
        "facility": lambda: f"/facility/{chance.choice(slugs)}/",
        "comparison": lambda: chance.choice(compared),
        "page": lambda: chance.choice(PAGES),
    }
    drawn = chance.choices([*kinds], (45, 35, 4, 16), k=count)
    languages = chance.choices(("", "/es"), (4, 1), k=count)
    return [language + kinds[kind]() for kind, language in zip(drawn, languages, strict=True)]


def known(port: int) -> tuple[list[str], list[str]]:
    """Return the ends of facilities' addresses, from the site map, and the ZIP codes of some."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    slugs = re.findall(
        r"//[^/]+/facility/([^/<]+)/</loc>", read(connection, "/sitemap-facilities-1.xml")
    )
    chosen = random.Random(2023).sample(slugs, min(len(slugs), 2_000))
    pages = (read(connection, f"/facility/{slug}/") for slug in chosen[:60])
    zips = [found[1] for page in pages if (found := re.search(r'"postalCode": ?"(\d{5})"', page))]
    return chosen, zips


def read(connection: http.client.HTTPConnection, address: str) -> str:
    connection.request("GET", address)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status >= 500:
        sys.exit(f"{address} answered {answer.status}:\n{text[:500]}")
    return text


class Visitors:
    """Connections that are asked in turn, so that all workers and threads have work."""

    def __init__(self, port: int):
        self.connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=120) for _ in range(CONNECTIONS)
        ]

    def ask(self, addresses: list[str]) -> None:
        for number, address in enumerate(addresses):
            connection = self.connections[number % CONNECTIONS]
            connection.request("GET", address, headers={"Accept-Encoding": "br"})
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 500:
                sys.exit(f"{address} answered {answer.status}.")


def private_megabytes() -> float:
    """Return the memory of its own of the worker that has most."""
    gunicorn = next(
        child
        for child in children(os.getpid())
        if b"gunicorn" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    return max(map(private_of, children(gunicorn)))


def private_of(process: int) -> float:
    kilobytes = re.findall(
        r"^Private_(?:Clean|Dirty): +(\d+) kB",
        Path(f"/proc/{process}/smaps_rollup").read_text(),
        re.M,
    )
    return sum(map(int, kilobytes)) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=2_000, help="default: 2,000")
    parser.add_argument("--database", type=Path, help="an SQLite file; default: the real directory")
    parser.add_argument("--growth", action="store_true", help="go on to 10,000 requests")
    wanted = parser.parse_args()
    servers.cache_folder()
    address = servers.on_sqlite()
    if wanted.database:
        address = f"sqlite:///{wanted.database.resolve()}"
        servers.prepare(address)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = stack.enter_context(servers.ours(address, folder / "log", KEPT_OPEN))
        slugs, zips = known(port)
        total = GROWTH_REQUESTS if wanted.growth else wanted.requests
        addresses = mixed_addresses(slugs, zips, max(total, wanted.requests))
        visitors, used, done = Visitors(port), {}, 0
        for stop in sorted({1, 100, 500, 1_000, wanted.requests, total // 2, total}):
            visitors.ask(addresses[done:stop])
            done, used[stop] = stop, private_megabytes()
            print(f"{stop:>7,} requests {used[stop]:7.1f} MB", flush=True)
    is_large = facilities_of(address) >= LARGE
    print()
    print(f"private memory of a worker, MB\t{used[wanted.requests]:.1f}\t{MEGABYTES[is_large]}")
    if wanted.growth:
        growth = used[total] - used[total // 2]
        print(f"growth over the second half of {total:,} requests, MB\t{growth:.1f}\t{MOST_GROWTH}")


def facilities_of(address: str) -> int:
    program = (
        "import django; django.setup(); from facilities.models import Facility;"
        "print(Facility.objects.count())"
    )
    env = servers.environment(address) | {"DJANGO_SETTINGS_MODULE": "directory.settings"}
    return int(servers.run("-c", program, env=env))


if __name__ == "__main__":
    main()
