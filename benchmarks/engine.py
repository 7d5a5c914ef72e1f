"""How long the search index takes for a search, beside tantivy for the same question.

``python -m benchmarks.engine`` reads the listed facilities of DATABASE_URL, which should hold the
real directory, and multiplies them in memory to ``--rows``. Of both sizes it asks the two engines
in turns which match, how many there are for each option of every filter, and the first 20. It
writes nothing to the database.

Tantivy is no dependency of the site: install it into an environment of its own and put the
site-packages of that one into PYTHONPATH. Its lines are left out if it cannot be imported. It is
asked for less: a box in place of the circle, any 20 in place of the nearest, and no counts of what
another choice of the same filter would add.

Each goal is a line of name, value and goal, tabs between them; lower is better. Values are ratios
of medians, by the processor and by the clock.
"""

import argparse
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import count, islice
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
django.setup()

from django.http import QueryDict  # noqa: E402

from benchmarks.inside.multiply import JITTER, SEED  # noqa: E402
from benchmarks.questions import ASKED  # noqa: E402
from facilities.geo import bounding_box  # noqa: E402
from facilities.models import Facility  # noqa: E402
from facilities.models.facility import SERVICE_BITS  # noqa: E402
from facilities.rules.predicates import HasVerifiedFact, is_met_by_services  # noqa: E402
from facilities.search import GROUPS, FacilityFilterSet  # noqa: E402
from facilities.search.index import SearchIndex  # noqa: E402
from facilities.search.query import SearchQuery  # noqa: E402
from facilities.search.run import PAGE_SIZE, count_options, match_facilities  # noqa: E402
from facilities.search.segment import FIELDS  # noqa: E402
from facilities.taxonomy import ServiceSet  # noqa: E402

try:
    import tantivy
except ImportError:
    tantivy = None

SEARCHES = {asked.words: asked.query for asked in ASKED} | {
    "The country, two filters": "medication=methadone&payment=medicaid",
    "The country, no filter": "",
}
OPTIONS = {
    f"{group.name}:{slug}": option.predicate
    for group in GROUPS
    for slug, option in group.options.items()
}
ID, STATE, X = (FIELDS.index(name) for name in ("id", "state", "x"))
VECTOR = slice(X, X + 3)
WORDS = slice(FIELDS.index(SERVICE_BITS[0]), FIELDS.index(SERVICE_BITS[-1]) + 1)

Search = Callable[[SearchQuery], object]
Times = tuple[float, float]  # milliseconds of the processor and of the clock


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="default: 1,000,000")
    parser.add_argument("--rounds", type=int, default=40, help="default: 40")
    options = parser.parse_args(words)
    records = list(Facility.objects.listed().order_by("pk").values_list(*FIELDS))
    if not tantivy:
        print("tantivy cannot be imported: see the first lines of this file.")
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{options.rounds} rounds; load average {load}")
    for rows, goal in ((len(records), 1), (options.rows, 0.25)):
        print(f"\n{rows:,} rows: median milliseconds of the processor and of the clock\n")
        sides = {"index": index_search(islice(multiplied(records), rows))}
        if tantivy:
            sides["tantivy"] = tantivy_search(islice(multiplied(records), rows))
        for name, query_string in SEARCHES.items():
            query = FacilityFilterSet(QueryDict(query_string)).query
            report(f"{name}, {rows:,} rows", in_turns(sides, query, options.rounds), goal)


def multiplied(records: list[tuple]) -> Iterator[tuple]:
    """Yield the records, then copies of all, each a few miles away with the name of another."""
    yield from records
    seeded = random.Random(SEED)
    for copy in count(1):
        for record, namesake in zip(records, seeded.sample(records, len(records)), strict=True):
            copied = [*record]
            copied[ID] = (record[ID] + copy * 7_919_081) % 2**63
            copied[VECTOR] = moved(record[VECTOR], seeded)
            copied[-1] = namesake[-1]
            yield tuple(copied)


