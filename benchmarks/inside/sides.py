"""Puts the questions as other sides must be asked them, and the same facilities in their form.

``python -m benchmarks.inside.sides FILE`` writes the table for Datasette to FILE and prints, in
JSON, for each query: the SQL that the search page sends and the address of Datasette's page.
"""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.test import Client

from benchmarks.questions import ASKED
from facilities.geo import Point, bounding_box, cosine_of_miles, unit_vector
from facilities.models import Facility
from facilities.search import GROUPS, FacilityFilterSet
from facilities.search.compile import predicate_as_q
from facilities.search.query import SearchQuery

TEXTS = ("name", "program_name", "street", "street2", "city", "state", "zip", "phone")
NUMBERS = ("latitude", "longitude", "x", "y", "z")
BOXES = [(group.name, slug) for group in GROUPS for slug in group.options]
SHOWN = (*TEXTS, "substance", "setting", "medication", "payment")


def write_table(path: str) -> None:
    """One row a facility; of each group of filters a JSON array of the options that it fits."""
    names = ", ".join(f"{name} text" for name in (*TEXTS, *(group.name for group in GROUPS)))
    numbers = ", ".join(f"{name} real" for name in NUMBERS)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE facilities (id integer primary key, {names}, {numbers})")
        width = 1 + len(TEXTS) + len(GROUPS) + len(NUMBERS)
        places = ", ".join("?" * width)
        database.executemany(f"INSERT INTO facilities VALUES ({places})", records())
        write_boxes(database)
        for table in ("facilities", "boxes"):
            database.execute(f"CREATE INDEX near_{table} ON {table} (latitude, longitude)")
            database.execute(f"CREATE INDEX state_{table} ON {table} (state)")
        database.execute("ANALYZE")
        database.commit()


def write_boxes(database: sqlite3.Connection) -> None:
    """The same table with a column of 0 and 1 for each box of the search page."""
    kept = ", ".join(("id", *TEXTS, *NUMBERS))
    boxes = [column(*box) for box in BOXES]
    database.execute(f"CREATE TABLE boxes AS SELECT {kept} FROM facilities")
    database.execute("CREATE UNIQUE INDEX key_boxes ON boxes (id)")
    for box in boxes:
        database.execute(f"ALTER TABLE boxes ADD COLUMN {box} integer")
    told, changes = fitting(), ", ".join(f"{box} = ?" for box in boxes)
    keys = [key for (key,) in database.execute("SELECT id FROM boxes").fetchall()]
    database.executemany(
        f"UPDATE boxes SET {changes} WHERE id = ?",
        ((*(int(key in told[group][slug]) for group, slug in BOXES), key) for key in keys),
    )


def column(group: str, slug: str) -> str:
    """The name of a box's column."""
    return f"{group}_{slug}".replace("-", "_")


@cache
def fitting() -> dict[str, dict[str, set[int]]]:
    """Group -> option -> keys of the listed facilities that fit it."""
    listed = Facility.objects.listed()
    return {
        group.name: {
            slug: set(listed.filter(predicate_as_q(option.predicate)).values_list("pk", flat=True))
            for slug, option in group.options.items()
        }
        for group in GROUPS
    }


def records() -> Iterator[tuple]:
    """Key, texts, arrays and numbers of each listed facility."""
    for key, *values in Facility.objects.listed().values_list("pk", *TEXTS, *NUMBERS):
        arrays = [
            json.dumps([slug for slug, keys in options.items() if key in keys])
            for options in fitting().values()
        ]
        yield key, *values[: len(TEXTS)], *arrays, *values[len(TEXTS) :]


def statements(query: str) -> list[tuple[str, list]]:
    """What the search page asks the database about facilities: the narrow rows, then the 20."""
    sent = []

    def record(execute, sql, params, many, context):
        if 'FROM "facilities_facility"' in sql:
            sent.append((sql, list(params)))
        return execute(sql, params, many, context)

    visitor = Client(SERVER_NAME="localhost")
    visitor.get(f"/search/?{query}")  # fills what the site keeps between requests
    with connection.execute_wrapper(record):
        visitor.get(f"/search/?{query}")
    return sent


def datasette_address(query: str) -> str:
    """The page of Datasette with the same filters, facets, columns and number of rows."""
    search_query = FacilityFilterSet(QueryDict(query)).query
    filters = [
        (f"{group}__arraycontains", slug)
        for group, slugs in search_query.chosen.items()
        for slug in slugs
    ]
    facets = [("_facet_array", group.name) for group in GROUPS]
    columns = [("_col", name) for name in SHOWN]
    return "/facilities?" + urlencode([*where(search_query), *filters, *facets, *columns])


def boxes_address(query: str) -> str:
    """The page of Datasette with a facet for each box, as the search page counts each box."""
    search_query = FacilityFilterSet(QueryDict(query)).query
    filters = [(column(g, s), 1) for g, slugs in search_query.chosen.items() for s in slugs]
    facets = [("_facet", column(*box)) for box in BOXES]
    columns = [("_col", name) for name in TEXTS]
    return "/boxes?" + urlencode([*where(search_query), *filters, *facets, *columns])


def where(query: SearchQuery) -> list[tuple[str, str | float]]:
    """The same box and the same cosine as ours, or the state."""
    if query.area.miles is None:
        return [("state", query.area.state)]
    return around(query.area.point, query.area.miles)


def around(point: Point, miles: float) -> list[tuple[str, str | float]]:
    box, (x, y, z) = bounding_box(point, miles), unit_vector(point)
    return [
        ("latitude__gte", box.south),
        ("latitude__lte", box.north),
        ("longitude__gte", box.west),
        ("longitude__lte", box.east),
        ("_where", f"x * {x} + y * {y} + z * {z} >= {cosine_of_miles(miles)}"),
    ]


if __name__ == "__main__":
    write_table(sys.argv[1])
    told = {
        asked.name: {
            "statements": statements(asked.query),
            "datasette": datasette_address(asked.query),
            "boxes": boxes_address(asked.query),
        }
        for asked in ASKED
    }
    json.dump(told, sys.stdout)
