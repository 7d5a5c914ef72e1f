"""How the loading commands speak to the person at the terminal."""

import gc
import sys
from contextlib import contextmanager
from functools import partial

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError
from tqdm import tqdm

from ..resolution.settle import ImportRefused
from ..sources.rows import UnusableFile


def add_options(parser) -> None:
    """The options that every loading command has."""
    parser.add_argument(
        "--partial", action="store_true", help="the file covers a part: withdraw nothing"
    )
    parser.add_argument(
        "--allow-withdrawals", action="store_true", help="even if more than 15 %% are left out"
    )
    parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")


def progress_bar(label: str):
    """Wraps an iterable; shows a bar on a terminal and nothing elsewhere."""
    return partial(tqdm, desc=label, unit=" rows", file=sys.stderr,
                   disable=not sys.stderr.isatty())  # fmt: skip


def print_step(label: str) -> None:
    """Says on a terminal which step has begun."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{label} ...\n")


@contextmanager
def command_errors():
    """What stops a load is told in one sentence, without a traceback.

    A load makes a million objects that live to its end; looking for garbage among them costs an
    eighth of its time and finds nothing, so it waits.
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
