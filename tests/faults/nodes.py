"""Nodes of a site on replicated PostgreSQL: one that writes, one beside each replica that reads."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..support.live_server import gunicorn
from ..support.real_data import ROOT
from ..support.replication import PostgreSQLServer, address, primary_server, replica_of

TOKEN = "a-token-of-a-monitor-0123456789-abcdef"
PAGES = ("/search/?place=TX", "/search/?place=CA&sort=name", "/quality/", "/")
PATIENCE = 30  # seconds, of a busy machine
SAVE = """
import time
from django.utils import timezone
from facilities.facts.findings import FactCheck
from facilities.models import Facility
from tests.support.two_people import record_seconded
facility = Facility.objects.listed().order_by("pk").first()
check = FactCheck("name", "corrected", value={name!r})
record_seconded(facility, [check], by=None, now=timezone.now())
print(time.time(), facility.get_absolute_url(), flush=True)
"""


@dataclass
class Node:
    """A served node, and the environment that its commands run in."""

    url: str
    environment: dict[str, str]

    def fetch(self, path: str, data: bytes | None = None) -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, data=data)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def is_ready(self) -> bool:
        return self.fetch("/readyz")[0] == 200

    def said_of(self, check: str) -> str:
        """What /readyz tells of one check."""
        found = re.search(
            rf'"{check}",\s*"level": "(\w+)",\s*"text": "(.*)"', self.fetch("/readyz")[1]
        )
        return " ".join(found.groups()) if found else ""

    def answers(self) -> dict[str, list[str]]:
        """The facilities of each page, in their order."""
        return {path: facilities_of(*self.fetch(path)) for path in PAGES}

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def save_name(self, name: str) -> tuple[float, str]:
        """Check a facility's name; return when that was saved, and the page that shows it."""
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", SAVE.format(name=name)]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            saved_at, path = process.stdout.readline().split()
            process.kill()  # what is left is the end of the process
        return float(saved_at), path


def facilities_of(status: int, text: str) -> list[str]:
    assert status == 200
    return re.findall(r'href="(/facility/[^"?#]*)', text)


@dataclass
class Site:
    primary: PostgreSQLServer
    replicas: tuple[PostgreSQLServer, PostgreSQLServer]
    writer: Node
    readers: tuple[Node, Node]

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (self.writer, *self.readers)


@contextmanager
def replicated_site(folder: Path) -> Iterator[Site]:
    """A primary with two replicas, a write node with its heartbeat, and two read nodes."""
    common = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "STATUS_TOKEN": TOKEN,
        "UPLOAD_ROOT": str(folder),
    }
    with ExitStack() as stack:
        primary = stack.enter_context(primary_server())
        first_only = common | {"DATABASE_URL": address(primary, wanted="primary")}
        for words in (["migrate", "-v0"], ["load_places"], ["load_demonstration"]):
            Node("", first_only).manage(*words)
        first, second = (
            stack.enter_context(replica_of(primary, name)) for name in ("first", "second")
        )
        write = common | {"DATABASE_URL": address(primary, first, second, wanted="primary")}
        heartbeat = subprocess.Popen([sys.executable, "manage.py", "beat"], cwd=ROOT, env=write)
        stack.callback(heartbeat.wait)
        stack.callback(heartbeat.kill)
        writer = Node(stack.enter_context(gunicorn(write, folder / "writer.log")), write)
        readers = []
        for own, other in ((first, second), (second, first)):
            url = address(own, other, primary, wanted="prefer-standby")
            read = common | {"DATABASE_URL": url, "READ_ONLY": "yes", "WRITES_ELSEWHERE": "yes"}
            readers.append(Node(stack.enter_context(gunicorn(read, folder / f"{own}.log")), read))
        yield Site(primary, (first, second), writer, tuple(readers))


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Wait for a condition; return how long it took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        with suppress(OSError):
            if condition():
                return time.monotonic() - start
        time.sleep(0.05)
    raise AssertionError(f"After {seconds} seconds still not: {what}")
