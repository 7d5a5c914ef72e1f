"""FindTreatment.gov's export: pages of JSON with names of services in place of codes.

Rows are of three types. SA rows are read like the directory's; OTP rows are opioid treatment
programs and may state no services at all, which leaves that one; MH rows are counted as skipped.
The export carries no date. The edition is the day in a file's name, or somebody has to say it: the
day on which a file was copied would make old facts look fresh.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ..geo import Point
from ..taxonomy import VOCABULARY, Service, ServiceSet
from . import file_reading
from .address import read_postal_address, require_possible_zip
from .cleaners import phone_cell, text_cell, website_cell
from .rows import (
    STREET,
    FacilityRow,
    FaultCollector,
    ParsedFile,
    Position,
    Rejection,
    UnusableFile,
    UnusableRow,
)

SOURCE = "locator"
OTP_SERVICE = "opioid-treatment-program"
TAKEN, SKIPPED = ("SA", "OTP"), ("MH", "BUPREN", "HRSA")
INTAKES = ("intake1", "intake2", "hotline1")
Progress = Callable[[Iterable], Iterable]


def read_findtreatment(
    paths: Iterable[Path], *, edition: str = "", progress: Progress = iter
) -> ParsedFile:
    paths, faults = list(paths), FaultCollector()
    read = [(faults.collect(_page, path), path) for path in paths]
    edition = edition or _day_in_name(paths)
    if edition:
        faults.collect(_date, edition)
    else:
        faults.add(
            f"{paths[0].name} does not say when it was exported: give the day with --edition."
        )
    faults.raise_any()
    whole = [(page, path) for page, path in read if page is not None]
    pages = sorted(whole, key=lambda pair: pair[0]["page"])
    rows, rejections, skipped = parse_findtreatment_pages(
        [page for page, _ in pages], progress=progress
    )
    if not rows:
        raise UnusableFile(f"{paths[0].name} has no rows of substance use treatment.")
    return ParsedFile(
        source=SOURCE,
        edition=edition,
        published_on=_date(edition),
        file_name=", ".join(path.name for path in paths)[:255],
        sha256=file_reading.sha256_of(*(path for _, path in pages)),
        rows=rows,
        rejections=rejections,
        skipped=skipped,
        is_whole={page["page"] for page, _ in pages} >= {*range(1, pages[0][0]["totalPages"] + 1)},
    )


def parse_findtreatment_pages(
    pages: list[dict], *, progress: Progress = iter
) -> tuple[tuple[FacilityRow, ...], tuple[Rejection, ...], Counter]:
    """Return rows, rejections and skipped types; rows are numbered from 1 through all pages."""
    rows: list[FacilityRow] = []
    rejections: list[Rejection] = []
    skipped: Counter[str] = Counter()
    seen: dict[str, int] = {}
    written = [row for page in pages for row in page["rows"]]
    if len(written) > file_reading.MAX_ROWS:
        raise UnusableFile(f"There are more than {file_reading.MAX_ROWS:,} rows.")
    for number, cells in enumerate(progress(written), start=1):
        kind = text_cell(cells.get("typeFacility")).upper() if isinstance(cells, dict) else ""
        try:
            if kind in SKIPPED:
                skipped[kind] += 1
                continue
            _refuse_repetition(cells, number, seen)
            row = parse_findtreatment_record(cells, number)
            require_possible_zip(row)
        except UnusableRow as error:
            rejections.append(Rejection(number, str(error)))
        else:
            rows.append(row)
    return tuple(rows), tuple(rejections), skipped


def parse_findtreatment_record(cells: Mapping, row_number: int) -> FacilityRow:
    if not isinstance(cells, Mapping):
        raise UnusableRow("not an object")
    kind = text_cell(cells.get("typeFacility")).upper()
    if kind not in TAKEN:
        raise UnusableRow(f"type not known: {kind[:20]!r}")
    offered, unknown = _services(cells.get("services"))
    if kind == "OTP":
        offered |= ServiceSet.of(OTP_SERVICE)
    row = FacilityRow(
        row_number=row_number,
        **_address(cells),
        offered=offered,
        unknown=unknown,
        warnings=() if offered else ("no services stated",),
        is_addition=kind == "OTP" and len(offered) == 1,
        raw=cells,
    )
    return _with_contacts(row, cells)


def _address(cells: Mapping) -> dict[str, Any]:
    return read_postal_address(
        {
            **cells,
            "name": cells.get("name1"),
            "program_name": cells.get("name2"),
            "street": cells.get("street1"),
        }
    )


def _with_contacts(row: FacilityRow, cells: Mapping) -> FacilityRow:
    """Add phone numbers, website and position; note what is unusable and was left out."""
    found: dict[str, Any] = {}
    warnings = list(row.warnings)
    readers = dict.fromkeys(("phone", *INTAKES), phone_cell) | {"website": website_cell}
    for field, read in readers.items():
        try:
            found[field] = read(cells.get(field))
        except ValueError as error:
            warnings.append(str(error))
    try:
        position = _position(cells)
    except ValueError as error:
        position = None
        warnings.append(str(error))
    main = found.get("phone") or {"number": "", "extension": ""}
    return replace(
        row,
        phone=main["number"],
        phone_extension=main["extension"],
        intake_phones=tuple(found[field] for field in INTAKES if found.get(field)),
        website=found.get("website", ""),
        position=position,
        warnings=tuple(warnings),
    )


def _position(cells: Mapping) -> Position | None:
    written = text_cell(cells.get("latitude")), text_cell(cells.get("longitude"))
    if not any(written):
        return None
    try:
        point = Point(*map(float, written))
    except ValueError as error:
        raise ValueError(f"position not understood: {', '.join(written)[:60]}") from error
    if point == Point(0.0, 0.0):
        raise ValueError("position not understood: 0, 0")
    return Position(point, STREET)


def _services(groups: object) -> tuple[ServiceSet, tuple[str, ...]]:
    if groups is None:
        return ServiceSet(), ()
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise UnusableRow("services are not a list of groups")
    services, unknown = [], []
    for group in groups:
        categories = text_cell(group.get("f2")), text_cell(group.get("f1"))
        for name in filter(None, map(str.strip, text_cell(group.get("f3")).split(";"))):
            if service := _find(categories, name):
                services.append(service)
            else:
                unknown.append(f"{categories[0] or categories[1]}: {name}")
    return ServiceSet.of(*services), tuple(dict.fromkeys(unknown))


def _find(categories: tuple[str, ...], name: str) -> Service | None:
    found = (VOCABULARY.find(category, name) for category in categories)
    return next(filter(None, found), None)


def _refuse_repetition(cells: object, number: int, seen: dict[str, int]) -> None:
    """Pages of one export may overlap: the same object twice is one facility."""
    frid = text_cell(cells.get("frid")) if isinstance(cells, dict) else ""
    if frid and seen.setdefault(frid, number) != number:
        raise UnusableRow(f"the same facility as row {seen[frid]}")


def _page(path: Path) -> dict:
    file_reading.require_modest_json(file_reading.require_readable(path))
    try:
        page = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{path.name} is not in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise UnusableFile(f"{path.name} is not sound JSON: {error}.") from error
    if not isinstance(page, dict) or not isinstance(page.get("rows"), list):
        raise UnusableFile(f"{path.name} is not a page of FindTreatment.gov: it has no rows.")
    counts = {field: page.get(field, 1) for field in ("page", "totalPages")}
    if not all(isinstance(count, int) for count in counts.values()):
        raise UnusableFile(f"{path.name} does not number its page.")
    return page | counts


def _day_in_name(paths: list[Path]) -> str:
    """Return the day in the first name that has one, or ""."""
    names = (re.search(r"(20\d\d)[-_]?(\d\d)[-_]?(\d\d)(?!\d)", path.stem) for path in paths)
    return next(("-".join(found.groups()) for found in names if found), "")


def _date(edition: str) -> date:
    try:
        return date.fromisoformat(edition)
    except ValueError as error:
        raise UnusableFile(
            f"The edition of a locator export is a day such as 2024-05-31, not {edition!r}."
        ) from error
