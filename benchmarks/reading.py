"""How long reading a query takes beside the search itself, on the listings of the database.

Run with the settings of the installation: ``python -m benchmarks.reading``. Prints the median and
the 95th percentile of one interleaved run, and the ratio to an empty answer of the site.
"""

import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
django.setup()

from django.test import Client  # noqa: E402

from facilities.search.understanding import understand  # noqa: E402
from facilities.search.understanding.danger import find_alert  # noqa: E402

ROUNDS = 20
QUERIES = (
    "detox 11206",
    "suboxone near me",
    "methadone clinic brooklyn",
    "Phoenix House",
    "my 16 year old daughter needs help with xanax in cook county",
    "desintoxicación de alcohol en Los Ángeles sin seguro",
    "pregnant on heroin in Dayton, Ohio no insurance",
    "methodone clinic albequerque",
    "rehab for my mom who is 67, medicare, takes her dog, Tampa",
    "hes not waking up",
)


def milliseconds(work) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    client = Client(headers={"host": "localhost"})
    for query in QUERIES:
        understand(query)
    client.get("/privacy/", secure=True)
    reading, empty = [], []
    for _round in range(ROUNDS):
        for query in QUERIES:
            reading.append(milliseconds(lambda text=query: (understand(text), find_alert(text))))
        empty.append(milliseconds(lambda: client.get("/privacy/", secure=True)))
    median, ninety_five = statistics.median(reading), statistics.quantiles(reading, n=20)[-1]
    print(f"reading a query: median {median:.2f} ms, 95 % within {ninety_five:.2f} ms")
    print(f"reading / a page without data: {median / statistics.median(empty):.2f}")


if __name__ == "__main__":
    main()
