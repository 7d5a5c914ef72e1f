"""Queries that pages ask again and again, of other keys: the ORM writes their SQL once.

Writing it takes the ORM up to ten times as long as the database needs to answer. The ORM stays its
only author, so that both engines and every change of a model are its affair.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Key = TypeVar("Key", int, str)

# They stand for the keys while the SQL is written. Nothing else in a query is so far below zero.
FIRST_STAND_IN = -(10**18)
MOST_COMPILED = 100  # numbers of keys


class CompiledSQL(NamedTuple):
    """A statement; ``positions`` are those of the keys that take a stand-in's place.

    ``columns`` are the attributes of ``model`` that its first columns hold, ``annotations`` the
    others by name.
    """

    sql: str
    parameters: Sequence[Any]
    positions: Mapping[Any, int]
    compiler: SQLCompiler
    converters: Mapping
    model: type[Model] | None
    columns: Sequence[str]
    annotations: Mapping[str, int]

    def execute(self, keys: Sequence) -> list[tuple]:
        positions = self.positions
        filled = [keys[positions[each]] if each in positions else each for each in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            return cursor.fetchall()


class KeyedQuery(Generic[Key]):
    """A queryset over keys, such as ``filter(pk__in=keys)``, compiled once for a number of keys.

    ``build`` makes the queryset for a list of keys. Whatever else it reads, such as the clock,
    stays as it was when it was first asked. It selects the columns of one model, so it has no
    ``select_related``; columns that it defers are fetched when they are read, as always.
    """

    def __init__(self, key_type: type[Key], build: Callable[[list[Key]], QuerySet]):
        self.key_type = key_type
        self.build = build
        # A thread finds a finished statement here or none; two may compile the same one at first.
        self.compiled = lru_cache(maxsize=MOST_COMPILED)(self._compile)

    def rows(self, keys: Sequence[Key]) -> list[tuple]:
        """Return rows as the database driver gives them: SQLite's days and moments are texts."""
        if not keys:
            return []
        return self.compiled(len(keys)).execute(keys)

    def objects(self, keys: Sequence[Key]) -> list[Any]:
        """Return records of the model, in the order of the queryset."""
        if not keys:
            return []
        compiled = self.compiled(len(keys))
        columns, annotations = compiled.columns, compiled.annotations.items()
        alias = connection.alias
        records = []
        for row in compiled.compiler.apply_converters(compiled.execute(keys), compiled.converters):
            record = compiled.model.from_db(alias, columns, row[: len(columns)])
            for name, position in annotations:
                setattr(record, name, row[position])
            records.append(record)
        return records

    def _compile(self, count: int) -> CompiledSQL:
        stand_ins = [self.key_type(FIRST_STAND_IN + number) for number in range(count)]
        compiler = self.build(stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        selected = [expression for expression, _sql, _alias in compiler.select]
        # A list of values, or a union of them, has no model.
        model_columns = (compiler.klass_info or {}).get("select_fields", ())
        return CompiledSQL(
            sql,
            parameters,
            positions={stand_in: position for position, stand_in in enumerate(stand_ins)},
            compiler=compiler,
            converters=compiler.get_converters(selected),
            model=(compiler.klass_info or {}).get("model"),
            columns=[selected[position].target.attname for position in model_columns],
            annotations=compiler.annotation_col_map or {},
        )
