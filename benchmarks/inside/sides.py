"""Puts the questions as other sides must be asked them, and the same facilities in their form.

``python -m benchmarks.inside.sides FILE`` writes the table for Datasette to FILE and prints, in
JSON, for each question: the SQL that the search page sends and the address of Datasette's page.
"""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.test import Client

from benchmarks.questions import ASKED
from facilities.filters import GROUPS, FacilityFilterSet
from facilities.filters.filterset import Question
from facilities.geo import Point, bounding_box, cosine_of_miles, unit_vector
from facilities.models import Facility

TEXTS = ("name", "program_name", "street", "street2", "city", "state", "zip", "phone")
NUMBERS = ("latitude", "longitude", "x", "y", "z")
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
        database.execute("CREATE INDEX near ON facilities (latitude, longitude)")
        database.execute("CREATE INDEX in_state ON facilities (state)")
        database.execute("ANALYZE")
        database.commit()


def records() -> Iterator[tuple]:
    """Key, texts, arrays and numbers of each listed facility."""
    listed = Facility.objects.listed()
    fitting = {
        group.name: {
            slug: set(listed.filter(option.q()).values_list("pk", flat=True))
            for slug, option in group.options.items()
        }
        for group in GROUPS
    }
    for key, *values in listed.values_list("pk", *TEXTS, *NUMBERS):
        arrays = [
            json.dumps([slug for slug, keys in options.items() if key in keys])
            for options in fitting.values()
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
    question = FacilityFilterSet(QueryDict(query)).question
    filters = [
        (f"{group}__arraycontains", slug)
        for group, slugs in question.chosen.items()
        for slug in slugs
    ]
    facets = [("_facet_array", group.name) for group in GROUPS]
    columns = [("_col", name) for name in SHOWN]
    return "/facilities?" + urlencode([*where(question), *filters, *facets, *columns])


def where(question: Question) -> list[tuple[str, str | float]]:
    """The same box and the same cosine as ours, or the state."""
    if question.where.miles is None:
        return [("state", question.where.state)]
    return around(question.where.point, question.where.miles)


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
        }
        for asked in ASKED
    }
    json.dump(told, sys.stdout)
