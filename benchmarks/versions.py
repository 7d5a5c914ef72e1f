"""How much processor time the pages of this checkout take, beside those of another checkout.

``python benchmarks/versions.py TREE --database FILE --other-database FILE`` asks both for the same
addresses in turns, in one process each, and prints medians and the median ratio of that one run.
Both databases hold the same facilities; each has had the migrations of its own checkout.

Django's test client asks, so servers, networks and compression are left out.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
REQUESTS = 7  # whose median is one measurement
PAGES = (
    "/search/?place=11206",
    "/search/?place=11206&substance=opioid-detox&payment=medicaid",
    "/search/?place=11206&sort=fit&medication=buprenorphine",
    "/search/?place=Ohio&payment=medicaid&sort=name",
    "/search/?payment=medicaid",
    "/privacy/",
)
READY = "ready"


class Checkout:
    """A process that answers each address with the milliseconds that it took."""

    def __init__(self, tree: Path, database: Path):
        environment = {
            "DATABASE_URL": f"sqlite:///{database.resolve()}",
            "ALLOWED_HOSTS": "testserver",
            "HTTPS": "no",
            "PYTHONPATH": str(tree),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--answer"],
            cwd=tree,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self.process.stdout.readline().strip() != READY:
            sys.exit(f"{tree} did not start.")

    def measure(self, page: str) -> float:
        print(page, file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def answer() -> None:
    """Answer the addresses of standard input, in the checkout that is the working directory."""
    import django
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "directory.settings"
    django.setup()
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = backend

    from django.test import Client

    client = Client()
    print(READY, flush=True)
    for line in sys.stdin:
        print(median(milliseconds(client, line.strip()) for _ in range(REQUESTS)), flush=True)


def milliseconds(client, page: str) -> float:
    start = time.process_time()
    status = client.get(page).status_code
    if status != 200:
        sys.exit(f"{page} was answered with {status}.")
    return (time.process_time() - start) * 1000


def compare(mine: Checkout, other: Checkout, page: str) -> str:
    pairs = []
    for number in range(ROUNDS + 1):
        first, second = (mine, other) if number % 2 else (other, mine)
        times = {first: first.measure(page), second: second.measure(page)}
        pairs.append((times[mine], times[other]))
    pairs = pairs[1:]  # the first round fills the caches
    ratio = median(mine / other for mine, other in pairs)
    here, there = (median(side) for side in zip(*pairs, strict=True))
    return f"{ratio:5.2f}  {here:6.1f} ms  {there:6.1f} ms  {page}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path, nargs="?", help="the other checkout")
    parser.add_argument("--database", type=Path, help="an SQLite file for this checkout")
    parser.add_argument("--other-database", type=Path, help="one for the other checkout")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        answer()
        return
    if not (options.tree and options.database and options.other_database):
        parser.error("Give the other checkout, --database and --other-database.")
    sides = Checkout(ROOT, options.database), Checkout(options.tree, options.other_database)
    print("ratio       here      there")
    for page in PAGES:
        print(compare(*sides, page))
    for side in sides:
        side.end()


if __name__ == "__main__":
    main()
