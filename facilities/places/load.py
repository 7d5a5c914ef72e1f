"""The packaged tables as rows of Place, and the difference between them and the database."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from ..models.place import Place, PlaceKind
from .parsing import fold_place_name
from .tables import cities, counties, states, zips

FIELDS = [field.name for field in Place._meta.concrete_fields]
BATCH = 5_000  # Django cuts it down to what the engine takes in one statement
Row = tuple
Progress = Callable[[Iterable], Iterable]


@dataclass(frozen=True, slots=True)
class PlacesReport:
    """How many places were added, changed, removed and left as they were."""

    added: int
    changed: int
    removed: int
    unchanged: int


def load_places(*, progress: Progress = iter) -> PlacesReport:
    """Make the Place table equal to the packaged tables, in one transaction."""
    wanted = {row[0]: row for row in packaged_rows()}
    total = len(wanted)
    with transaction.atomic():
        changed, removed, unchanged = [], [], 0
        for row in Place.objects.values_list(*FIELDS).iterator(chunk_size=BATCH):
            packaged = wanted.pop(row[0], None)
            if packaged == row:
                unchanged += 1
            elif packaged is None:
                removed.append(row[0])
            else:
                changed.append(packaged)
        added = list(wanted.values())
        _delete([*removed, *(row[0] for row in changed)])
        _create([*changed, *added], progress)
    assert unchanged + len(changed) + len(added) == total
    return PlacesReport(len(added), len(changed), len(removed), unchanged)


def packaged_rows() -> Iterator[Row]:
    yield from _states()
    county_names = {}
    for row in counties():
        county_names[row.county_fips] = row.name
        yield _county(row)
    yield from (_city(row, county_names) for row in cities())
    yield from (_zip(row) for row in zips())


def _delete(codes: list[str]) -> None:
    for start in range(0, len(codes), BATCH):
        Place.objects.filter(pk__in=codes[start : start + BATCH]).delete()


def _create(rows: list[Row], progress: Progress) -> None:
    for start in progress(range(0, len(rows), BATCH)):
        batch = (Place(*row) for row in rows[start : start + BATCH])
        Place.objects.bulk_create(batch)


def _states() -> Iterator[Row]:
    for row in states():
        place = row.name, row.name_es, "", row.code, "", fold_place_name(row.name)
        yield f"state:{row.code}", PlaceKind.STATE.value, *place, *_point_and_people(row)


def _county(row) -> Row:
    place = row.name, "", "", row.state, row.county_fips, fold_place_name(row.name)
    return f"county:{row.county_fips}", PlaceKind.COUNTY.value, *place, *_point_and_people(row)


def _city(row, county_names: dict[str, str]) -> Row:
    key = fold_place_name(row.name)
    detail = county_names.get(row.county_fips, "") if row.homonymous else ""
    code = f"city:{row.state}:{key}" + (f":{row.county_fips}" if row.homonymous else "")
    place = row.name, "", detail, row.state, row.county_fips, key
    return code, PlaceKind.CITY.value, *place, *_point_and_people(row)


def _zip(row) -> Row:
    point = row.point
    position = (point.latitude, point.longitude) if point else (None, None)
    place = row.zip_code, "", row.city, row.state, row.county_fips, row.zip_code
    return f"zip:{row.zip_code}", PlaceKind.ZIP.value, *place, *position, 0


def _point_and_people(row) -> tuple[float, float, int]:
    return row.latitude, row.longitude, row.population