def moved(vector: tuple, seeded: random.Random) -> tuple:
    if None in vector:
        return vector
    reach = math.radians(JITTER)
    x, y, z = (value + seeded.uniform(-reach, reach) for value in vector)
    length = math.sqrt(x * x + y * y + z * z)
    return x / length, y / length, z / length


def index_search(records: Iterable[tuple]) -> Search:
    index = SearchIndex.build(records)

    def search(query: SearchQuery) -> tuple:
        matched = match_facilities(query, index.in_area(query.area))
        return matched.total, count_options(query, matched), matched.first_ids(PAGE_SIZE)

    return search


def tantivy_search(records: Iterable[tuple]) -> Search:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("state", tokenizer_name="raw")
    schema.add_text_field("options", tokenizer_name="raw", fast=True)
    schema.add_float_field("latitude", indexed=True, fast=True)
    schema.add_float_field("longitude", indexed=True, fast=True)
    schema = schema.build()
    folder = tempfile.TemporaryDirectory(prefix="tantivy-")
    index = tantivy.Index(schema, path=folder.name)
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    for record in records:
        writer.add_document(document(record))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    counts = {"options": {"terms": {"field": "options", "size": len(OPTIONS)}}}

    def search(query: SearchQuery, _folder=folder) -> tuple:
        asked = tantivy_query(schema, query)
        return searcher.search(asked, PAGE_SIZE, count=True), searcher.aggregate(asked, counts)

    return search


@cache
def met_options(words: tuple[int, ...]) -> list[str]:
    offered = ServiceSet.from_words(words)
    return [
        name
        for name, predicate in OPTIONS.items()
        if predicate != HasVerifiedFact() and is_met_by_services(predicate, offered)
    ]


def document(record: tuple):
    made = tantivy.Document()
    made.add_text("state", record[STATE])
    for name in met_options(record[WORDS]):
        made.add_text("options", name)
    x, y, z = record[VECTOR]
    if x is not None:
        made.add_float("latitude", math.degrees(math.asin(z)))
        made.add_float("longitude", math.degrees(math.atan2(y, x)))
    return made


def tantivy_query(schema, query: SearchQuery):
    """Return the query in tantivy's terms, with a box in place of the circle."""
    must = []
    if query.area.miles is not None:
        box = bounding_box(query.area.point, query.area.miles)
        for field, bounds in (
            ("latitude", (box.south, box.north)),
            ("longitude", (box.west, box.east)),
        ):
            must.append(tantivy.Query.range_query(schema, field, tantivy.FieldType.Float, *bounds))
    elif query.area.state:
        must.append(tantivy.Query.term_query(schema, "state", query.area.state))
    for group in GROUPS:
        terms = [
            tantivy.Query.term_query(schema, "options", f"{group.name}:{slug}")
            for slug in query.chosen[group.name]
        ]
        if group.takes_all:
            must += terms
        elif terms:
            must.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, it) for it in terms]))
    if not must:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in must])


def in_turns(sides: dict[str, Search], query: SearchQuery, rounds: int) -> dict[str, Times]:
    """Ask one side after the other, beginning with another one in each round."""
    taken = {side: [] for side in sides}
    for number in range(rounds):
        for side in [*sides] if number % 2 else reversed(sides):
            clock, processor = time.perf_counter(), time.process_time()
            sides[side](query)
            taken[side].append((time.process_time() - processor, time.perf_counter() - clock))
    return {
        side: tuple(1_000 * median(values) for values in zip(*times, strict=True))
        for side, times in taken.items()
    }


def report(name: str, times: dict[str, Times], goal: float) -> None:
    for side, (processor, clock) in times.items():
        print(f"{name:<60} {side:<8} {processor:9.3f} {clock:9.3f}")
    for number, unit in enumerate(("processor", "clock")):
        if "tantivy" in times:
            ratio = times["index"][number] / times["tantivy"][number]
            print(f"{name}, by the {unit}: index / tantivy\t{ratio:.3f}\t{goal}")


if __name__ == "__main__":
    main(sys.argv[1:])
