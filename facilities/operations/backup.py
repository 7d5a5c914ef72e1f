"""One file that holds an installation, whatever its engine: a zip of rows as JSON, with checks.

``manifest.json`` names the format, the migrations that were applied, and for each table its
columns, number of rows and sha256; ``<table>.jsonl`` has one row a line, a list of values. A
backup of an older version is read as the migrations since then would have changed its rows.
It leaves out places (``load_places`` writes them from the repository), log-in sessions, what is
stored of clients for a short time (attempts to log in, new devices, throttling), when this
machine's timers ran, background work, which a restore ends, and what ``migrate`` itself writes
(content types and permissions, which are referred to by name).

The copy of an SQLite file that an upgrade makes first is another thing: see
``directory/bootstrap/prepare.py``.
"""

import datetime as dt
import hashlib
import json
import logging
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django_tasks_db.models import DBTaskResult

from ..models import DataVersion, Job
from ..resolution.bulk import bulk_insert
from ..resolution.change_log import start_version
from .older_backups import SchemaChanges, schema_changes_since

logger = logging.getLogger(__name__)

FORMAT = 1
MANIFEST = "manifest.json"
EXCLUDED_MODELS = {
    "contenttypes.contenttype", "auth.permission", "sessions.session", "facilities.place",
    "axes.accessattempt", "axes.accessattemptexpiration", "axes.accessfailurelog", "axes.accesslog",
    "facilities.throttle", "facilities.newdevice", "facilities.risksnapshot",
    "facilities.scheduledtask", "facilities.job", "facilities.workerprocess",
    "django_tasks_database.dbtaskresult",
}  # fmt: skip
MADE_BY_MIGRATE = {"facilities.dataversion", "auth.group", "auth.group_permissions"}
# A restore is a new version of the data.
RENEWED_BY_RESTORE = {"facilities.dataversion", "facilities.revision"}
ROWS_AT_ONCE = 500
STORED_AS_TEXT = (models.DateField, models.TimeField, models.UUIDField, models.DecimalField)
DAMAGED_FILE_ERRORS = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    TypeError,
    ValueError,
)


class UnusableBackup(Exception):
    """The file cannot be restored here; the message says why in one sentence."""


def write_backup(path: Path, made_at: dt.datetime) -> dict[str, int]:
    """Write all rows, as they are at one moment, to ``path``; return the rows of each table.

    The file appears whole or not at all, readable by its owner alone (it holds password hashes).
    Raises FileExistsError rather than overwrite one.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists already.")
    partial = path.with_name(f"{path.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file, unchanging_transaction():
            tables = write_tables(file, made_at)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return _counted("Wrote a backup", tables)


@contextmanager
def unchanging_transaction() -> Iterator[None]:
    """Open a transaction in which the writes of others do not appear."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def write_tables(file, made_at: dt.datetime) -> dict[str, dict]:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        tables = {one._meta.label_lower: write_table(archive, one) for one in backed_up_models()}
        manifest = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "migrations": applied_migrations(),
            "tables": tables,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return tables


def write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> dict:
    rows, digest = 0, hashlib.sha256()
    with archive.open(f"{model._meta.label_lower}.jsonl", "w", force_zip64=True) as file:
        for row in encoded_rows(model):
            line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
            file.write(line)
            digest.update(line)
            rows += 1
    columns = [field.attname for field in model._meta.concrete_fields]
    return {"columns": columns, "rows": rows, "sha256": digest.hexdigest()}


def encoded_rows(model: type[models.Model]) -> Iterator[list]:
    """Yield the rows of a table as JSON can hold them, in the order of their keys."""
    fields = model._meta.concrete_fields
    found = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for values in found.iterator(chunk_size=ROWS_AT_ONCE):
        yield [encode_value(field, value) for field, value in zip(fields, values, strict=True)]


def backed_up_models() -> list[type[models.Model]]:
    """Return every table that belongs in a backup, including many-to-many relations."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in EXCLUDED_MODELS
    ]


def applied_migrations() -> list[str]:
    """Return names such as "facilities.0001_initial"."""
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


def encode_value(field: models.Field, value: object) -> object:
    """Return a value as JSON can hold it; rows that ``migrate`` writes are referred to by name."""
    if value is None:
        return None
    if field.related_model in (ContentType, Permission):
        return field.related_model._base_manager.get(pk=value).natural_key()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(field, STORED_AS_TEXT) else value


def decode_value(field: models.Field, value: object, changes: SchemaChanges) -> object:
    value = changes.value(field.model._meta.label_lower, field.attname, value)
    if value is None:
        return None
    if field.related_model in (ContentType, Permission):
        key = changes.natural_key(value)
        return field.related_model.objects.get_by_natural_key(*key).pk
    return field.to_python(value) if isinstance(field, STORED_AS_TEXT) else value


def read_manifest(path: Path) -> dict:
    """Check the whole file against its own manifest and against this program.

    Raises UnusableBackup before anything is changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise UnusableBackup(f"{path} is a backup of an unknown format.")
            for label, table in manifest["tables"].items():
                check_table(archive, label, table)
    except FileNotFoundError:
        raise UnusableBackup(f"There is no file {path}.") from None
    except DAMAGED_FILE_ERRORS as error:
        raise UnusableBackup(f"{path} is damaged or is not a backup ({error}).") from None
    check_versions(manifest)
    return manifest


