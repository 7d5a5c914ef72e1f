"""Real-life queries, each labeled by hand with what it asks for.

Nobody who wrote the rules wrote ``frozen.csv``: its labels are held by their hash. Their columns:
the place, filters, a name, words that no filter knows, the alert and the notices, as the README's
contract of addresses writes them. A place left empty with ``asks_where`` is one to ask for.
"""

import csv
import hashlib
from pathlib import Path

import pytest

from facilities.guidance.alerts import ALERTS
from facilities.places.gazetteer import resolve_place
from facilities.search.understanding import understand
from facilities.search.understanding.danger import find_alert

from ...support.factories import make_facility

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent.parent / "queries"
# The share of each file's rows that is understood exactly, at least.
SHARES = {
    "frozen.csv": 0.98,
    "open.csv": 0.95,
    "later.csv": 0.88,
    "round_1.csv": 0.95,
    "round_2.csv": 0.98,
    "round_3.csv": 0.95,
    "round_4.csv": 0.92,
    "round_5.csv": 0.95,
    "round_6.csv": 0.95,
    "round_7.csv": 0.95,
}
DANGERS = ("dangers.csv", *(f"round_{number}_dangers.csv" for number in range(1, 14)))
FROZEN = {
    "frozen.csv": "2074ccec171a10b0e567ba95218569552398c53ed414b9e358e958f1c0516f05",
    "round_7_dangers.csv": "7e885421cb90b562f8ed7e2014f5332f36cbc672f57d445d75ed7237d8b934e7",
}
MEANINGS = {alert.code: alert.meaning for alert in ALERTS} | {"": ""}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def named():
    """Facilities of the names that the queries look for."""
    for row in (row for file in SHARES for row in rows(file)):
        if row["name"]:
            for number in range(2):
                make_facility(name=row["name"].title(), city=f"Town {number}")


def are_same_places(text: str, label: str) -> bool:
    if text == label:
        return True
    found, wanted = resolve_place(text), resolve_place(label)
    if found.place and wanted.place:
        return found.place.code == wanted.place.code
    return bool(text and label) and found.choices == wanted.choices != ()


def differences(row: dict[str, str]) -> list[str]:
    """Return what is understood otherwise than labeled, in words."""
    understanding = understand(row["query"], row["language"])
    alert = MEANINGS[find_alert(row["query"])]
    filters = {
        f"{group}={slug}" for group, slugs in understanding.filters.items() for slug in slugs
    }
    found = {
        "filters": " ".join(sorted(filters)),
        "alert": alert,
        "notices": " ".join(sorted(set(understanding.notices) - ({"hours"} if alert else set()))),
    }
    if not alert:  # words of danger are never kept
        found |= {"name": understanding.name, "ignored": "|".join(understanding.ignored)}
    wanted = row | {
        column: " ".join(sorted(row[column].split())) for column in ("filters", "notices")
    }
    different = [
        f"{column}: {value!r} instead of {wanted[column]!r}"
        for column, value in found.items()
        if value.lower() != wanted[column].lower()
    ]
    place = understanding.place or (understanding.choices or ("",))[0]
    is_open = not row["place"] and (row["asks_where"] == "1" or alert)
    if not is_open and not are_same_places(place, row["place"]):
        different.append(f"place: {place!r} instead of {row['place']!r}")
    return different


@pytest.mark.parametrize(("name", "digest"), FROZEN.items())
def test_the_frozen_labels_are_those_that_were_written(name, digest):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(("name", "share"), SHARES.items())
def test_queries_are_understood_as_labeled(named, name, share):
    labeled = rows(name)
    wrong = {row["query"]: found for row in labeled if (found := differences(row))}

    assert len(wrong) <= (1 - share) * len(labeled), wrong


@pytest.mark.parametrize("name", DANGERS)
def test_every_danger_is_recognized_and_hardly_anything_else(name):
    labeled = rows(name)
    found = {row["query"]: MEANINGS[find_alert(row["query"])] for row in labeled}
    missed = [row for row in labeled if row["alert"] and found[row["query"]] != row["alert"]]
    harmless = [row["query"] for row in labeled if not row["alert"]]
    false_alarms = [query for query in harmless if found[query]]

    assert missed == []
    assert len(false_alarms) <= 0.01 * len(harmless), false_alarms


@pytest.mark.parametrize("name", SHARES)
def test_no_labeled_need_is_silently_dropped(named, name):
    """A filter that was asked for is either applied or told as unused, in 99 of 100 queries."""
    labeled = [row for row in rows(name) if not row["alert"]]
    dropped = {}
    for row in labeled:
        understanding = understand(row["query"], row["language"])
        found = {
            f"{group}={slug}" for group, slugs in understanding.filters.items() for slug in slugs
        }
        missing = set(row["filters"].split()) - found
        if missing and not understanding.ignored and not understanding.notices and not found:
            dropped[row["query"]] = missing

    assert len(dropped) <= 0.01 * len(labeled), dropped
