"""Where SAMHSA's real files are: beside the project, or where SHARED_DATA says."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKBOOK_2023 = "samhsa/national-directory-su-facilities-2023.xlsx"
WORKBOOK_2022 = "samhsa/National_Directory_SA_Facilities_2022.xlsx"
COORDINATES = "samhsa/facility-coordinates.csv"


def folder() -> Path | None:
    """The folder of the real files, or nothing where it is absent."""
    path = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
    return path if path.is_dir() else None
