"""Reads one workbook in a process of its own and writes its cells to standard output.

A few bytes of a workbook can ask for gigabytes: two cells in opposite corners make calamine
allocate the whole rectangle between them. So the limits are set on the process before the file is
opened. If that fails, it ends this process, never a web worker.
"""

import pickle
import resource
import sys

from python_calamine import CalamineWorkbook

MAX_MEMORY = 1_000_000_000  # bytes of address space; a national workbook takes 80 MB
MAX_SECONDS = 60  # of processor time; a national workbook takes half a second
MAX_CELLS = 5_000_000  # of all sheets together, empty ones included
MAX_ROWS = 200_000  # of one sheet


def read_workbook_sheets(path: str) -> dict[str, list[list]]:
    """Return sheet name -> rows of cells. Raises ValueError if a sheet is too large."""
    book = CalamineWorkbook.from_path(path)
    sheets, cells = {}, 0
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MAX_ROWS:
            raise ValueError(f"its sheet {name} has more than {MAX_ROWS:,} rows")
        cells += sheet.total_height * sheet.total_width
        if cells > MAX_CELLS:
            raise ValueError(f"it has more than {MAX_CELLS:,} cells")
        sheets[name] = sheet.to_python(skip_empty_area=False)
    return sheets


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, list[list]] | str = read_workbook_sheets(sys.argv[1])
    except MemoryError:
        answer = "it needs too much memory"
    except Exception as error:  # CalamineError, ValueError: the parent says it in a sentence
        answer = str(error)
    pickle.dump(answer, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
