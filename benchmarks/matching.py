"""How well rows of one edition are matched with the facilities of another, by labelled pairs.

``python -m benchmarks.matching WORKBOOK_2022 WORKBOOK_2023 COORDINATES`` prints precision and
recall. With ``--splink PYTHON``, an interpreter whose environment has splink, the same records
are linked by splink in the same run.

Most labels follow from the files: a row of either edition with the same name, program, street and
ZIP code is one facility. Then what the pair shares is hidden or changed in the row as real files
change it, and a fifth of the facilities are removed, so that joining their rows to anything is
wrong. The hard labels are pairs that a person judged, ``tests/imports/judged_pairs.csv``, with
their rows unchanged. Joins of rows without a label count for nothing.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
django.setup()

from facilities.geo import Point  # noqa: E402
from facilities.imports.record_linkage import MatchReader  # noqa: E402
from facilities.imports.row_matching import RowMatching, match_rows  # noqa: E402
from facilities.matching.similarity import MatchFeatures  # noqa: E402
from facilities.places.tables import zip_code_table  # noqa: E402
from facilities.sources.coordinates import add_positions, read_coordinates  # noqa: E402
from facilities.sources.rows import FacilityRow, Position  # noqa: E402
from facilities.sources.samhsa_directory import read_directory  # noqa: E402

SEED = 2023
REMOVED_SHARE = 0.2
GOAL_PRECISION = 0.995
GOAL_RECALL = 0.9
JUDGED = Path(__file__).parent.parent / "tests/imports/judged_pairs.csv"
SPLINK = Path(__file__).parent / "inside/splink_links.py"
Change = Callable[[FacilityRow, random.Random], FacilityRow]


def change_zip(row: FacilityRow, chance: random.Random) -> FacilityRow:
    """Another ZIP code of the region, as when the Postal Service's and a P.O. box's differ."""
    return replace(row, zip=f"{row.zip[:3]}{chance.randrange(100):02}")


def change_phone(row: FacilityRow, chance: random.Random) -> FacilityRow:
    return replace(row, phone=f"{chance.randrange(200, 1000)}-555-{chance.randrange(100, 200):04}")


def change_suite(row: FacilityRow, chance: random.Random) -> FacilityRow:
    return replace(row, street=f"{row.street}, Suite {chance.randrange(1, 900)}")


def change_name(row: FacilityRow, chance: random.Random) -> FacilityRow:
    """Two letters swapped, or a legal form added."""
    at = chance.randrange(1, max(2, len(row.name) - 2))
    swapped = f"{row.name[:at]}{row.name[at : at + 2][::-1]}{row.name[at + 2 :]}"
    return replace(row, name=chance.choice((swapped, f"{row.name} LLC")))


def hide_street(row: FacilityRow, chance: random.Random) -> FacilityRow:
    return replace(row, street="", street2="")


def hide_position(row: FacilityRow, chance: random.Random) -> FacilityRow:
    return replace(row, position=None)


def move_position(row: FacilityRow, chance: random.Random) -> FacilityRow:
    """Up to 25 m in either direction, as two geocoders differ."""
    if row.position is None:
        return row
    point, spread = row.position.point, 0.00022
    moved = Point(
        point.latitude + chance.uniform(-spread, spread),
        point.longitude + chance.uniform(-spread, spread),
    )
    return replace(row, position=Position(moved, row.position.origin))


CHANGES: Mapping[str, tuple[Change, ...]] = {
    "nothing": (),
    "ZIP": (change_zip,),
    "ZIP and phone": (change_zip, change_phone),
    "ZIP, suite and name": (change_zip, change_suite, change_name),
    "phone and name": (change_phone, change_name),
    "street hidden": (hide_street,),
    "street hidden, position moved": (hide_street, move_position),
    "street hidden, phone": (hide_street, change_phone),
    "street and position hidden, phone": (hide_street, hide_position, change_phone),
    "ZIP, street and position hidden": (change_zip, hide_street, hide_position),
}


@dataclass(frozen=True)
class LabelledRecords:
    """``labels``: row number -> the facility that it is, or None if that is none of ``known``.

    ``different``: judged pairs of a row and a facility that it is not. ``kinds``: row number ->
    what was changed in it.
    """

    known: list[MatchFeatures]
    rows: list[MatchFeatures]
    labels: Mapping[int, int | None]
    different: frozenset[tuple[int, int]]
    kinds: Mapping[int, str]


def label_records(before: Iterable[FacilityRow], now: Iterable[FacilityRow]) -> LabelledRecords:
    chance, reader = random.Random(SEED), MatchReader(zip_code_table())
    before, now = list(before), list(now)
    judged = read_judged()
    same = {row: facility for row, facility, verdict in judged if verdict == "same"}
    held_out = {row for row, _, _ in judged} | {facility for _, facility, _ in judged}
    labels: dict[int, int | None] = {}
    kinds: dict[int, str] = {}
    changed: dict[int, FacilityRow] = {}
    removed = set()
    for number, (old, new) in enumerate(identical_rows(before, now)):
        if new.row_number in same or old.row_number in same.values():
            continue
        kind = list(CHANGES)[number % len(CHANGES)]
        for change in CHANGES[kind]:
            new = changed[new.row_number] = change(changed.get(new.row_number, new), chance)
        kinds[new.row_number] = kind
        labels[new.row_number] = old.row_number
        if chance.random() < REMOVED_SHARE and old.row_number not in held_out:
            removed.add(old.row_number)
            labels[new.row_number] = None
    labels |= same
    kinds |= dict.fromkeys(same, "judged by hand")
    return LabelledRecords(
        known=[reader.features(row.row_number, row) for row in before
               if row.row_number not in removed],
        rows=[reader.features(row.row_number, changed.get(row.row_number, row)) for row in now],
        labels=labels,
        different=frozenset((row, old) for row, old, verdict in judged if verdict == "different"),
        kinds=kinds,
    )  # fmt: skip


def read_judged() -> list[tuple[int, int, str]]:
    """Return (row of 2023, row of 2022, verdict)."""
    with JUDGED.open(newline="") as table:
        return [
            (int(pair["row_2023"]), int(pair["row_2022"]), pair["verdict"])
            for pair in csv.DictReader(table)
        ]


def identical_rows(
    before: list[FacilityRow], now: list[FacilityRow]
) -> Iterator[tuple[FacilityRow, FacilityRow]]:
    """Yield the pairs whose name, program, street and ZIP each edition has exactly once."""
    groups: dict[tuple, tuple[list[FacilityRow], list[FacilityRow]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((before, now)):
        for row in rows:
            groups[MatchFeatures.of(0, row).identity][side].append(row)
    for old, new in groups.values():
        if len(old) == len(new) == 1:
            yield old[0], new[0]


@dataclass(frozen=True)
class MatchScore:
    """Joins of labelled rows, counted."""

    correct: int
    wrong: int
    missed: int
    recall_by_kind: Mapping[str, float]

    @property
    def precision(self) -> float:
        return self.correct / max(1, self.correct + self.wrong)

    @property
    def recall(self) -> float:
        return self.correct / max(1, self.correct + self.missed)

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.4f}  recall {self.recall:.4f}  "
            f"({self.correct:,} right, {self.wrong:,} wrong, {self.missed:,} missed)"
        )


def score_pairs(pairs: Mapping[int, int], records: LabelledRecords) -> MatchScore:
    """Count the joins. A label that another join took is missed as well as joined wrongly."""
    correct = wrong = missed = 0
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row, facility in records.labels.items():
        joined = pairs.get(row)
        wrong += joined is not None and joined != facility
        if facility is not None:
            total[records.kinds[row]] += 1
            right[records.kinds[row]] += joined == facility
            correct += joined == facility
            missed += joined != facility
    wrong += sum(pairs.get(row) == facility for row, facility in records.different)
    return MatchScore(correct, wrong, missed, {kind: right[kind] / total[kind] for kind in total})


def link_with_splink(python: str, records: LabelledRecords) -> list[tuple[float, int, int]]:
    """Return (probability, row, facility) of all links that splink proposes, likeliest first."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "known.csv", Path(folder) / "rows.csv"]
        for path, features in zip(paths, (records.known, records.rows), strict=True):
            write_records(path, features)
        done = subprocess.run(
            [python, str(SPLINK), *map(str, paths)], stdout=subprocess.PIPE, text=True, check=True
        )
    links = csv.reader(done.stdout.splitlines())
    return sorted(
        ((float(chance), int(row), int(known)) for row, known, chance in links), reverse=True
    )


