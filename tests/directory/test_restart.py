"""A restart loses no request: the socket unit holds the listener while the server is away."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..support.real_data import ROOT

REQUESTS_A_SECOND = 20
PATIENCE = 60  # seconds, of a busy machine
# What systemd does for a service with a socket unit: the listener is file 3 of the process.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *sys.argv[2:]])
"""


@contextmanager
def started(listener: socket.socket, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run gunicorn as directory.service does; end it as ``systemctl stop`` does."""
    unit = (ROOT / "docs" / "deployment" / "directory.service").read_text()
    options = unit.split("-m gunicorn ", 1)[1].splitlines()[0].split()
    command = [sys.executable, "-c", AS_SYSTEMD, str(listener.fileno()), *options]
    with log.open("a") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[listener.fileno()],
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield
    finally:
        server.terminate()
        assert server.wait(PATIENCE) == 0, log.read_text()


def status_of(port: int) -> int | str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/help-now/")
        return connection.getresponse().status
    except OSError as error:
        return repr(error)
    finally:
        connection.close()


@pytest.mark.server
def test_restart_under_load_loses_no_request(site_environment, tmp_path):
    log = tmp_path / "log"
    over = threading.Event()
    answers = []
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        port = listener.getsockname()[1]

        def visit():
            with ThreadPoolExecutor(64) as visitors:
                while not over.wait(1 / REQUESTS_A_SECOND):
                    answers.append(visitors.submit(status_of, port))

        with started(listener, os.environ | site_environment, log):
            assert status_of(port) == 200
            visiting = threading.Thread(target=visit)
            visiting.start()
            time.sleep(1)
        at_the_stop = len(answers)
        with started(listener, os.environ | site_environment, log):
            assert status_of(port) == 200
            time.sleep(1)
            over.set()
            visiting.join(PATIENCE)

    assert len(answers) > at_the_stop + REQUESTS_A_SECOND
    assert {answer.result() for answer in answers} == {200}
