"""Reads the JSON of one file on trial, in a process of its own that may take so much and no more.

Each two bytes of ``[[],[],…`` become sixty in memory. The file is opened after the limits are set:
if that fails, it ends this process, never a web worker. What passes is then read again.
"""

import gc
import json
import resource
import sys

MAX_MEMORY = 1_200_000_000  # bytes of address space; 90 MB of services take 700 MB
MAX_SECONDS = 60  # of processor time; the same take two
TOO_MUCH, NO_JSON = 3, 4


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # nothing here is garbage before the end
    path, is_by_lines = sys.argv[1], sys.argv[2] == "lines"
    try:
        with open(path, encoding="utf-8-sig") as file:  # as the most lenient reader does
            for text in file if is_by_lines else [file.read()]:
                if text.strip():
                    json.loads(text)
    except MemoryError:
        return TOO_MUCH
    except (ValueError, RecursionError):
        return NO_JSON  # whoever reads it says why
    return 0


if __name__ == "__main__":
    sys.exit(main())