def write_records(path: Path, records: Iterable[MatchFeatures]) -> None:
    """Write what splink compares: the same normalized fields that our matching compares."""
    fields = ("key", "name", "program", "street", "zip", "state", "phone", "latitude", "longitude")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        for each in records:
            exact = each.point if each.is_exact else None
            writer.writerow(
                [each.key, each.plain_names[0], each.program_name, each.plain_street, each.zip,
                 each.state, each.phone, exact and exact.latitude, exact and exact.longitude]
            )  # fmt: skip


def one_to_one(links: Iterable[tuple[float, int, int]], least: float) -> dict[int, int]:
    """Take the likeliest links, each row and each facility once."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for chance, row, facility in links:
        if chance >= least and row not in pairs and facility not in taken:
            pairs[row] = facility
            taken.add(facility)
    return pairs


def print_splink(links: list[tuple[float, int, int]], records: LabelledRecords) -> None:
    """Print splink's score at its usual thresholds, and where its precision reaches the goal."""
    scores = {
        least: score_pairs(one_to_one(links, least), records)
        for least in (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
    }
    for least, score in scores.items():
        print(f"splink at {least:<9}  {score}")
    reached = [score for score in scores.values() if score.precision >= GOAL_PRECISION]
    if reached:
        best = max(reached, key=lambda score: score.recall)
        print(f"splink at precision {GOAL_PRECISION}: recall {best.recall:.4f}")
    else:
        print(f"splink reaches precision {GOAL_PRECISION} at none of these thresholds")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("now", type=Path)
    parser.add_argument("coordinates", type=Path)
    parser.add_argument("--splink", metavar="PYTHON", help="an interpreter that has splink")
    options = parser.parse_args()
    positions = read_coordinates(options.coordinates)
    before, now = (
        add_positions(positions, read_directory(path, edition=edition))[0].rows
        for path, edition in ((options.before, "2022"), (options.now, "2023"))
    )
    records = label_records(before, now)
    start = time.process_time()
    matching: RowMatching = match_rows(records.rows, records.known)
    seconds = time.process_time() - start
    score = score_pairs(matching.pairs, records)
    waiting = sum(row in records.labels for row in matching.ambiguous)
    print(f"{len(records.labels):,} labelled rows of {len(records.rows):,}")
    print(f"our matching         {score}  {waiting:,} wait for a person, {seconds:.2f} s CPU")
    for kind, recall in score.recall_by_kind.items():
        print(f"    recall {recall:.4f}  changed: {kind}")
    if options.splink:
        print_splink(link_with_splink(options.splink, records), records)
    is_reached = score.precision >= GOAL_PRECISION and score.recall >= GOAL_RECALL
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
