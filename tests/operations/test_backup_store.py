"""Scheduled backups: where they go, how they are locked, how long they stay, trial restores."""

import datetime as dt
import sys
from io import StringIO

import pyrage
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command

from directory import env
from facilities.models import Facility, ScheduledTask
from facilities.operations.backup_store import outdated_backups, prune_backups, stored_backups

from ..support.factories import make_facility

NOW = dt.datetime(2026, 3, 4, 3, tzinfo=dt.UTC)


def name(days_ago: float) -> str:
    return f"directory-{NOW - dt.timedelta(days=days_ago):%Y%m%d-%H%M%S}.zip"


class TestPruning:
    def test_keeps_a_week_of_days_and_five_weeks_of_weeks(self):
        daily = {name(days): NOW - dt.timedelta(days=days) for days in range(100)}

        kept = set(daily) - set(outdated_backups(daily, NOW))

        # 4 March 2026 is a Wednesday; Sundays end the weeks before.
        sundays = (10, 17, 24, 31)
        assert kept == {name(days) for days in (*range(8), *sundays)}

    def test_keeps_the_newest_whatever_its_age(self):
        stored = {name(days): NOW - dt.timedelta(days=days) for days in (400, 500)}

        assert outdated_backups(stored, NOW) == [name(500)]

    def test_leaves_files_of_others_alone(self, tmp_path):
        storage = FileSystemStorage(tmp_path)
        for file in (name(0), name(300), "notes.txt", "directory-old.zip"):
            storage.save(file, ContentFile(b""))

        assert prune_backups(storage, NOW) == [name(300)]
        assert {path.name for path in tmp_path.iterdir()} == {
            name(0), "notes.txt", "directory-old.zip",
        }  # fmt: skip


@pytest.fixture
def place(settings, tmp_path, monkeypatch):
    """A folder that scheduled backups go to."""
    monkeypatch.setenv("BACKUP_URL", f"file://{tmp_path}/backups")
    settings.BACKUP_STORAGE = env.storage("BACKUP_URL")
    settings.STORAGES = settings.STORAGES | {"backups": settings.BACKUP_STORAGE}
    return tmp_path / "backups"


@pytest.mark.django_db
class TestScheduledBackup:
    def test_is_stored_for_its_owner_alone_and_leaves_a_stamp(self, place):
        call_command("backup", stdout=StringIO())

        (file,) = place.iterdir()
        assert file.name in stored_backups(storages["backups"])
        assert file.stat().st_mode & 0o077 == 0
        assert place.stat().st_mode & 0o077 == 0
        assert ScheduledTask.objects.filter(name=ScheduledTask.Name.BACKUP).exists()

    def test_leaves_no_stamp_where_it_could_not_be_stored(self, place):
        place.write_text("a file where the folder should be")

        with pytest.raises(CommandError, match="was not stored"):
            call_command("backup")

        assert not ScheduledTask.objects.exists()

    def test_can_be_read_with_the_secret_key_alone(self, place, settings, tmp_path):
        secret, other = (pyrage.x25519.Identity.generate() for _ in range(2))
        settings.BACKUP_KEY = str(secret.to_public())
        kept = make_facility(name="Kept House")
        call_command("backup", stdout=StringIO())
        (file,) = place.iterdir()
        assert b"Kept House" not in file.read_bytes()
        Facility.objects.update(name="Spoiled")
        for path, identity in (("right", secret), ("wrong", other)):
            (tmp_path / path).write_text(f"# a comment\n{identity}\n")

        def restore(**options):
            call_command("restore", file, replace=True, stdout=StringIO(), **options)

        with pytest.raises(CommandError, match="--identity"):
            restore()
        with pytest.raises(CommandError, match="cannot be opened"):
            restore(identity=tmp_path / "wrong")
        restore(identity=tmp_path / "right", verify=True)

        assert Facility.objects.get(pk=kept.pk).name == "Kept House"

    def test_needs_a_place(self, settings):
        settings.BACKUP_STORAGE = {}

        with pytest.raises(CommandError, match="BACKUP_URL"):
            call_command("backup")


@pytest.mark.django_db
class TestVerification:
    def test_finds_a_row_that_differs(self, tmp_path, monkeypatch):
        make_facility(name="Kept House")
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        load = "facilities.operations.backup.insert_rows"

        def lose_a_name(lines, model, columns, changes):
            insert_rows(lines, model, columns, changes)
            if model is Facility:
                Facility.objects.update(name="Kept Home")

        insert_rows = sys.modules["facilities.operations.backup"].insert_rows
        monkeypatch.setattr(load, lose_a_name)

        with pytest.raises(CommandError, match=r"differ from the backup's: facilities\.facility\."):
            call_command(
                "restore", tmp_path / "site.zip", replace=True, verify=True, stdout=StringIO()
            )

    @pytest.mark.slow
    @pytest.mark.subprocess
    def test_restores_elsewhere_and_touches_nothing_here(self, place):
        make_facility(name="Kept House")
        call_command("backup", stdout=StringIO())
        Facility.objects.update(name="Newer name")
        output = StringIO()

        call_command("verify_backup", stdout=output)

        assert "All rows are those of the backup." in output.getvalue()
        assert Facility.objects.get().name == "Newer name"
        assert ScheduledTask.objects.filter(name=ScheduledTask.Name.VERIFY_BACKUP).exists()

    @pytest.mark.subprocess
    def test_fails_at_a_damaged_file(self, place):
        call_command("backup", stdout=StringIO())
        (file,) = place.iterdir()
        file.write_bytes(file.read_bytes()[:-100])

        with pytest.raises(CommandError, match="damaged"):
            call_command("verify_backup", stdout=StringIO())

        assert not ScheduledTask.objects.filter(name=ScheduledTask.Name.VERIFY_BACKUP).exists()


class TestSettings:
    @pytest.mark.parametrize("address", ["/folder", "file://", "file://host/a", "s3://", "ftp://a"])
    def test_refuse_other_places(self, monkeypatch, address):
        monkeypatch.setenv("BACKUP_URL", address)

        with pytest.raises(ImproperlyConfigured, match="BACKUP_URL must look like"):
            env.storage("BACKUP_URL")

    def test_name_a_bucket_and_its_server(self, monkeypatch):
        monkeypatch.setenv("BACKUP_URL", "s3://kept/site/?endpoint=https://s3.example.org")

        options = env.storage("BACKUP_URL")["OPTIONS"]

        assert options["bucket_name"] == "kept"
        assert options["location"] == "site"
        assert options["endpoint_url"] == "https://s3.example.org"

    def test_refuse_the_secret_half_of_a_key_without_quoting_it(self, monkeypatch):
        secret = str(pyrage.x25519.Identity.generate())
        monkeypatch.setenv("BACKUP_KEY", secret)

        with pytest.raises(ImproperlyConfigured) as refusal:
            env.public_key("BACKUP_KEY")

        assert secret not in str(refusal.value)
