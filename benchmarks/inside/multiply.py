"""Multiplies the facilities of a database until it holds ``ROWS``, each a jittered real one.

``python -m benchmarks.inside.multiply ROWS`` works on the database of DATABASE_URL, which holds
the real directory. Each copy of the country keeps the services, the city and the ZIP code of a
facility. It moves it by a few miles, gives it another street number and the name of another
facility, so that words are as frequent as they are, and the source row that says so. The same seed
makes the same copies.
"""

import json
import random
import re
import sys
import uuid
from collections.abc import Iterator
from itertools import count, islice

from django.db import connection, transaction

from facilities.curation.work_queue.risk_table import current_risk_table
from facilities.geo import Point, unit_vector
from facilities.models import DataVersion, Facility, SourceRow
from facilities.models.facility import primary_key_of, public_code_of
from facilities.resolution.bulk import analyze_tables, bulk_insert
from facilities.resolution.change_log import start_version
from facilities.text_normalization import normalize_text

SEED = 2023
BATCH = 10_000
JITTER = 0.08  # degrees: about five miles
# No area code begins with 0 or 1, so that nobody has the number of a copy.
MAX_COPIES = 200
NAMES = ("name", "program_name")
KEPT = [field.attname for field in Facility._meta.concrete_fields]


def multiply(rows: int) -> None:
    originals = list(Facility.objects.listed().order_by("pk").values_list(*KEPT, named=True))
    stated = {facility: (release, json.loads(raw)) for facility, release, raw in _source_rows()}
    missing = rows - len(originals)
    if missing > len(originals) * MAX_COPIES:
        sys.exit(f"At most {len(originals) * (MAX_COPIES + 1):,} rows can be made.")
    copies = islice(copied(originals, stated), max(0, missing))
    while batch := list(islice(copies, BATCH)):
        facilities, source_rows = zip(*batch, strict=True)
        with transaction.atomic():
            bulk_insert(Facility, facilities)
            bulk_insert(SourceRow, source_rows)
    analyze_tables(Facility, SourceRow)
    with transaction.atomic():  # a number is left out, so that everything is read anew
        start_version(DataVersion.lock().number + 2)
    current_risk_table()  # as a load does


def copied(originals: list, stated: dict) -> Iterator[tuple[dict, dict]]:
    """Yield facility and source row as columns, copy after copy of the whole country."""
    seeded = random.Random(SEED)
    codes = {facility.code for facility in originals}
    numbers = count(SourceRow.objects.order_by("-row_number").first().row_number + 1)
    for copy in range(MAX_COPIES):
        named = seeded.sample(originals, len(originals))
        # In the order of their keys, in which a database writes them fastest.
        identities = sorted(identity for _ in originals for identity in [new_uuid(seeded, codes)])
        for identity, facility, namesake in zip(identities, originals, named, strict=True):
            columns = jittered(facility, namesake, copy, seeded) | {
                "uuid": identity, "id": primary_key_of(identity), "code": public_code_of(identity),
            }  # fmt: skip
            yield columns, source_row(columns, *stated[facility.id], next(numbers))


def new_uuid(seeded: random.Random, codes: set[str]) -> uuid.UUID:
    while True:
        identity = uuid.UUID(int=seeded.getrandbits(128), version=4)
        code = public_code_of(identity)
        if code not in codes:
            codes.add(code)
            return identity


def jittered(facility, namesake, copy: int, seeded: random.Random) -> dict:
    columns = dict(zip(KEPT, facility, strict=True))
    columns |= {name: getattr(namesake, name) for name in NAMES}
    columns["name_key"] = normalize_text(f"{namesake.name} {namesake.program_name}")[:420]
    columns["street"] = re.sub(
        r"^\d+", lambda number: str(int(number[0]) + 2 * copy + 2), facility.street
    )
    if facility.phone:
        columns["phone"] = f"{copy:03d}{facility.phone[3:]}"
    if facility.latitude is not None:
        point = Point(
            min(90.0, max(-90.0, facility.latitude + seeded.uniform(-JITTER, JITTER))),
            min(180.0, max(-180.0, facility.longitude + seeded.uniform(-JITTER, JITTER))),
        )
        columns |= {"latitude": point.latitude, "longitude": point.longitude}
        columns |= dict(zip("xyz", unit_vector(point), strict=True))
    return columns


def source_row(columns: dict, release: int, raw: dict, number: int) -> dict:
    """The row of the file that states these columns."""
    stated = {
        "Name1": columns["name"], "Name2": columns["program_name"],
        "Street1": columns["street"], "Phone": columns["phone"],
    }  # fmt: skip
    position = [columns["latitude"], columns["longitude"], columns["position_origin"]]
    return {
        "release_id": release,
        "facility_id": columns["id"],
        "row_number": number,
        "candidate_ids": [],
        "raw": raw | stated,
        "position": None if columns["latitude"] is None else position,
    }


def _source_rows() -> list[tuple]:
    """Facility, release and raw row as text: read past the fields, which would parse each twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT facility_id, release_id, CAST(raw AS text) FROM facilities_sourcerow "
            "WHERE facility_id IS NOT NULL"
        )
        return cursor.fetchall()


if __name__ == "__main__":
    multiply(int(sys.argv[1]))
