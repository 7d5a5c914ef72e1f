"""Notices the processes that tests start, so that none does so without a marker that says it."""

import os
import socket
import sys

# What is started for a moment, whoever asks: the readers of uploads; git for lists; the name of
# the machine for a report of tests; what stops PostgreSQL after the last test, whichever that is.
ALLOWED = ("workbook_subprocess.py", "json_subprocess.py", "git", "uname", "pg_ctl")
MARKERS = ("browser", "server", "subprocess", "postgres", "real_data")

started: list[str] = []


def watch() -> None:
    """Note every process that this one starts from now on; Python cannot take it back."""
    sys.addaudithook(_note)


def _note(event: str, arguments: tuple) -> None:
    # Since Python 3.13 subprocess may start a program by posix_spawn: both events name it second.
    if event in ("subprocess.Popen", "os.posix_spawn"):
        words = arguments[1] if isinstance(arguments[1], list | tuple) else [arguments[1]]
        names = {os.path.basename(os.fsdecode(word)) for word in words[:3]}
        if names.isdisjoint(ALLOWED):
            started.append(" ".join(map(str, words)))
    elif event in ("os.fork", "os.forkpty", "os.system"):
        started.append(event)


def unmarked_process(markers: set[str]) -> str:
    """Say what a test with these markers started and should not have; forget what was started."""
    words = started[0] if started else ""
    started.clear()
    return "" if markers.intersection(MARKERS) else words


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
