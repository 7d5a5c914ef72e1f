"""What the log of staff says of releases: written with the data, or not at all."""

import pytest
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.db import DatabaseError
from django.urls import reverse

from facilities.admin.releases import tasks
from facilities.imports.undo import undo_release
from facilities.models import Facility, Release

from ..support.accounts import staff_client
from ..support.background import run_jobs
from ..support.factories import TODAY
from ..support.release_upload import asked, send
from ..support.releases import house

pytestmark = pytest.mark.django_db
ALDER = house("Alder House")
UNDO = reverse("admin:facilities_release_undo")


@pytest.fixture
def administrator(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return staff_client("administrator")


def log_of_releases() -> list[tuple[int, str]]:
    entries = LogEntry.objects.filter(content_type__model="release").order_by("pk")
    return [*entries.values_list("action_flag", "user__username")]


class TestLog:
    def test_names_who_loaded_and_who_undid_a_release(self, administrator, tmp_path):
        asked(administrator, send(administrator, tmp_path, 2023, ALDER))
        administrator.post(UNDO, {"release": Release.objects.get().pk})
        run_jobs()

        assert Release.objects.count() == 0
        assert log_of_releases() == [(ADDITION, "administrator"), (DELETION, "administrator")]

    def test_of_a_load_goes_back_with_it(self, administrator, tmp_path, monkeypatch):
        def fail(form, release, *, by):
            assert log_of_releases() == [(ADDITION, "administrator")]
            raise DatabaseError

        monkeypatch.setattr(tasks, "record_conflict_decisions", fail)
        page = asked(administrator, send(administrator, tmp_path, 2023, ALDER))

        assert "Nothing was changed: try again." in page.text
        assert log_of_releases() == []
        assert not Release.objects.exists()
        assert not Facility.objects.exists()

    def test_that_cannot_be_written_keeps_the_release(self, administrator, tmp_path):
        asked(administrator, send(administrator, tmp_path, 2023, ALDER))

        def fail(result):
            raise DatabaseError

        with pytest.raises(DatabaseError):
            undo_release(today=TODAY, after_write=fail)

        assert Release.objects.count() == Facility.objects.count() == 1
