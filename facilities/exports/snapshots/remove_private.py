"""Takes out of older snapshots what became private since: addresses, and hidden listings.

A snapshot never changes otherwise. The facility's rows leave every table, the other files are made
again of what remains, and a line of CHANGES says that something was left out, but not what.
"""

import zipfile
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from ...facts.stored_values import DRAFT, HIDDEN
from ...models import Change, Facility, Revision, VersionStamp
from ...models.versioned_cache import versioned_cache
from ..hsds.tabular import TABLES
from . import files
from .derived import write_derived_files
from .library import PublishedSnapshot, SnapshotLibrary

REWRITTEN = "rewritten"
PRIVATE_KINDS = (Change.Kind.HIDDEN, Change.Kind.DELETED, Change.Kind.DRAFT, Change.Kind.MERGED)


@versioned_cache(maxsize=100)
def may_have_become_private_since(version: VersionStamp) -> bool:
    """Whether any address or listing may have become private after this version."""
    known = Revision.objects.filter(number=version.number, token=version.token)
    if version.number and not known.exists():
        return True  # a database that was restored, or a log that begins later
    later = Change.objects.filter(revision__number__gt=version.number)
    is_about_address = Q(names__contains='"is_address_confidential"')
    return (
        later.annotate(names=Cast("fields", TextField()))
        .filter(Q(kind__in=PRIVATE_KINDS) | is_about_address)
        .exists()
    )


def private_facilities(snapshot: PublishedSnapshot) -> set[str]:
    """Return the ids of a snapshot whose address or whole listing is private now.

    A record that was merged follows the one it was merged into.
    """
    shown = {
        row["id"]: row["is_address_confidential"] == "yes"
        for row in files.read_csv_rows(snapshot.folder / files.FACILITIES)
    }
    fields = ("status", "is_address_confidential")
    kept = {
        str(row["uuid"]): (
            row["merged_into__status"] or row["status"],
            row["is_address_confidential"] or bool(row["merged_into__is_address_confidential"]),
        )
        for row in Facility.objects.values("uuid", *fields, *(f"merged_into__{f}" for f in fields))
    }
    private = set()
    for key, was_confidential in shown.items():
        status, is_confidential = kept.get(key, (HIDDEN, True))
        if status in (HIDDEN, DRAFT) or (is_confidential and not was_confidential):
            private.add(key)
    return private


def remove_private_facilities(
    library: SnapshotLibrary, version: VersionStamp, now: datetime
) -> list[str]:
    """Rewrite the snapshots that hold what is private now; return their names."""
    rewritten = []
    for snapshot in library.snapshots():
        if not may_have_become_private_since(snapshot.withheld_through):
            continue
        if private := private_facilities(snapshot):
            with library.new_folder() as folder:
                _rewrite(snapshot, folder, private, now)
                PublishedSnapshot(folder).note_withheld(version)
                library.replace(snapshot, folder)
            rewritten.append(snapshot.name)
        else:
            snapshot.note_withheld(version)
    return rewritten


def _rewrite(
    snapshot: PublishedSnapshot, folder: Path, private: Collection[str], now: datetime
) -> None:
    hsds = folder / files.HSDS_FOLDER
    hsds.mkdir()
    for name in files.PLAIN_TABLES:
        former = snapshot.folder / name
        # Snapshots of older versions have no credentials.
        lines = (
            files.read_csv_lines(former)
            if former.is_file()
            else [files.snapshot_file_columns(name)]
        )
        files.write_csv_lines(folder / name, lines_without_facilities(lines, private))
    facts = files.read_zipped_table(snapshot.folder / files.FACTS_ARCHIVE, files.FACTS)
    files.write_csv_lines(folder / files.FACTS, lines_without_facilities(facts, private))
    files.write_csv_lines(folder / files.CHANGES, _changes(snapshot, private, now))
    archive = snapshot.folder / files.HSDS_ARCHIVE
    with zipfile.ZipFile(archive) as opened:
        present = [name for name in TABLES if name in opened.namelist()]
    for name in present:
        files.write_csv_lines(
            hsds / name, lines_without_facilities(files.read_zipped_table(archive, name), private)
        )
    _leave_out_unnamed_organizations(hsds)
    about = {name: value for name, value in snapshot.package.items() if name != "resources"}
    write_derived_files(folder, about)


def lines_without_facilities(
    lines: Iterable[list[str]], private: Collection[str]
) -> Iterator[list[str]]:
    """Leave out the lines that name one of these facilities in any cell: each table has its id."""
    return (line for line in lines if private.isdisjoint(line))


def _changes(
    snapshot: PublishedSnapshot, private: Collection[str], now: datetime
) -> Iterator[list[str]]:
    yield from lines_without_facilities(
        files.read_csv_lines(snapshot.folder / files.CHANGES), private
    )
    left_out = {"change": REWRITTEN, "date": now.date().isoformat()}
    yield [left_out.get(name, "") for name in files.CHANGE_COLUMNS]


def _leave_out_unnamed_organizations(hsds: Path) -> None:
    """The name of an organization goes with the last of its facilities."""
    services = files.read_csv_rows(hsds / "services.csv")
    operating = {row["organization_id"] for row in services}
    for name, column in (
        ("organizations.csv", "id"),
        ("organization_identifiers.csv", "organization_id"),
    ):
        headings, *lines = files.read_csv_lines(hsds / name)
        place = headings.index(column)
        kept = [line for line in lines if line[place] in operating]
        files.write_csv_lines(hsds / name, [headings, *kept])
