"""Small files to load in tests, and a look at all that a load may write."""

import pytest

from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.models import Conflict, DataVersion, Facility, Release, SourceRow, Verification
from facilities.places.tables import zip_code_table
from facilities.sources.samhsa_directory import read_directory

from .factories import TODAY, make_cells, write_directory

ZIPS = zip_code_table()
HOUSES = [
    make_cells(name1=f"{word} House", street1=f"{number} Main Street", phone=f"518-555-01{number}")
    for number, word in enumerate(["Alder", "Beech", "Cedar", "Dogwood", "Elm", "Fir", "Gum"], 10)
]


@pytest.fixture
def read(tmp_path):
    """Lines of cells as a file of an edition, read; the same lines are the same file."""
    written = []

    def reader(lines, *, edition="2022"):
        if lines not in written:
            written.append(lines)
        path = tmp_path / f"{written.index(lines)}-directory-{edition}.xlsx"
        return read_directory(path if path.exists() else write_directory(path, lines))

    return reader


@pytest.fixture
def run(read):
    """Load lines of cells as an edition."""

    def loader(lines, *, edition="2022", progress=lambda step: None, is_dry_run=False, **options):
        return load_parsed_file(
            read(lines, edition=edition), LoadOptions(**options),
            today=TODAY, progress=progress, is_dry_run=is_dry_run,
        )  # fmt: skip

    return loader


def statuses() -> dict[str, str]:
    return dict(Facility.objects.order_by("name").values_list("name", "status"))


def everything() -> list[list[dict]]:
    """All rows that a load may write, as they are."""
    models = (Facility, Release, SourceRow, Conflict, Verification, DataVersion)
    return [list(model.objects.order_by("pk").values()) for model in models]
