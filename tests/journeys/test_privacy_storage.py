"""What the server keeps of visitors: of looking nothing; in backups what was deleted since."""

import zipfile
from datetime import UTC, datetime

import pytest
from django.db import connection

from facilities.curation.reports import close_report
from facilities.models import Report
from facilities.operations import backup as archive

from ..support.factories import make_listing, make_report
from ..support.privacy_proofs import proves

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
URLENCODED = "application/x-www-form-urlencoded"
LOOKED_AT = (
    "/", "/search/?medication=buprenorphine&payment=medicaid", "/choose/", "/choose/?needs=alcohol",
    "/guides/", "/guides/medications/", "/how-it-works/", "/quality/", "/privacy/", "/help-now/",
    "/offline/", "/clear/", "/receipt/", "/worksheets/aftercare-plan/", "/update/", "/nowhere/",
)  # fmt: skip


def rows() -> dict[str, int]:
    """The number of rows of every table there is."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
        return counts


class TestLooking:
    @proves("no-record")
    def test_leaves_no_row_in_any_table(self, client):
        one, other = make_listing(), make_listing()
        codes = f"{one.code},{other.code}"
        pages = [f"/facility/{one.slug}/", f"/facility/{one.slug}/history/",
                 f"/facility/{one.slug}/report/", f"/compare/{codes}/", f"/call/{codes}/",
                 f"/handout/{codes}/"]  # fmt: skip
        before = rows()

        statuses = [client.get(page).status_code for page in (*LOOKED_AT, *pages)]
        cleared = client.post("/clear/", {}, URLENCODED, headers={"origin": "http://testserver"})

        assert statuses.count(200) >= 20
        assert cleared.status_code == 200
        assert rows() == before
        assert before["facilities_facility"] == 2


class TestBackups:
    @proves("backups")
    def test_hold_what_was_deleted_after_they_were_made(self, tmp_path):
        report = make_report(facility=make_listing(), contact="me@example.org")
        archive.write_backup(tmp_path / "backup.zip", NOW)

        close_report(report, state=Report.State.CONFIRMED, answer="", by=None, now=NOW)

        with zipfile.ZipFile(tmp_path / "backup.zip") as backup:
            texts = [backup.read(name).decode() for name in backup.namelist()]
        assert Report.objects.get().contact == ""
        assert any("me@example.org" in text for text in texts)
