"""The files of a snapshot that are made of its tables: for maps, for Datasette, for programs."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from ..hsds.tabular import TABLES
from ..tables import NO, SEPARATOR, YES
from . import files
from .terms_of_use import readme

PROFILE = "data-package"
ANSWERS = {"services_yes": YES, "services_no": NO}
# By each facet of datasette.json too: Datasette gives up on one after 200 ms.
INDEXES = (
    ("facilities", "state"), ("facilities", "city"), ("facilities", "zip"),
    ("facilities", "source"), ("answers", "facility"), ("answers", "answer"),
    ("services", "category"),
)  # fmt: skip
NUMBERS = ("latitude", "longitude")
NUMBER = "number INTEGER PRIMARY KEY"  # short, as answers refer to it


def write_derived_files(folder: Path, about: Mapping[str, Any]) -> None:
    """Complete a folder that has its tables; ``about`` goes into the list of files."""
    _write_geojson(folder)
    _write_database(folder)
    _write_datasette(folder, about)
    hsds = folder / files.HSDS_FOLDER
    _write_json(hsds / files.PACKAGE, _hsds_package(hsds, about))
    names = (*TABLES, files.PACKAGE)
    files.write_zip(folder / files.HSDS_ARCHIVE, (hsds / name for name in names))
    shutil.rmtree(hsds)
    files.write_zip(folder / files.FACTS_ARCHIVE, [folder / files.FACTS])
    (folder / files.FACTS).unlink()
    (folder / files.README).write_text(readme(about), encoding="utf-8")
    _write_json(folder / files.PACKAGE, _package(folder, about))


def _write_geojson(folder: Path) -> None:
    """Write a feature for each facility; one without a position has no geometry."""
    with (folder / files.GEOJSON).open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        comma = ""
        for row in files.read_csv_rows(folder / files.FACILITIES):
            file.write(comma + json.dumps(_feature(row), ensure_ascii=False))
            comma = ",\n"
        file.write("\n]}\n")


def _feature(row: Mapping[str, str]) -> dict:
    properties = {name: cell for name, cell in row.items() if cell and name not in NUMBERS}
    point = [float(row[name]) for name in ("longitude", "latitude")] if row["latitude"] else None
    geometry = {"type": "Point", "coordinates": point} if point else None
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": properties}


def _write_database(folder: Path) -> None:
    """Write facilities, services, and which facility answers what, a row for each answer.

    Datasette counts such rows by service in time. Lists within a cell it could not: it copies the
    whole row for each item.
    """
    with closing(sqlite3.connect(folder / files.DATABASE)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        columns = [name for name in files.snapshot_file_columns(files.FACILITIES)
                   if name not in ANSWERS]  # fmt: skip
        services = files.snapshot_file_columns(files.SERVICES)
        database.execute(f"CREATE TABLE services ({NUMBER}, {_declared(services)})")
        database.execute(f"CREATE TABLE facilities ({NUMBER}, {_declared(columns)})")
        database.execute(
            "CREATE TABLE answers (service INTEGER REFERENCES services (number), "
            "facility INTEGER REFERENCES facilities (number), answer TEXT, "
            "PRIMARY KEY (service, facility)) WITHOUT ROWID"
        )
        numbers = {}
        for number, row in enumerate(files.read_csv_rows(folder / files.SERVICES), start=1):
            numbers[row["slug"]] = number
            _insert(database, "services", [number, *(row[name] for name in services)])
        answers = []
        for number, row in enumerate(files.read_csv_rows(folder / files.FACILITIES), start=1):
            cells = (_cell(name, row[name]) for name in columns)
            _insert(database, "facilities", [number, *cells])
            answers += [
                (numbers[slug], number, answer)
                for column, answer in ANSWERS.items()
                for slug in row[column].split(SEPARATOR)
                if slug
            ]
        # In the order of the key, or every insertion would go to another page.
        database.executemany("INSERT INTO answers VALUES (?, ?, ?)", sorted(answers))
        for table, column in INDEXES:
            database.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
        database.commit()


def _declared(columns: Iterable[str]) -> str:
    return ", ".join(f"{name} {'REAL' if name in NUMBERS else 'TEXT'}" for name in columns)


def _insert(database: sqlite3.Connection, table: str, cells: list) -> None:
    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(cells))})", cells)


def _cell(column: str, text: str) -> Any:
    if column in NUMBERS:
        return float(text) if text else None
    return text


def _write_datasette(folder: Path, about: Mapping[str, Any]) -> None:
    described = {
        "title": about["title"],
        "description": "Free to use. Keep the source and the date that stand in each row.",
        "databases": {
            Path(files.DATABASE).stem: {
                "tables": {
                    "facilities": {
                        "label_column": "name",
                        "facets": ["state", "source"],
                        "sort": "name",
                    },
                    "answers": {"facets": ["service", "answer"]},
                    "services": {"label_column": "slug", "facets": ["category"]},
                }
            }
        },
    }
    _write_json(folder / files.DATASETTE, described)


def _package(folder: Path, about: Mapping[str, Any]) -> dict:
    resources = [
        _resource(folder / file.name, file.columns, str(file.media_type))
        for file in files.FILES
        if file.name not in (files.PACKAGE, files.README)
    ]
    return {"name": "treatment-facilities", "profile": PROFILE, **about, "resources": resources}


def _hsds_package(folder: Path, about: Mapping[str, Any]) -> dict:
    resources = [_resource(folder / name, columns, "text/csv") for name, columns in TABLES.items()]
    return {"name": "hsds", "profile": PROFILE, **about, "resources": resources}


def _resource(path: Path, columns: tuple[str, ...], media_type: str) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    stem, *endings = path.name.split(".")
    resource: dict[str, Any] = {
        "name": "-".join((stem.lower(), *endings)).replace("_", "-"),
        "path": path.name,
        "mediatype": media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }
    if not columns:
        return resource | {"type": "file", "format": endings[-1]}
    compressed = {"compression": "zip"} if endings[-1] == "zip" else {}
    key = {"primaryKey": [columns[0]]} if columns[0] in ("id", "slug") else {}
    if path.name in (files.FACTS_ARCHIVE, files.CHANGES):
        key = {"primaryKey": []}  # many rows of one facility
    fields = [{"name": name, "type": "number" if name in NUMBERS else "string"} for name in columns]
    return resource | compressed | {
        "type": "table",
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": fields} | {name: value for name, value in key.items() if value},
    }  # fmt: skip


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
