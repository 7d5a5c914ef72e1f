"""Translates names and values of a backup that an older version wrote.

What changed is read from the migrations that the backup lacks, so that nothing is listed
twice: renamed models, renamed fields and converted values.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from ..models.migration_operations import ConvertValues

Conversion = Callable[[Any], Any]


@dataclass
class SchemaChanges:
    """What the migrations since a backup did to names and values.

    Tables are "facilities.facility"; a column is that of the table as it is called now, and under
    its attribute name ("source_release_id").
    """

    tables: dict[str, str] = field(default_factory=dict)  # former name -> name now
    columns: dict[str, dict[str, str]] = field(default_factory=dict)  # table -> former -> now
    conversions: dict[str, dict[str, list[Conversion]]] = field(default_factory=dict)

    def table(self, name: str) -> str:
        return self.tables.get(name, name)

    def column(self, table: str, name: str) -> str:
        """Return today's name of a column; a foreign key's ends in _id, its field's does not."""
        names = self.columns.get(table, {})
        if name.endswith("_id") and name.removesuffix("_id") in names:
            return f"{names[name.removesuffix('_id')]}_id"
        return names.get(name, name)

    def value(self, table: str, column: str, value: Any) -> Any:
        for convert in self.conversions.get(table, {}).get(column, ()):
            value = convert(value)
        return value

    def natural_key(self, key: Iterable[str]) -> tuple[str, ...]:
        """Return today's key of a content type, (app, model), or permission, codename first."""
        *codename, app, model = key
        now = self.table(f"{app}.{model}").partition(".")[2]
        renamed = (re.sub(f"_{model}$", f"_{now}", name) for name in codename)
        return (*renamed, app, now)

    def rename_model(self, app: str, old: str, new: str) -> None:
        former, now = f"{app}.{old.lower()}", f"{app}.{new.lower()}"
        self.tables = {name: now if last == former else last for name, last in self.tables.items()}
        self.tables[former] = now
        for of_tables in (self.columns, self.conversions):
            if former in of_tables:
                of_tables[now] = of_tables.pop(former)

    def rename_field(self, app: str, model: str, old: str, new: str) -> None:
        names = self.columns.setdefault(f"{app}.{model.lower()}", {})
        names.update({name: new for name, last in names.items() if last == old})
        names[old] = new
        conversions = self.conversions.get(f"{app}.{model.lower()}", {})
        if old in conversions:
            conversions[new] = conversions.pop(old)

    def convert_values(self, app: str, model: str, name: str, convert: Conversion) -> None:
        conversions = self.conversions.setdefault(f"{app}.{model.lower()}", {})
        conversions.setdefault(name, []).append(convert)


def schema_changes_since(applied: Iterable[str]) -> SchemaChanges:
    loader = MigrationLoader(connection)
    done = {tuple(name.split(".", 1)) for name in applied}
    changes = SchemaChanges()
    plan: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    for app, name in plan:
        if (app, name) in done:
            continue
        for operation in loader.graph.nodes[app, name].operations:
            if isinstance(operation, migrations.RenameModel):
                changes.rename_model(app, operation.old_name, operation.new_name)
            elif isinstance(operation, migrations.RenameField):
                changes.rename_field(
                    app, operation.model_name, operation.old_name, operation.new_name
                )
            elif isinstance(operation, ConvertValues):
                changes.convert_values(
                    app, operation.model_name, operation.name, operation.forwards
                )
    return changes
