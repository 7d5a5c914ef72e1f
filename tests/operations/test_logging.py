"""The log tells what the site did, in counts, and nothing of who asked or what was typed."""

import logging

import pytest
from django.utils import timezone

from facilities.imports.undo import undo_release
from facilities.operations import backup
from facilities.operations.retention import delete_expired
from facilities.resolution.settle import ImportRefused

from ..support.factories import TODAY
from ..support.loading import HOUSES

pytestmark = pytest.mark.django_db

VISITOR = "203.0.113.77"
WORDS = "vivitrol"


@pytest.fixture(autouse=True)
def captured(caplog):
    """Capture what the site's own loggers say; they do not pass it on to the root logger."""
    ours = logging.getLogger("facilities")
    ours.addHandler(caplog.handler)
    yield
    ours.removeHandler(caplog.handler)


class TestWork:
    def test_a_load_and_its_undoing_tell_their_counts(self, run, caplog):
        run(HOUSES, edition="2023")
        undo_release(today=TODAY)

        loaded, undone = caplog.messages
        assert (
            loaded == "Loaded directory 2023: 7 rows, 7 facilities added, 0 changed, 0 withdrawn."
        )
        assert undone.endswith("7 facilities removed, 0 changed.")

    def test_a_refused_load_tells_why(self, run, caplog):
        run(HOUSES, edition="2022")

        with pytest.raises(ImportRefused):
            run(HOUSES[:2], edition="2023")

        assert caplog.messages[-1] == (
            "Refused to load directory 2023: it leaves out 5 of 7 facilities."
        )

    def test_a_backup_and_the_daily_deletion_tell_their_counts(self, run, caplog, tmp_path):
        run(HOUSES)
        backup.write(tmp_path / "site.zip", timezone.now())
        delete_expired(timezone.now())

        _loaded, written, deleted = caplog.messages
        assert written.startswith("Wrote a backup: ")
        assert deleted == "Deleted what is past its time: 0 rows."


class TestVisitors:
    @pytest.mark.parametrize(
        "path",
        [
            f"/search/?place=11206&q={WORDS}",
            f"/search/?page={WORDS}",
            f"/{WORDS}/",
            f"/update/?link={WORDS}",
            f"/map/?place={WORDS}",
        ],
    )
    def test_leave_no_line(self, client, caplog, path):
        client.get(path, REMOTE_ADDR=VISITOR, headers={"user-agent": "Brand-and-Model/1.0"})

        ours = [record for record in caplog.records if record.name.startswith("facilities")]
        assert ours == []

    def test_who_send_a_form_leave_neither_words_nor_address(self, client, caplog):
        client.post(
            "/receipt/", {"code": WORDS, "form_token": WORDS}, REMOTE_ADDR=VISITOR,
            headers={"origin": "https://elsewhere.example", "referer": f"https://{WORDS}.example"},
        )  # fmt: skip

        ours = [record for record in caplog.records if record.name.startswith("facilities")]
        assert not any(WORDS in record.getMessage() for record in ours)
        assert not any(VISITOR in record.getMessage() for record in ours)
