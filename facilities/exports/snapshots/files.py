"""The files of a snapshot: what each is called, what it holds and how it is read and written."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..tables import CREDENTIAL_COLUMNS, FACILITY_COLUMNS, FACT_COLUMNS, SERVICE_COLUMNS

FACILITIES, SERVICES, FACTS = "facilities.csv", "services.csv", "facts.csv"
CREDENTIALS = "credentials.csv"
PLAIN_TABLES = (FACILITIES, SERVICES, CREDENTIALS)
FACTS_ARCHIVE, HSDS_ARCHIVE = "facts.csv.zip", "hsds.zip"
GEOJSON, DATABASE, DATASETTE = "facilities.geojson", "directory.sqlite", "datasette.json"
CHANGES, README, PACKAGE = "CHANGES.csv", "README.md", "datapackage.json"
HSDS_FOLDER = "hsds"
CHANGE_COLUMNS = ("id", "code", "change", "fields", "date")
COMPRESSION = zipfile.ZIP_DEFLATED
COMPRESSION_LEVEL = 4  # level 6 takes twice as long and saves 6 %


@dataclass(frozen=True)
class PublishedFile:
    """``columns`` of a table; files of other forms have none."""

    name: str
    words: str | Promise
    media_type: str
    columns: tuple[str, ...] = ()


FILES = (
    PublishedFile(
        FACILITIES,
        _("One row for each listed facility: contact, address, position, services, source, date."),
        "text/csv",
        FACILITY_COLUMNS,
    ),
    PublishedFile(
        SERVICES,
        _("The codebook: what each service is called and means, in English and Spanish."),
        "text/csv",
        SERVICE_COLUMNS,
    ),
    PublishedFile(
        FACTS_ARCHIVE,
        _("One row for each fact of each facility, with its value, source, date and method."),
        "application/zip",
        FACT_COLUMNS,
    ),
    PublishedFile(
        CREDENTIALS,
        _("Current licenses, accreditations and certifications, with number, expiry and proof."),
        "text/csv",
        CREDENTIAL_COLUMNS,
    ),
    PublishedFile(
        GEOJSON,
        _("The facilities as points, for maps."),
        "application/geo+json",
    ),
    PublishedFile(
        DATABASE,
        _("Facilities and services as a database. Datasette opens it."),
        "application/vnd.sqlite3",
    ),
    PublishedFile(
        DATASETTE,
        _("What Datasette needs to show the database with counts by state and service."),
        "application/json",
    ),
    PublishedFile(
        HSDS_ARCHIVE,
        _("Everything as tables of the Human Services Data Specification (HSDS)."),
        "application/zip",
    ),
    PublishedFile(
        CHANGES,
        _("What changed since the snapshot before."),
        "text/csv",
        CHANGE_COLUMNS,
    ),
    PublishedFile(
        PACKAGE,
        _("A list of these files with columns and checksums, for programs (Frictionless Data)."),
        "application/json",
    ),
    PublishedFile(README, _("These terms, in English and Spanish."), "text/markdown"),
)
FILES_BY_NAME = {file.name: file for file in FILES}


def snapshot_file_columns(name: str) -> tuple[str, ...]:
    return FILES_BY_NAME[name].columns


class TableWriters:
    """Open files of several tables; each row goes to the table that it names."""

    def __init__(self, folder: Path, tables: Mapping[str, Sequence[str]], stack: ExitStack) -> None:
        self.columns = dict(tables)
        self.writers = {}
        for name, columns in tables.items():
            file = stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            self.writers[name] = csv.writer(file)
            self.writers[name].writerow(columns)

    def write(self, table: str, row: Mapping) -> None:
        self.writers[table].writerow([row.get(name, "") for name in self.columns[table]])


@contextmanager
def table_writers(folder: Path, tables: Mapping[str, Sequence[str]]) -> Iterator[TableWriters]:
    with ExitStack() as stack:
        yield TableWriters(folder, tables, stack)


def write_csv_lines(path: Path, lines: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def read_csv_lines(path: Path) -> Iterator[list[str]]:
    """Yield lines of cells, the headings first."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def read_csv_rows(path: Path) -> Iterator[dict[str, str]]:
    lines = read_csv_lines(path)
    headings = next(lines)
    for line in lines:
        yield dict(zip(headings, line, strict=True))


def read_zipped_table(path: Path, name: str) -> Iterator[list[str]]:
    """Yield the lines of a table within a zip file."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield from csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))


def write_zip(path: Path, files: Iterable[Path]) -> None:
    with zipfile.ZipFile(path, "w", COMPRESSION, compresslevel=COMPRESSION_LEVEL) as archive:
        for file in files:
            archive.write(file, file.name)
