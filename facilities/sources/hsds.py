"""Open Referral's HSDS: JSON, a line of JSON for each service, or a package of tables.

A service at a location becomes a row of a local list (``local_list.py``). What this software
publishes comes back whole; of other publishers' files that is taken which has a place here.
"""

import csv
import io
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from . import file_reading
from .cleaners import text_cell
from .credential_cells import DETAILS, ORIGIN
from .local_list import ParseFact, Progress, parse_list_rows, read_day
from .rows import ParsedFile, UnusableFile

READING: Mapping[str, Any] = {"format": "hsds"}
ACTIVE = "active"
LARGEST_TABLES = 2_000_000_000  # bytes of a package, unpacked
LARGEST_DESCRIPTION = 1_000_000  # bytes of what a package says of itself
DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}
DAY_AND_NIGHT = (*DAYS, "00:00", "23:59")
EXCLUSIONS = "Cannot be admitted: "
INTAKE, ADMISSION_HOURS = "Intake line", "Admission hours"
SOURCE, STATED = "source", "stated"
YES, NO = ("", "yes", "true"), ("no", "false")
# Table -> the column that names what its rows belong to.
TABLES = {
    "phones": "service_id", "schedules": "service_id", "attributes": "link_id",
    "metadata": "resource_id", "service_at_location": "service_id", "addresses": "location_id",
    "credentials": "service_id",
}  # fmt: skip
OWN_TABLES = ("phones", "schedules", "metadata", "credentials")
SINGLE_TABLES = ("services", "locations", "taxonomy_terms")
# Of attributes, which are 60 to a service, no more is held in memory.
ATTRIBUTE_COLUMNS = ("taxonomy_term_id", "value")
Tables = Mapping[str, Mapping[str, list]]  # table -> owner or own id -> rows


def read_hsds(
    path: Path,
    parse_fact: ParseFact,
    *,
    source: str,
    title: str = "",
    edition: str = "",
    progress: Progress = iter,
) -> ParsedFile:
    """Read a file, or the folder of a package; ``source`` names the list here.

    It is dated by the oldest day on which its services say that they were stated, else by the
    edition: a fact may look older than it is, never fresher.
    """
    skipped: Counter[str] = Counter()
    cells = [*_numbered_cells(read_services(path), skipped)]
    rows, rejections = parse_list_rows(cells, READING, parse_fact, progress=progress)
    if not rows:
        raise UnusableFile(f"{path.name} has no usable services.")
    stated = {row.fact_sources.get("*", {}).get("date", "") for row in rows} - {""}
    edition = edition or _edition_of(path) or max(stated, default="")
    if not edition:
        raise UnusableFile(f"{path.name} does not say its day: give it as the edition.")
    day = read_day(edition)
    files = [path] if path.is_file() else sorted(path.glob("*.csv"))
    return ParsedFile(
        source=source,
        source_title=title,
        edition=edition,
        published_on=min((date.fromisoformat(each) for each in stated), default=day),
        file_name=path.name,
        sha256=file_reading.sha256_of(*files),
        rows=rows,
        rejections=rejections,
        key_sheet=READING,
        skipped=skipped,
    )


