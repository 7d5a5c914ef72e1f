"""A migration operation for stored values, which restoring an older backup applies as well."""

import json
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

Conversion = Callable[[Any], Any]


class ConvertValues(Operation):
    """Replace the values of one column by ``forwards(value)``; ``backwards`` undoes it.

    Both are pure and leave a value they do not know as it is. Values arrive as text, JSON decoded.
    Restoring a backup that was made before the migration calls ``forwards`` on its values.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, model_name: str, name: str, forwards: Conversion, backwards: Conversion):
        self.model_name = model_name.lower()
        self.name = name
        self.forwards = forwards
        self.backwards = backwards

    def state_forwards(self, app_label, state):
        """Leave the state as it is: only rows change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._convert(app_label, schema_editor, from_state, self.forwards)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._convert(app_label, schema_editor, from_state, self.backwards)

    def describe(self):
        return f"Convert the values of {self.name} on {self.model_name}"

    def _convert(self, app_label, schema_editor, state, convert: Conversion) -> None:
        """Read and write text: the model's field may not understand the former values."""
        model = state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        is_json = isinstance(field, models.JSONField)
        quote = schema_editor.quote_name
        table, column, key = map(quote, (model._meta.db_table, field.column, model._meta.pk.column))
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, CAST({column} AS text) FROM {table} WHERE {column} IS NOT NULL"
            )
            changed = []
            for primary_key, stored in cursor.fetchall():
                value = json.loads(stored) if is_json else stored
                converted = convert(value)
                if converted != value:
                    new = json.dumps(converted) if is_json else converted
                    changed.append((new, primary_key))
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", changed)
