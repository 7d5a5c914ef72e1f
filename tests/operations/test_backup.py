"""Backup and restore: the same rows on either engine, and nothing lost by a bad file."""

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import uuid
import zipfile
from contextlib import closing
from io import StringIO

import psycopg2
import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command

from facilities.models import (
    Credential,
    DataVersion,
    Facility,
    Place,
    Release,
    SourceRow,
    Verification,
)
from facilities.models.facility import SERVICE_BITS, primary_key_of, public_code_of
from facilities.operations import backup as archive

from ..support.engines import new_database, server_in_environment
from ..support.factories import log_changes
from ..support.real_data import ROOT

MOMENT = dt.datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=dt.UTC)


def facility(*, name: str, **facts) -> Facility:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, name)
    fixed = {"id": primary_key_of(identity), "uuid": identity, "code": public_code_of(identity)}
    return Facility.objects.create(
        **fixed, **{"name": name, "city": "Austin", "state": "TX", "zip": "00601"} | facts
    )


@pytest.fixture
def installation(without_places, db):
    """One row of each kind, with the values that files tend to spoil."""
    Place.objects.create(code="state:TX", kind="state", name="Texas", key="texas")
    editor = User.objects.create_user("editor", password="a long password")
    editor.user_permissions.add(Permission.objects.get(codename="change_facility"))
    place = facility(
        name='Clínica "Sí" \u2028 & Sons',
        intake_phones=[{"number": "555-0100", "extension": ""}],
        service_bits_0=2**63 - 1,
        service_bits_5=-(2**63),
        latitude=30.267153,
        longitude=-97.7430608,
        x=0.1, y=0.2, z=1 / 3,
    )  # fmt: skip
    release = Release.objects.create(
        source="directory", edition="2023", published_on=dt.date(2023, 1, 1), sha256="0" * 64,
        file_name="a.xlsx",
    )  # fmt: skip
    Release.objects.update(loaded_at=MOMENT)
    SourceRow.objects.create(
        release=release, facility=place, row_number=2, raw={"name1": "=SUM(A1)"}
    )
    Verification.objects.create(
        facility=place, fact="phone", outcome="corrected", value_before=None, value_after="",
        method="phone", checked_by=editor, checked_at=MOMENT,
    )  # fmt: skip
    Credential.objects.create(
        facility=place, kind="license", issuer="State", checked_on=dt.date(2026, 2, 28)
    )
    return place


def everything() -> dict[str, list[dict]]:
    """Every row of every table of the app and of accounts, read by Django's own means."""
    kinds = (Credential, Facility, Release, SourceRow, User, Verification)
    return {kind.__name__: list(kind.objects.order_by("pk").values()) for kind in kinds}


class TestRestore:
    def test_brings_every_row_back_as_it_was(self, installation, tmp_path):
        before = everything()
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        facility(name="Added after the backup")
        Facility.objects.filter(pk=installation.pk).update(name="Spoiled")
        User.objects.all().delete()

        call_command("restore", tmp_path / "site.zip", replace=True, stdout=StringIO())

        assert everything() == before
        assert Release.objects.get().loaded_at == MOMENT

    def test_keeps_accounts_with_their_passwords_and_permissions(self, installation, tmp_path):
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())

        call_command("restore", tmp_path / "site.zip", replace=True, stdout=StringIO())

        editor = User.objects.get()
        assert editor.check_password("a long password")
        assert editor.has_perm("facilities.change_facility")

    def test_lets_new_rows_follow_the_old_ones(self, installation, tmp_path):
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        call_command("restore", tmp_path / "site.zip", replace=True, stdout=StringIO())

        User.objects.create_user("another")

        assert User.objects.count() == 2

    def test_makes_what_was_computed_from_other_rows_outdated(self, installation, tmp_path):
        log_changes()
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        log_changes()
        seen = DataVersion.current()

        call_command("restore", tmp_path / "site.zip", replace=True, stdout=StringIO())

        assert DataVersion.current().number > seen.number

    def test_refuses_to_replace_anything_unasked(self, installation, tmp_path):
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())

        with pytest.raises(CommandError, match="not empty.*--replace"):
            call_command("restore", tmp_path / "site.zip")


