"""Releases for tests: small editions written as workbooks and loaded, and the state they leave."""

import json
from datetime import UTC, datetime

from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.models import Conflict, Facility, Release, SourceRow, Verification
from facilities.sources.findtreatment import read_findtreatment
from facilities.sources.samhsa_directory import read_directory

from .factories import TODAY, make_cells, write_directory

NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
TABLES = (Facility, Release, SourceRow, Conflict, Verification)


def read_edition(folder, year: int, *lines: dict):
    """A directory of these lines (cells by heading, those that matter), written and read."""
    path = folder / f"directory-{year}.xlsx"
    return read_directory(
        write_directory(path, [make_cells(**line) for line in lines]), edition=str(year)
    )


def load_edition(folder, year: int, *lines: dict):
    reading = read_edition(folder, year, *lines)
    return load_parsed_file(reading, LoadOptions(allows_withdrawals=True), today=TODAY)


def load_again(folder, year: int):
    """The very file that was written before."""
    reading = read_directory(folder / f"directory-{year}.xlsx", edition=str(year))
    return load_parsed_file(reading, LoadOptions(allows_withdrawals=True), today=TODAY)


def load_locator(folder, day: str, *listings: dict):
    """Load an export of the locator, of that day."""
    path = folder / f"locator-{day}.json"
    path.write_text(json.dumps({"page": 1, "totalPages": 1, "rows": listings}))
    return load_parsed_file(read_findtreatment([path], edition=day), LoadOptions(), today=TODAY)


def state(*tables) -> list[list[tuple]]:
    """Every column of every record that a load, an undo or a merge writes."""
    return [[*table.objects.order_by("pk").values_list()] for table in tables or TABLES]


def shown() -> list[tuple]:
    """All columns of all facilities but which release states them."""
    fields = [field.attname for field in Facility._meta.concrete_fields]
    return [*Facility.objects.order_by("pk").values_list(*{*fields} - {"source_release_id"})]


def house(name: str, **cells) -> dict:
    """A line of its own address and number, by its name."""
    place = sum(map(ord, name))
    own = {"street1": f"{place} Main Street", "phone": f"518-555-{100 + place % 100:04d}"}
    return own | {"name1": name} | cells


def load_twins(folder) -> tuple[Facility, Facility]:
    """One facility twice in the 2023 edition, with other services, and a third beside it."""
    alder = house("Alder House", service_code_info="SA DT * OP")
    load_edition(
        folder, 2023, alder, alder | {"street2": "Suite 2", "service_code_info": "SA * RES"},
        house("Birch House"),
    )  # fmt: skip
    kept, gone = Facility.objects.filter(name="Alder House").order_by("street2")
    return kept, gone
