"""How long the search for likely duplicates takes, without a database.

``python benchmarks/duplicates.py WORKBOOK [--records 20000]`` takes the records of a workbook of
the directory and as many copies of them, moved to other ZIP codes with other phone numbers, as
make up that number. Prints what was compared, what was found and how long each step took.
"""

import argparse
import sys
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facilities.curation.duplicates.features import DuplicateFeatures
from facilities.curation.duplicates.pairing import candidate_pairs, find_likely_pairs
from facilities.sources.samhsa_directory import read_directory


def records(workbook: Path, number: int) -> list[DuplicateFeatures]:
    rows = read_directory(workbook).rows
    originals = [DuplicateFeatures.of(row.row_number, row) for row in rows]
    missing = max(0, number - len(originals))
    copies = (
        replace(each, key=-place, zip=f"x{each.zip}", phone=each.phone and f"x{each.phone}")
        for place, each in enumerate(islice(cycle(originals), missing), start=1)
    )
    return [*originals, *copies][:number]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--records", type=int, default=20_000)
    options = parser.parse_args()
    sights = records(options.workbook, options.records)
    start = time.perf_counter()
    compared = len(candidate_pairs(sights))
    blocked = time.perf_counter()
    found = find_likely_pairs(sights)
    print(f"{len(sights):,} records: {compared:,} pairs compared, {len(found):,} likely")
    print(f"blocks alone {blocked - start:.2f} s; the whole search "
          f"{time.perf_counter() - blocked:.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