def check_table(archive: zipfile.ZipFile, label: str, table: dict) -> None:
    with archive.open(f"{label}.jsonl") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != table["sha256"]:
            raise ValueError(f"the rows of {label} are not those that were written")


def check_versions(manifest: dict) -> None:
    """An older backup is fine unless a column of it was dropped since; a newer one is not."""
    known = {".".join(key) for key in MigrationLoader(connection).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        raise UnusableBackup(
            f"The backup is of a newer version of this program ({unknown[-1]}): update it first."
        )
    changes = schema_changes_since(manifest["migrations"])
    columns = {model._meta.label_lower: column_names(model) for model in backed_up_models()}
    for former, table in manifest["tables"].items():
        label = changes.table(former)
        names = {changes.column(label, column) for column in table["columns"]}
        if gone := names - columns.get(label, set()):
            raise UnusableBackup(
                f"The backup is of an older version: {label} no longer has {min(gone)}. Restore "
                "it with that version, then update the program."
            )


def column_names(model: type[models.Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def is_database_empty() -> bool:
    """Whether nothing would be lost by a restore."""
    kept = (model for model in backed_up_models() if model._meta.label_lower not in MADE_BY_MIGRATE)
    return not any(model._base_manager.exists() for model in kept)


def restore_backup(path: Path, manifest: dict) -> dict[str, int]:
    """Replace all rows by the backup's, in one transaction; return the rows of each table.

    ``manifest`` is what ``read_manifest`` returned for ``path``.
    """
    try:
        with transaction.atomic(), zipfile.ZipFile(path) as archive:
            replaced = DataVersion.lock().number
            replace_all_tables(
                archive, manifest["tables"], schema_changes_since(manifest["migrations"])
            )
            # Whatever is kept by data version was computed from other rows.
            start_version(max(replaced, DataVersion.lock().number) + 1)
            connection.check_constraints()
    except IntegrityError as error:
        raise UnusableBackup(f"The rows of {path} do not fit together: {error}") from error
    return _counted("Restored a backup", manifest["tables"])


def _counted(done: str, tables: dict[str, dict]) -> dict[str, int]:
    rows = {label: table["rows"] for label, table in tables.items()}
    logger.info("%s: %d rows in %d tables.", done, sum(rows.values()), len(rows))
    return rows


def tables_that_differ(path: Path, manifest: dict) -> list[str]:
    """Compare the rows of the database with those of a backup that was just restored.

    Where a migration changed the columns of a table since, the rows are counted alone. Keys within
    JSON values have no order on PostgreSQL.
    """
    changes = schema_changes_since(manifest["migrations"])
    is_current = set(manifest["migrations"]) == set(applied_migrations())
    models_by_label = {model._meta.label_lower: model for model in backed_up_models()}
    differing = []
    with zipfile.ZipFile(path) as archive:
        for label, table in manifest["tables"].items():
            model = models_by_label.get(changes.table(label))
            if model is None or label in RENEWED_BY_RESTORE:
                continue
            if is_current:
                with archive.open(f"{label}.jsonl") as lines:
                    is_same = digest_rows(map(json.loads, lines)) == digest_rows(
                        encoded_rows(model)
                    )
            else:
                is_same = model._base_manager.count() == table["rows"]
            if not is_same:
                differing.append(label)
    return differing


def digest_rows(rows: Iterable[list]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def replace_all_tables(
    archive: zipfile.ZipFile, tables: dict[str, dict], changes: SchemaChanges
) -> None:
    kept = backed_up_models()
    former = {changes.table(label): label for label in tables}
    with connection.cursor() as cursor:
        for model in (Job, DBTaskResult, *reversed(kept)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
    for model in kept:
        if label := former.get(model._meta.label_lower):
            with archive.open(f"{label}.jsonl") as lines:
                insert_rows(lines, model, tables[label]["columns"], changes)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)


def insert_rows(
    lines: Iterable[bytes], model: type[models.Model], columns: list[str], changes: SchemaChanges
) -> None:
    label = model._meta.label_lower
    stored = [model._meta.get_field(changes.column(label, column)) for column in columns]
    added = {  # columns that came after the backup
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field not in stored
    }
    rows = (
        added
        | {
            field.attname: decode_value(field, value, changes)
            for field, value in zip(stored, json.loads(line), strict=True)
        }
        for line in lines
    )
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        bulk_insert(model, batch)
