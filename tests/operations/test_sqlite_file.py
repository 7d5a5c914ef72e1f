"""An SQLite file that is gone stays gone: nothing puts an empty database in its place."""

import os
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from django.core.exceptions import ImproperlyConfigured

from directory.sqlite_file import ExistingFile
from facilities.operations.sqlite_file import create_sqlite_file

from ..support.live_server import gunicorn
from ..support.real_data import ROOT


class TestConnection:
    def test_opens_a_file_that_is_there(self, tmp_path):
        (tmp_path / "site.sqlite3").touch()

        with closing(sqlite3.connect(tmp_path / "site.sqlite3", factory=ExistingFile)) as opened:
            assert opened.execute("SELECT 2").fetchone() == (2,)

    def test_makes_none(self, tmp_path):
        with pytest.raises(sqlite3.OperationalError, match="no database file"):
            sqlite3.connect(tmp_path / "site.sqlite3", factory=ExistingFile)

        assert not list(tmp_path.iterdir())


class TestNewFile:
    def test_is_made_once(self, tmp_path):
        file, note = tmp_path / "site.sqlite3", tmp_path / "note"
        create_sqlite_file(file, note)
        assert file.exists()
        file.unlink()

        with pytest.raises(ImproperlyConfigured, match="Is its disk mounted"):
            create_sqlite_file(file, note)

        assert not file.exists()

    def test_is_not_made_where_one_of_before_is_gone(self, tmp_path):
        """An older version, which wrote no note, made the file."""
        file, note = tmp_path / "site.sqlite3", tmp_path / "note"
        file.write_bytes(b"rows")
        create_sqlite_file(file, note)
        assert file.read_bytes() == b"rows"
        file.unlink()

        with pytest.raises(ImproperlyConfigured):
            create_sqlite_file(file, note)

    def test_is_made_after_its_line_in_the_note_is_deleted(self, tmp_path):
        file, note = tmp_path / "site.sqlite3", tmp_path / "note"
        create_sqlite_file(file, note)
        file.unlink()
        note.write_text("")

        create_sqlite_file(file, note)

        assert file.exists()


def fetch(url: str):
    """Return the answer, whatever its status."""
    try:
        return urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        return error


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    missing = tmp_path_factory.mktemp("not-mounted") / "site.sqlite3"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{missing}",
        "SQLITE_FILE": str(missing),
    }


@pytest.fixture(scope="module")
def url(environment, tmp_path_factory):
    with gunicorn(environment, tmp_path_factory.mktemp("log") / "log") as address:
        yield address


@pytest.mark.subprocess
class TestMissingFile:
    @pytest.mark.parametrize("path", ["/help-now/", "/es/help-now/", "/guides/", "/privacy/"])
    def test_leaves_what_needs_no_list(self, url, path):
        answer = fetch(url + path)

        assert answer.status == 200
        assert "988" in answer.read().decode()

    @pytest.mark.parametrize("path", ["/", "/search/?place=TX", "/facility/abcd2345/", "/quality/"])
    def test_makes_pages_of_the_list_503_with_help_lines(self, url, environment, path):
        answer = fetch(url + path)

        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "1-800-662-4357" in answer.read().decode()
        assert not os.path.exists(environment["SQLITE_FILE"])

    def test_takes_the_node_out_of_service(self, url):
        assert fetch(f"{url}/readyz").status == 503
        assert fetch(f"{url}/healthz").status == 200

    def test_is_not_made_by_a_timer(self, environment):
        done = subprocess.run(
            [sys.executable, "manage.py", "delete_expired"],
            cwd=ROOT, env=environment, capture_output=True, text=True,
        )  # fmt: skip

        assert done.returncode != 0
        assert "There is no database file" in done.stderr
        assert not os.path.exists(environment["SQLITE_FILE"])