class TestBackup:
    def test_overwrites_no_file(self, installation, tmp_path):
        (tmp_path / "site.zip").write_text("precious")

        with pytest.raises(CommandError, match="exists already"):
            call_command("backup", tmp_path / "site.zip")

        assert (tmp_path / "site.zip").read_text() == "precious"

    def test_leaves_no_half_a_file(self, installation, tmp_path, monkeypatch):
        def full_disk(*arguments):
            raise OSError("No space left on device")

        monkeypatch.setattr(archive, "write_table", full_disk)

        with pytest.raises(CommandError, match="not written: No space left"):
            call_command("backup", tmp_path / "site.zip")

        assert list(tmp_path.iterdir()) == []

    def test_is_for_its_owner_alone(self, installation, tmp_path):
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())

        assert (tmp_path / "site.zip").stat().st_mode & 0o777 == 0o600


def rewritten(path, name, change):
    """A copy of a backup with one member changed."""
    copy = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for member in source.namelist():
            text = source.read(member).decode()
            target.writestr(member, change(text) if member == name else text)
    return copy


def newer(text):
    manifest = json.loads(text)
    manifest["migrations"].append("facilities.9999_later")
    return json.dumps(manifest)


class TestUnusableFile:
    @pytest.fixture
    def backup(self, installation, tmp_path):
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        return tmp_path / "site.zip"

    def assert_refused(self, path, sentence):
        before = everything()

        with pytest.raises(CommandError, match=sentence):
            call_command("restore", path, replace=True)

        assert everything() == before

    def test_is_one_that_was_cut(self, backup):
        backup.write_bytes(backup.read_bytes()[:-2000])

        self.assert_refused(backup, "damaged")

    def test_is_one_with_a_flipped_bit(self, backup):
        content = bytearray(backup.read_bytes())
        with zipfile.ZipFile(backup) as archived:
            rows = archived.getinfo("facilities.facility.jsonl")
        content[rows.header_offset + 30 + len(rows.filename) + rows.compress_size // 2] ^= 1
        backup.write_bytes(content)

        self.assert_refused(backup, "damaged")

    def test_is_one_whose_rows_were_changed(self, backup):
        copy = rewritten(backup, "facilities.facility.jsonl", lambda text: text.replace("TX", "OK"))

        self.assert_refused(copy, "rows of facilities.facility are not those that were written")

    def test_is_one_of_a_newer_version(self, backup):
        copy = rewritten(backup, "manifest.json", newer)

        self.assert_refused(copy, r"newer version of this program \(facilities.9999_later\)")

    def test_is_no_backup_at_all(self, backup, tmp_path):
        (tmp_path / "letter.txt").write_text("Dear Sir or Madam")

        self.assert_refused(tmp_path / "letter.txt", "damaged or is not a backup")
        self.assert_refused(tmp_path / "nowhere.zip", "There is no file")


BITS = ", ".join(SERVICE_BITS)
COLUMNS = f"id, name, phone, city, zip, latitude, z, {BITS}, status"
FACILITIES = f"SELECT {COLUMNS} FROM facilities_facility ORDER BY id"


def facilities_in(address: str) -> list[tuple]:
    """All facilities, read without Django."""
    if address.startswith("sqlite:///"):
        opened = sqlite3.connect(address.removeprefix("sqlite:///"))
    else:
        opened = psycopg2.connect(address)
    with closing(opened) as connection:
        cursor = connection.cursor()
        cursor.execute(FACILITIES)
        return cursor.fetchall()


class TestOtherEngine:
    def manage(self, environment, *words):
        command = [sys.executable, "manage.py", *map(str, words)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

    def test_holds_the_same_facilities_after_a_restore(
        self, databases, postgresql_server, tmp_path, django_db_setup, django_db_blocker
    ):
        other = f"sqlite:///{tmp_path}/other.sqlite3"
        if not server_in_environment():
            other = new_database(postgresql_server)
        with django_db_blocker.unblock():
            databases.prepare("demonstration")
        here = os.environ | {"DATABASE_URL": databases.engine.address("demonstration")}
        elsewhere = os.environ | {"DATABASE_URL": other}

        self.manage(here, "backup", tmp_path / "site.zip")
        self.manage(elsewhere, "restore", tmp_path / "site.zip")  # makes the tables first

        assert len(facilities_in(other)) > 300
        assert facilities_in(other) == facilities_in(here["DATABASE_URL"])
