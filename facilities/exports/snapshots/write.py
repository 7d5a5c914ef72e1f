"""Writes a snapshot: the tables in one pass over all listed facilities, then the other files."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ...facts.stored_values import HIDDEN, LISTED, WITHDRAWN
from ...models import Facility, Release, VersionStamp
from ..hsds import tabular
from ..hsds.mapping import organization_summary
from ..open_records import read_records
from ..tables import (
    FACILITY_COLUMNS,
    codebook_rows,
    credential_rows,
    facility_row,
    fact_rows,
)
from . import files
from .derived import write_derived_files

TITLE = "Facilities of substance use treatment"
DEMONSTRATION = "Invented for a demonstration"
FORMAT = 1  # of the files: goes up when a column is renamed or dropped
MERGED, DELETED, DRAFT = "merged", "deleted", "draft"
ADDED, CHANGED = "added", "changed"
Rows = Mapping[str, Mapping[str, str]]  # id -> row of facilities.csv


def write_snapshot(folder: Path, version: VersionStamp, now: datetime, former: Rows | None) -> int:
    """Fill an empty folder with all files; return how many facilities there are.

    ``former``: the facilities of the snapshot before. The caller sees to it that the data stay at
    ``version`` meanwhile.
    """
    _write_tables(folder, now)
    _write_changes(folder, former, now)
    is_demonstration = Release.objects.filter(is_demonstration=True).exists()
    write_derived_files(
        folder, snapshot_description(version, now, is_demonstration=is_demonstration)
    )
    return sum(1 for _row in files.read_csv_lines(folder / files.FACILITIES)) - 1


def snapshot_description(
    version: VersionStamp, now: datetime, *, is_demonstration: bool
) -> dict[str, Any]:
    """Return what the list of files says of the whole; the cursor is where changes go on."""
    return {
        "title": f"{DEMONSTRATION}: {TITLE}" if is_demonstration else TITLE,
        "is_demonstration": is_demonstration,
        "created": now.isoformat(timespec="seconds"),
        "format": FORMAT,
        "version": f"{version.number}",
        "data_version": {"number": version.number, "token": version.token},
        "cursor": f"{version.number}.{version.token}",
    }


def _write_tables(folder: Path, now: datetime) -> None:
    hsds = folder / files.HSDS_FOLDER
    hsds.mkdir()
    own = {name: files.snapshot_file_columns(name) for name in files.PLAIN_TABLES}
    own[files.FACTS] = files.snapshot_file_columns(files.FACTS_ARCHIVE)
    operated: dict[str, list[str]] = {}  # name -> states
    with (
        files.table_writers(folder, own) as tables,
        files.table_writers(hsds, tabular.TABLES) as hsds_tables,
    ):
        for record in read_records(Facility.objects.listed().order_by("pk"), now):
            tables.write(files.FACILITIES, facility_row(record))
            for row in fact_rows(record):
                tables.write(files.FACTS, row)
            for row in credential_rows(record):
                tables.write(files.CREDENTIALS, row)
            for table, cells in tabular.facility_rows(record):
                hsds_tables.write(table, cells)
            operated.setdefault(record.values["name"], []).append(record.values["state"])
        for row in codebook_rows():
            tables.write(files.SERVICES, row)
        organizations = (
            organization_summary(name, len(states), {*states})
            for name, states in sorted(operated.items())
        )
        for table, cells in tabular.organization_and_taxonomy_rows(organizations):
            hsds_tables.write(table, cells)


def _write_changes(folder: Path, former: Rows | None, now: datetime) -> None:
    """Write what differs from the facilities of the snapshot before; a first one has no changes."""
    with files.table_writers(folder, {files.CHANGES: files.CHANGE_COLUMNS}) as tables:
        if former is None:
            return
        day = now.date().isoformat()
        gone = dict(former)
        for row in files.read_csv_rows(folder / files.FACILITIES):
            before = gone.pop(row["id"], None)
            fields = () if before is None else _differing(before, row)
            if before is None or fields:
                change = ADDED if before is None else CHANGED
                tables.write(files.CHANGES, _change(row, change, fields, day))
        for row, change in _gone(gone):
            tables.write(files.CHANGES, _change(row, change, (), day))


def _change(row: Mapping[str, str], change: str, fields: tuple[str, ...], day: str) -> dict:
    return {
        "id": row["id"], "code": row["code"], "change": change, "fields": "; ".join(fields),
        "date": day,
    }  # fmt: skip


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        name for name in FACILITY_COLUMNS if name != "modified_at" and before.get(name) != now[name]
    )


def _gone(former: Rows) -> Iterator[tuple[Mapping, str]]:
    """Yield rows that are no longer listed, each with what became of it."""
    now = {
        str(key): MERGED if merged else status
        for key, status, merged in Facility.objects.exclude(status=LISTED).values_list(
            "uuid", "status", "merged_into"
        )
    }
    known = {MERGED, WITHDRAWN, HIDDEN}
    for key, row in former.items():
        status = now.get(key, DELETED)
        yield row, status if status in known else HIDDEN if status == DRAFT else status
