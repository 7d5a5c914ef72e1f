"""Migrations since the last release are such that the version before runs on the new schema.

So an installation may migrate first and restart afterwards, and several machines may be updated one
after another. ``make upgrade-check FROM=v1.0.0`` runs the older version itself on the new schema.
"""

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

# The newest migration of the last release: raise it with the tag. Those up to it are history.
RELEASED = "0012_calls"
# Removals of what the last release no longer reads or writes: "migration: operation".
NO_LONGER_USED: set[str] = set()
# Columns that take longer texts than before, and all that they took: "migration: operation".
ONLY_WIDER = {"0016_local_lists: Alter field source on release"}

HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    # Of stored values and rights: whoever writes one asks what the version before makes of it.
    migrations.RunPython,
)


def breaks_older_code(operation: Operation) -> bool:
    """Tell whether the version before could fail to read or write because of an operation."""
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return any(map(breaks_older_code, operation.database_operations))
    return not isinstance(operation, HARMLESS)


def operations_since_release() -> dict[str, Operation]:
    loader = MigrationLoader(None)
    newer = [
        migration
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app == apps.get_app_config("facilities").label and name > RELEASED
    ]
    return {
        f"{migration.name}: {operation.describe()}": operation
        for migration in newer
        for operation in migration.operations
    }


def test_the_version_before_runs_on_the_new_schema():
    operations = operations_since_release()

    breaking = {name for name, operation in operations.items() if breaks_older_code(operation)}

    assert breaking - NO_LONGER_USED - ONLY_WIDER == set()


@pytest.mark.parametrize(
    ("operation", "breaks"),
    [
        (migrations.AddField("report", "kind", models.TextField(null=True)), False),
        (migrations.AddField("report", "kind", models.TextField(db_default="")), False),
        # Django drops this default again, and an insert by older code names no value.
        (migrations.AddField("report", "kind", models.TextField(default="")), True),
        (migrations.CreateModel("Kind", []), False),
        (migrations.RemoveField("report", "kind"), True),
        (migrations.RenameField("report", "kind", "sort"), True),
        (migrations.DeleteModel("Kind"), True),
        (
            migrations.SeparateDatabaseAndState(
                state_operations=[migrations.RemoveField("report", "kind")]
            ),
            False,
        ),
        (
            migrations.SeparateDatabaseAndState([migrations.RemoveField("report", "kind")]),
            True,
        ),
    ],
)
def test_an_operation_that_older_code_cannot_live_with(operation, breaks):
    assert breaks_older_code(operation) == breaks
