"""Queries that pages ask again and again, of other keys: the ORM writes their SQL once.

Writing it takes the ORM up to ten times as long as the database needs to answer. The ORM stays its
only author, so that both engines and every change of a model are its affair.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Key = TypeVar("Key", int, str)

# They stand for the keys while the SQL is written. Nothing else in a query is so far below zero.
FIRST_STAND_IN = -(10**18)
MOST_COMPILED = 100  # numbers of keys


class CompiledSQL(NamedTuple):
    """A statement; ``positions`` are those of the keys that take a stand-in's place."""

    sql: str
    parameters: Sequence[Any]
    positions: Mapping[Any, int]
    model: type[Model]

    def fill(self, keys: Sequence) -> list:
        positions = self.positions
        return [keys[positions[each]] if each in positions else each for each in self.parameters]


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
        compiled = self.compiled(len(keys))
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.fill(keys))
            return cursor.fetchall()

    def objects(self, keys: Sequence[Key]) -> list[Any]:
        """Return records of the model, in the order of the queryset."""
        if not keys:
            return []
        compiled = self.compiled(len(keys))
        return [*compiled.model.objects.raw(compiled.sql, compiled.fill(keys))]

    def _compile(self, count: int) -> CompiledSQL:
        stand_ins = [self.key_type(FIRST_STAND_IN + number) for number in range(count)]
        queryset = self.build(stand_ins)
        sql, parameters = queryset.query.sql_with_params()
        positions = {stand_in: position for position, stand_in in enumerate(stand_ins)}
        return CompiledSQL(sql, parameters, positions, queryset.model)
