"""Inserts many rows quickly on either engine, past the cost of a model instance for each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model
from psycopg2.extras import Json, execute_values

BATCH = 1_000
# What would end a value or a row in COPY's text format.
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_AS_THEY_ARE = {"CharField", "TextField", "BigIntegerField", "FloatField", "URLField"}


def bulk_insert(
    model: type[Model], rows: Iterable[Mapping[str, Any]], *, replacing: Sequence[str] = ()
) -> None:
    """Insert rows of column -> value, all with the same columns.

    With ``replacing``, a row whose key exists gets those columns replaced instead.
    """
    rows = list(rows)
    if not rows:
        return
    fields = [_field(model, name) for name in rows[0]]
    values = _prepared_values(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not replacing:
            copied = StringIO("".join(map(_copy_line, values)))
            cursor.copy_expert(f"COPY {_target(model, fields)} FROM STDIN", copied)
            return
        start = f"INSERT INTO {_target(model, fields)} VALUES"
        end = _replacement(model, [_field(model, name) for name in replacing])
        if connection.vendor == "postgresql":
            execute_values(cursor, f"{start} %s {end}", values, page_size=BATCH)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{start} ({marks}) {end}", values)


def _prepared_values(
    fields: Sequence[Field], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows as the database adapter takes them. Most values are left as they are."""
    prepared = [
        (place, field.get_db_prep_save)
        for place, field in enumerate(fields)
        if not field.is_relation and field.get_internal_type() not in _AS_THEY_ARE
    ]
    wrapper = connections[DEFAULT_DB_ALIAS]  # the proxy looks it up for each value
    for row in rows:
        values = list(row.values())
        for place, prepare in prepared:
            values[place] = prepare(values[place], wrapper)
        yield tuple(values)


def _target(model: type[Model], fields: Sequence[Field]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"


def _replacement(model: type[Model], fields: Sequence[Field]) -> str:
    if not fields:
        return ""
    quote = connection.ops.quote_name
    updates = ", ".join(f"{quote(one.column)} = EXCLUDED.{quote(one.column)}" for one in fields)
    return f"ON CONFLICT ({quote(model._meta.pk.column)}) DO UPDATE SET {updates}"


def _copy_line(values: tuple) -> str:
    """Return a row in the text format of PostgreSQL's COPY, which loads faster than statements."""
    return "\t".join(map(_copy_text, values)) + "\n"


def _copy_text(value: Any) -> str:
    if value is None:
        return r"\N"
    written = json.dumps(value.adapted) if isinstance(value, Json) else str(value)
    return written.translate(_ESCAPED)


def analyze_tables(*models: type[Model]) -> None:
    """Refresh PostgreSQL's statistics, which it does by itself only minutes after a load."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _field(model: type[Model], attname: str) -> Field:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)
