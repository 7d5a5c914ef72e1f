"""Work that the processes of the tests do once for all of them."""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Names the folder that the processes of a run share, or of the two runs of ``python -m tests``.
SHARED_FOLDER = "TESTS_SHARED_FOLDER"


class Once:
    """Work that processes share: the first to need it does it, the others wait."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def result(self, name: str, work: Callable[[], Any]) -> Any:
        """Return what ``work`` returned in whichever process did it; it must be picklable."""
        done = self.folder / f"{name}.pickle"
        with self.turn(name):
            if not done.exists():
                done.write_bytes(pickle.dumps(work()))
        return pickle.loads(done.read_bytes())

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Let one process after the other do what stands under ``with``."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
