"""Setting up: the environment, copies before migrations, translations, starting and restarting."""

import datetime as dt
import os
import runpy
import socket
import sqlite3
import subprocess
import sys

import polib
import pytest
from django.core.management import get_commands

from directory.bootstrap import prepare, run, secret
from facilities.management.commands.compile_translations import compile_if_changed

from ..support.real_data import ROOT


class TestSecretKey:
    def test_is_written_once_and_for_its_owner_alone(self, tmp_path):
        path = tmp_path / "key"

        assert secret.write_once(path)
        first = path.read_text()

        assert not secret.write_once(path)
        assert path.read_text() == first
        assert len(first.strip()) >= 64
        assert path.stat().st_mode & 0o777 == 0o600


class TestCopyAside:
    def database(self, folder, content):
        path = folder / "site.sqlite3"
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS notes (text)")
            connection.execute("INSERT INTO notes VALUES (?)", [content])
        return path

    def test_holds_what_was_committed(self, tmp_path):
        database = self.database(tmp_path, "kept")

        copy = prepare.copy_aside(database, tmp_path / "backups", dt.datetime(2026, 1, 2, 3, 4, 5))

        assert copy.name == "site-20260102-030405.sqlite3"
        with sqlite3.connect(copy) as connection:
            assert connection.execute("SELECT text FROM notes").fetchall() == [("kept",)]

    def test_keeps_the_newest_five(self, tmp_path):
        database = self.database(tmp_path, "kept")

        for day in range(1, 8):
            prepare.copy_aside(database, tmp_path / "backups", dt.datetime(2026, 1, day))

        names = sorted(path.name for path in (tmp_path / "backups").iterdir())
        assert [name[5:13] for name in names] == [f"202601{day:02}" for day in range(3, 8)]


@pytest.mark.subprocess
class TestRenamedCommands:
    def test_are_refused_with_their_new_name(self):
        ended = subprocess.run(
            [sys.executable, "manage.py", "forget"], cwd=ROOT, capture_output=True, text=True
        )

        assert (ended.returncode, ended.stderr) == (1, "`forget` is now `delete_expired`.\n")

    def test_lead_to_commands_that_exist(self):
        renamed = runpy.run_path(str(ROOT / "manage.py"))["RENAMED"]

        assert renamed.keys().isdisjoint(get_commands())
        assert get_commands().keys() >= set(renamed.values())


@pytest.mark.subprocess
class TestMigration:
    """A database that lacks the newest migration of accounts stands for any older installation."""

    def python(self, folder, *words):
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "DJANGO_SETTINGS_MODULE": "directory.settings",
        }
        subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)

    def migrate(self, folder):
        lines = "import datetime, django; django.setup()\nfrom directory.bootstrap import prepare\n"
        self.python(folder, "-c", lines + "prepare.migrate(datetime.datetime.now())")

    def newest(self, database):
        with sqlite3.connect(database) as connection:
            applied = "SELECT max(name) FROM django_migrations WHERE app = 'auth'"
            return connection.execute(applied).fetchone()[0][:4]

    def test_follows_a_copy_of_the_database(self, tmp_path):
        self.python(tmp_path, "manage.py", "migrate", "auth", "0011", "--verbosity=0")

        self.migrate(tmp_path)

        [copy] = (tmp_path / "backups").iterdir()
        assert self.newest(copy) == "0011"
        assert self.newest(tmp_path / "site.sqlite3") == "0012"

    def test_that_is_not_pending_makes_no_copy(self, tmp_path):
        self.migrate(tmp_path)

        self.migrate(tmp_path)

        assert not (tmp_path / "backups").exists()


class TestTranslations:
    def test_compile_to_what_gettext_reads(self, tmp_path):
        source = tmp_path / "django.po"
        source.write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            'msgid "Search"\nmsgstr "Búsqueda"\n'
        )

        assert compile_if_changed(source, tmp_path / "django.mo")

        assert polib.mofile(str(tmp_path / "django.mo")).find("Search").msgstr == "Búsqueda"

    def test_are_left_alone_when_nothing_changed(self, tmp_path):
        source = tmp_path / "django.po"
        source.write_text('msgid "Search"\nmsgstr "Buscar"\n')
        compile_if_changed(source, tmp_path / "django.mo")

        assert not compile_if_changed(source, tmp_path / "django.mo")


class TestTrouble:
    """What stands in the way of ``make run`` is one sentence."""

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["--data", "no such file.xlsx"], "There is no file no such file.xlsx."),
            (["--coordinates", "tests/__init__.py"], "Coordinates are loaded together with"),
            (["--port", "http"], "The port must be a number from 1 to 65535, not 'http'."),
            (["--port", "70000"], "The port must be a number from 1 to 65535, not '70000'."),
        ],
    )
    def test_is_named(self, words, sentence):
        assert run.find_problem(run.parse_arguments(words)).startswith(sentence)

    @pytest.mark.subprocess
    def test_is_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ended = subprocess.run(
                [sys.executable, "-m", "directory.bootstrap.run", "--port", str(port)],
                cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip

        assert ended.returncode == 1
        assert ended.stderr == f"Port {port} is in use: choose another with PORT= (--port).\n"

    def test_is_nothing_for_a_file_with_spaces_in_its_path(self, tmp_path):
        file = tmp_path / "a directory" / "2023 edition.xlsx"
        file.parent.mkdir()
        file.touch()

        assert run.find_problem(run.parse_arguments(["--prepare-only", "--data", str(file)])) == ""
