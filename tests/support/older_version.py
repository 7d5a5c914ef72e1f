"""Runs an older version on the schema of this one: ``python -m tests.support.older_version TAG``.

While an installation is updated the two live side by side: the schema is migrated first, and
servers restart afterwards. The older version reads what it wrote itself before the migration,
writes into an empty database of the new schema, and serves its pages from both.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .real_data import ROOT

PAGES = ("/", "/search/?place=10001", "/search/?place=Ohio", "/choose/", "/quality/", "/es/map/")
VISIT = f"""
from django.test import Client
from facilities.models import Facility
from django.urls import reverse
client = Client(raise_request_exception=False)
facility = Facility.objects.filter(status="listed").first() or Facility.objects.first()
for page in [*{PAGES!r}, facility.get_absolute_url()]:
    status = client.get(page, headers={{"host": "localhost"}}).status_code
    print(status, page)
    assert status == 200, page
"""


class Version:
    """A checkout, run with the database of ``database``."""

    def __init__(self, tree: Path, database: Path):
        self.tree = tree
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{database}",
            "DEBUG": "yes",
            "HTTPS": "no",
            "SECRET_KEY": "a-key-of-two-versions-0123456789-abcdefghijklmnopqrstuvwxyz",
            "STATIC_ROOT": str(database.parent / "static"),
        }

    def manage(self, *words: str) -> None:
        print(f"{self.tree.name}: {' '.join(words)[:70]}", flush=True)
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=self.tree, env=self.environment, check=True)


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """Check a commit out beside this checkout, for as long as it is looked at."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "older"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def check_older(commit: str) -> None:
    with checkout(commit) as tree, tempfile.TemporaryDirectory() as folder:
        filled, empty = Path(folder) / "filled.sqlite3", Path(folder) / "empty.sqlite3"
        older = Version(tree, filled)
        for words in (["migrate", "-v0"], ["make_roles"], ["load_places"], ["load_demonstration"]):
            older.manage(*words)
        Version(ROOT, filled).manage("migrate", "-v0")
        for words in (["recompute_facilities"], ["delete_expired"], ["find_duplicates"]):
            older.manage(*words)
        older.manage("shell", "--verbosity=0", "-c", VISIT)

        Version(ROOT, empty).manage("migrate", "-v0")
        older = Version(tree, empty)
        for words in (["make_roles"], ["load_places"], ["load_demonstration"]):
            older.manage(*words)
        older.manage("backup", str(Path(folder) / "backup.zip"))
        older.manage("shell", "--verbosity=0", "-c", VISIT)
    print(f"{commit} runs on the schema of this checkout.")


if __name__ == "__main__":
    check_older(*sys.argv[1:])
