"""What the loading commands share: options, progress, and errors in one sentence."""

import gc
import sys
from contextlib import contextmanager
from functools import partial

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError
from tqdm import tqdm

from ..resolution.changes import ImportRefused
from ..sources.rows import UnusableFile


def add_load_options(parser) -> None:
    parser.add_argument(
        "--partial", action="store_true", help="the file covers only a part: withdraw nothing"
    )
    parser.add_argument(
        "--allow-withdrawals",
        action="store_true",
        help="load it even if it leaves out more than 15 %% of the listed facilities",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="report what would change; write nothing"
    )


def progress_bar(label: str):
    """Return a function that wraps an iterable in a progress bar, if stderr is a terminal."""
    is_hidden = not sys.stderr.isatty()
    return partial(tqdm, desc=label, unit=" rows", file=sys.stderr, disable=is_hidden)


def print_step_on_terminal(label: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{label} ...\n")


def describe_duplicates(number: int) -> str:
    """Say how many pairs of a new facility and a known one a search after a load found."""
    return f"{number:,} likely pairs of a new facility and a known one, on the staff's site."


@contextmanager
def command_errors():
    """Turn what stops a load into a CommandError of one sentence, without a traceback.

    Garbage collection is off meanwhile: a load makes a million objects that live to its end, and
    looking for garbage among them takes an eighth of its time.
    """
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    except (UnusableFile, ImportRefused) as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        raise CommandError(
            f"The database is busy or cannot be written ({error}). Nothing was changed."
        ) from error
    except DatabaseError as error:
        raise CommandError(f"The database refused a row ({error}). Nothing was changed.") from error
    finally:
        if is_collecting:
            gc.enable()
