"""How long the locator takes and how large it is, in this process, on the real directory.

``python benchmarks/map.py [--rounds 50]`` reads the database of DATABASE_URL and writes nothing.
It prints for each search the median time to work the locator out when the land of the view is
drawn anew and when it is kept, to write it as SVG, and its size compressed. All of a search's own
work (which every search has) is left out. Machines differ and are shared: compare the columns.
"""

import argparse
import gzip
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
django.setup()

from django.http import QueryDict  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from facilities.maps import drawing  # noqa: E402
from facilities.search import FacilityFilterSet  # noqa: E402
from facilities.search.run import match_facilities, search  # noqa: E402
from facilities.views.map_panel import search_map_panel  # noqa: E402

TEMPLATE = "facilities/components/map_panel.html"
SEARCHES = (
    "place=11206", "place=59301", "place=99501", "place=96813", "place=00901", "place=06106",
    "place=Travis County, TX", "place=Ohio", "place=California", "place=Texas", "place=Alaska",
)  # fmt: skip


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50, help="default: 50")
    rounds = parser.parse_args(words).rounds
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{rounds} rounds; load average {load}; milliseconds, medians and (least)\n")
    print(f"{'':<26}{'land anew':>16}{'land kept':>16}{'as SVG':>16}{'bytes':>8}{'gzip':>8}")
    for asked in SEARCHES:
        print(f"{asked:<26}{row(asked, rounds)}")


def row(asked: str, rounds: int) -> str:
    query = FacilityFilterSet(QueryDict(asked)).query
    matched = match_facilities(query)
    results = search(query, matched)
    search_map_panel(query, matched, results)  # the tables are read once for each process
    anew = timed(
        lambda: search_map_panel(query, matched, results), rounds, drawing.draw_basemap.cache_clear
    )
    kept = timed(lambda: search_map_panel(query, matched, results), rounds)
    context = search_map_panel(query, matched, results)
    written = timed(lambda: render_to_string(TEMPLATE, context), rounds)
    text = render_to_string(TEMPLATE, context).encode()
    return f"{anew}{kept}{written}{len(text):>8,}{len(gzip.compress(text, 6)):>8,}"


def timed(work: Callable, rounds: int, before: Callable = lambda: None) -> str:
    taken = []
    for _ in range(rounds):
        before()
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return f"{median(taken):>8.1f} {f'({min(taken):.1f})':>7}"


if __name__ == "__main__":
    main(sys.argv[1:])
