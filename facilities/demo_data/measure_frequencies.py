"""Measures the shares again when a profile or rule changes.

From the project's root, with SAMHSA's 2023 workbook:
``python -m facilities.demo_data.measure_frequencies WORKBOOK > shares.csv``
"""

import csv
import sys
from typing import TextIO

from openpyxl import load_workbook

from .consistency import CODES_BY_DEPTH
from .frequencies import frequencies_for
from .profiles import PROFILES


def measure_frequencies(workbook: str, out: TextIO) -> None:
    sheet = load_workbook(workbook, read_only=True)["Facilities List"]
    cells = [row[12] or "" for row in sheet.iter_rows(min_row=2, values_only=True)]
    rows = [frozenset(cell.replace("*", " ").split()) for cell in cells]
    measured = {profile.slug: frequencies_for(profile, rows) for profile in PROFILES}
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", *measured])
    writer.writerows(
        [code, *(shares[code] for shares in measured.values())] for code in CODES_BY_DEPTH
    )


if __name__ == "__main__":
    measure_frequencies(sys.argv[1], sys.stdout)