def _numbered_cells(
    services: Iterable[Any], skipped: Counter[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    for count, service in enumerate(services, start=1):
        if max(count, number) > file_reading.MAX_ROWS:
            raise UnusableFile(f"There are more than {file_reading.MAX_ROWS:,} services.")
        if not isinstance(service, Mapping):
            raise UnusableFile("A service is not an object.")
        if service.get("status", ACTIVE) != ACTIVE:
            skipped[text_cell(service["status"])] += 1
            continue
        places = service.get("service_at_locations") or [{}]
        for place in places:
            number += 1
            cells = hsds_service_row(service, place.get("location") or {})
            if len(places) > 1:
                del cells["id"]  # one service at several places is several facilities here
            yield number, cells


def hsds_service_row(service: Mapping[str, Any], location: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a service at a location, under the names of our published table."""
    address: Mapping[str, Any] = next(iter(location.get("addresses") or ()), {})
    is_private = _is_yes(location.get("is_address_confidential"))
    where = location if is_private else address
    schedules = service.get("schedules") or location.get("schedules") or ()
    source, fact_sources = _sources(service.get("metadata") or ())
    exclusions = text_cell(service.get("eligibility_description"))
    cells = {
        "id": text_cell(service.get("id")),
        "name": service.get("name"),
        "program_name": service.get("alternate_name"),
        "street": address.get("address_1"),
        "street2": address.get("address_2"),
        "city": where.get("city"),
        "state": where.get("state_province"),
        "zip": address.get("postal_code"),
        **_phone_cells([*(service.get("phones") or ()), *(location.get("phones") or ())]),
        "website": service.get("url"),
        "hours": hours_text(schedules),
        "admission_hours": _admission_hours(schedules),
        "referral_requirements": service.get("application_process"),
        "admission_exclusions": exclusions.removeprefix(EXCLUSIONS)
        if exclusions.startswith(EXCLUSIONS)
        else "",
        "is_address_confidential": "yes" if is_private else "",
        "latitude": location.get("latitude"),
        "longitude": location.get("longitude"),
        "position_origin": location.get("position_origin"),
        **_service_lists(service.get("attributes") or ()),
        **source,
        "fact_sources": fact_sources,
        "credentials": [*_credentials(service.get("credentials") or ())],
    }
    return {
        name: _as_cell(value) for name, value in cells.items() if value not in (None, "", {}, [])
    }


def _as_cell(value: Any) -> Any:
    return value if isinstance(value, dict | list) else str(value).replace("\0", "")


def _phone_cells(phones: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    main, intake, fax = "", [], ""
    for phone in phones:
        words, number = text_cell(phone.get("description")), text_cell(phone.get("number"))
        extension = text_cell(phone.get("extension_digits") or phone.get("extension"))
        shown = words.partition(": ")[2] if words.startswith(INTAKE) else ""
        dialed = f"{shown or number} x{extension}" if extension else shown or number
        if text_cell(phone.get("type")).casefold() == "fax":
            fax = fax or number
        elif words.startswith(INTAKE) or main:
            intake.append(dialed)
        else:
            main = dialed
    return {"phone": main, "intake_phones": "; ".join(intake[:5]), "fax": fax}


def hours_text(schedules: Iterable[Mapping[str, Any]]) -> str:
    """Return weekly schedules as "mon 08:00-17:00; ..." or "always"."""
    intervals: dict[str, list[str]] = {}
    for schedule in schedules:
        days = [day for day in text_cell(schedule.get("byday")).split(",") if day in DAYS]
        opens, closes = (text_cell(schedule.get(name))[:5] for name in ("opens_at", "closes_at"))
        if (*days, opens, closes) == DAY_AND_NIGHT:
            return "always"
        if opens and closes:
            for day in days:
                intervals.setdefault(DAYS[day], []).append(f"{opens}-{closes}")
    return "; ".join(
        f"{day} {', '.join(sorted(intervals[day]))}" for day in DAYS.values() if day in intervals
    )


def _admission_hours(schedules: Iterable[Mapping[str, Any]]) -> Any:
    notes = (each.get("notes") for each in schedules if each.get("description") == ADMISSION_HOURS)
    return next(notes, "")


def _service_lists(attributes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return slugs or names of terms; an attribute without a value means yes."""
    answers: dict[str, list[str]] = {"services_yes": [], "services_no": []}
    for attribute in attributes:
        term = attribute.get("taxonomy_term") or {}
        word = text_cell(term.get("code") or term.get("name")).replace(";", ",")
        value = text_cell(attribute.get("value")).casefold()
        if word and value in YES:
            answers["services_yes"].append(word)
        elif word and value in NO:
            answers["services_no"].append(word)
    return {column: "; ".join(words) for column, words in answers.items()}


def _credentials(credentials: Iterable[Any]) -> Iterator[dict[str, str]]:
    for credential in credentials:
        if isinstance(credential, Mapping):
            cells = {name: text_cell(credential.get(name)) for name in (*DETAILS, *ORIGIN)}
            yield {name: cell for name, cell in cells.items() if cell}


def _sources(
    metadata: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the list that states the service, and fact -> who found it, when and how."""
    stated: dict[str, str] = {}
    sources: dict[str, dict[str, str]] = {}
    for entry in metadata:
        fact, action = text_cell(entry.get("field_name")), text_cell(entry.get("last_action_type"))
        day = text_cell(entry.get("last_action_date"))[:10]
        if fact == SOURCE:
            source, _, edition = text_cell(entry.get("replacement_value")).rpartition(" ")
            stated = {"source": source, "edition": edition, "published_on": day}
            continue
        outcome, _, method = action.partition(" by ")
        if action == STATED:
            source, _, edition = text_cell(entry.get("updated_by")).rpartition(" ")
            sources[fact] = {"source": source, "edition": edition, "date": day}
            continue
        if not method:
            continue
        if outcome == "not_confirmed":
            sources.setdefault(fact, {})["could_not_be_confirmed_on"] = day
        else:
            sources.setdefault(fact, {}).update(
                {
                    "source": text_cell(entry.get("updated_by")),
                    "date": day,
                    "method": method,
                    "outcome": outcome,
                }
            )
    return stated, sources


def _is_yes(value: Any) -> bool:
    return text_cell(value).casefold() in ("true", "yes", "1")


# Files


def read_services(path: Path) -> Iterator[Any]:
    """Yield the services of a file or folder, each with all that belongs to it."""
    if path.is_dir() or path.suffix.lower() == ".zip":
        yield from join_tabular_services(_read_package(path))
        return
    is_by_lines = path.suffix.lower() in (".ndjson", ".jsonl")
    file_reading.require_modest_json(file_reading.require_readable(path), is_by_lines=is_by_lines)
    try:
        if is_by_lines:
            with path.open(encoding="utf-8") as lines:
                yield from (json.loads(line) for line in lines if line.strip())
            return
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnusableFile(f"{path.name} is not JSON: {error}.") from error
    if isinstance(content, dict):
        content = content.get("contents", [content])
    if not isinstance(content, list):
        raise UnusableFile(f"{path.name} is no service and no list of services.")
    yield from content


def _read_package(path: Path) -> Tables:
    """Read the tables of a package, a folder or a zip file."""
    names = (*SINGLE_TABLES, *TABLES)
    try:
        if path.is_dir():
            files = {name: path / f"{name}.csv" for name in names}
            return {
                name: _read_table(name, file.open(encoding="utf-8-sig", newline=""))
                for name, file in files.items()
                if file.is_file()
            }
        with zipfile.ZipFile(path) as archive:
            present = {Path(entry.filename).name: entry for entry in archive.infolist()}
            if sum(entry.file_size for entry in present.values()) > LARGEST_TABLES:
                raise UnusableFile(f"{path.name} unpacks to more than 2 GB.")
            return {
                name: _read_table(name, _text_of(archive, present[f"{name}.csv"]))
                for name in names
                if f"{name}.csv" in present
            }
    except (OSError, zipfile.BadZipFile, csv.Error, UnicodeDecodeError) as error:
        raise UnusableFile(f"{path.name} is no package of HSDS: {error}.") from error


def _text_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> TextIO:
    return io.TextIOWrapper(archive.open(entry), encoding="utf-8-sig", newline="")


def _read_table(name: str, file: TextIO) -> dict[str, list]:
    owner = TABLES.get(name, "id")
    groups: dict[str, list] = {}
    with file:
        for row in csv.DictReader(file):
            kept: Any = row
            if name == "attributes":
                kept = tuple(sys.intern(row.get(column) or "") for column in ATTRIBUTE_COLUMNS)
            groups.setdefault(row.get(owner) or "", []).append(kept)
    return groups


def join_tabular_services(tables: Tables) -> Iterator[dict[str, Any]]:
    """Join tables into services with all that belongs to each, as an API returns them."""
    if not tables.get("services"):
        raise UnusableFile("The package has no services.csv.")
    empty: dict[str, list] = {}
    groups = {name: tables.get(name, empty) for name in (*SINGLE_TABLES, *TABLES)}
    for key, (service, *_repeated) in groups["services"].items():
        yield {
            **service,
            **{name: groups[name].get(key, []) for name in OWN_TABLES},
            "attributes": [
                {"value": value, "taxonomy_term": _first(groups["taxonomy_terms"].get(term))}
                for term, value in groups["attributes"].get(key, ())
            ],
            "service_at_locations": [
                {
                    "location": {
                        **_first(groups["locations"].get(each.get("location_id", ""))),
                        "addresses": groups["addresses"].get(each.get("location_id", ""), []),
                    }
                }
                for each in groups["service_at_location"].get(key, ())
            ],
        }


def _first(rows: list | None) -> dict[str, Any]:
    return rows[0] if rows else {}


def _edition_of(path: Path) -> str:
    """Return the day on which a package says that it was made; "" of any other file."""
    try:
        if path.is_dir():
            with (path / "datapackage.json").open("rb") as description:
                package = json.loads(description.read(LARGEST_DESCRIPTION))
        elif path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive, archive.open("datapackage.json") as description:
                package = json.loads(description.read(LARGEST_DESCRIPTION))
        else:
            return ""
    except (OSError, KeyError, ValueError, RecursionError, zipfile.BadZipFile):
        return ""
    return text_cell(package.get("created"))[:10] if isinstance(package, dict) else ""
