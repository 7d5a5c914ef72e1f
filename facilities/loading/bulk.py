"""Inserts many rows quickly on either engine, past the cost of a model instance for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from psycopg2.extras import execute_values

BATCH = 1_000
_AS_THEY_ARE = {"CharField", "TextField", "BigIntegerField", "FloatField", "URLField"}


def insert(
    model: type[Model], rows: Iterable[Mapping[str, Any]], *, replacing: Sequence[str] = ()
) -> None:
    """Insert rows of column -> value, all with the same columns.

    With `replacing`, a row whose key is there already has those columns replaced instead.
    """
    rows = list(rows)
    if not rows:
        return
    fields = [_field(model, name) for name in rows[0]]
    prepare = [_preparation(field) for field in fields]
    values = (
        tuple(turn(value) for turn, value in zip(prepare, row.values(), strict=True))
        for row in rows
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    start = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES"
    replaced = [quote(_field(model, name).column) for name in replacing]
    updates = ", ".join(f"{column} = EXCLUDED.{column}" for column in replaced)
    key = quote(model._meta.pk.column)
    end = f"ON CONFLICT ({key}) DO UPDATE SET {updates}" if replaced else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            execute_values(cursor.cursor, f"{start} %s {end}", values, page_size=BATCH)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{start} ({marks}) {end}", values)


def count_anew(*models: type[Model]) -> None:
    """Refresh PostgreSQL's statistics, which it does by itself only minutes after a load."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _field(model: type[Model], name: str) -> Field:
    return model._meta.get_field(name.removesuffix("_id") if name != "id" else name)


def _preparation(field: Field) -> Callable[[Any], Any]:
    if field.get_internal_type() in _AS_THEY_ARE or field.is_relation:
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)
