"""Loads that end badly leave the database as it was: killed, disk full, two at once."""

import os
import subprocess
import sys
import uuid

import pytest

from ..support.factories import make_cells, write_directory
from ..support.real_data import ROOT

HOUSES = [
    make_cells(name1=f"House {number}", street1=f"{number} Main Street", phone="")
    for number in range(300)
]
# Kills itself after the facilities are written and before their rows are.
KILLED_WHILE_WRITING = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from facilities.imports import load
load.store_file_rows = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
call_command("load_directory", sys.argv[1])
"""
# Lets the file grow by a few pages, as a disk that is nearly full does.
FULL_DISK = """
import sys, django
django.setup()
from django.core.management import CommandError, call_command
from django.db import connection
with connection.cursor() as cursor:
    pages = cursor.execute("PRAGMA page_count").fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {pages + 20}")
try:
    call_command("load_directory", sys.argv[1])
except CommandError as error:
    print(error)
"""
COUNTS = """
import django
django.setup()
from facilities.models import DataVersion, Facility, Release, SourceRow
models = (Facility, Release, SourceRow, DataVersion)
print(*(model.objects.count() for model in models))
"""


@pytest.fixture
def run(databases, django_db_setup):
    """Run Python in the environment of an installation of its own, with no facilities."""
    database_url = databases.new_address("tables", f"installation_{uuid.uuid4().hex[:8]}")
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "directory.settings",
        "SECRET_KEY": "a-key-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-0123",
    }

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    return start


@pytest.fixture
def workbook(tmp_path):
    return write_directory(tmp_path / "directory-2023.xlsx", HOUSES)


def said(process) -> str:
    return process.communicate(timeout=90)[0]


@pytest.mark.subprocess
class TestLoad:
    def test_that_is_killed_leaves_nothing_behind(self, run, workbook):
        killed = run("-c", KILLED_WHILE_WRITING, workbook)

        assert killed.wait(90) == -9
        assert said(run("-c", COUNTS)).split() == ["0", "0", "0", "0"]

    def test_goes_well_after_one_was_killed(self, run, workbook):
        run("-c", KILLED_WHILE_WRITING, workbook).wait(90)

        assert "Loaded." in said(run("manage.py", "load_directory", workbook))
        assert said(run("-c", COUNTS)).split() == ["300", "1", "300", "1"]

    def test_of_one_file_twice_at_once_is_one_load(self, run, workbook):
        both = [run("manage.py", "load_directory", workbook) for _ in range(2)]

        answers = sorted(said(process) for process in both)

        assert [process.returncode for process in both] == [0, 0], answers
        assert sum("Loaded." in answer for answer in answers) == 1
        assert sum("Nothing changed" in answer for answer in answers) == 1
        assert said(run("-c", COUNTS)).split() == ["300", "1", "300", "1"]


@pytest.mark.subprocess
class TestFullDisk:
    @pytest.mark.sqlite
    def test_leaves_nothing_behind_and_is_named(self, run, workbook):
        answer = said(run("-c", FULL_DISK, workbook))

        assert "full" in answer
        assert "Nothing was changed." in answer
        assert said(run("-c", COUNTS)).split() == ["0", "0", "0", "0"]
