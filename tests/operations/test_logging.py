"""The log tells what the site did, in counts, and nothing of who asked or what was typed."""

import json
import logging
from io import StringIO

import pytest
from django.utils import timezone

from directory.logging import DiscreetFormatter, JsonFormatter
from facilities.imports.undo import undo_release
from facilities.operations import backup
from facilities.operations.retention import apply_retention
from facilities.resolution.changes import ImportRefused

from ..support.factories import TODAY, make_facility
from ..support.loading import HOUSES

pytestmark = pytest.mark.django_db

VISITOR = "203.0.113.77"
WORDS = "vivitrol"
BROWSER = {
    "user-agent": "Brand-and-Model/1.0",
    "referer": "https://search.example/?q=lucemyra",
    "origin": "https://elsewhere.example",
}
SECRETS = (VISITOR, WORDS, "11206", "Brand-and-Model", "lucemyra", "elsewhere")


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
        assert undone.endswith("7 facilities removed, 0 kept as drafts, 0 changed.")

    def test_a_refused_load_tells_why(self, run, caplog):
        run(HOUSES, edition="2022")

        with pytest.raises(ImportRefused):
            run(HOUSES[:2], edition="2023")

        assert caplog.messages[-1] == (
            "Refused to load directory 2023: it leaves out 5 of 7 facilities."
        )

    def test_a_backup_and_the_daily_deletion_tell_their_counts(self, run, caplog, tmp_path):
        run(HOUSES)
        backup.write_backup(tmp_path / "site.zip", timezone.now())
        apply_retention(timezone.now())

        _loaded, written, deleted = caplog.messages
        assert written.startswith("Wrote a backup: ")
        assert deleted == "Deleted what is past its time: 0 rows."


@pytest.fixture(params=[DiscreetFormatter, JsonFormatter])
def printed(request):
    """What all loggers would print, in each format of the site."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    known = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    loggers = [logging.root, *(logger for logger in known if not logger.propagate)]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


class TestVisitors:
    @pytest.mark.parametrize(
        "path",
        [
            f"/search/?q={WORDS}+11206",
            f"/search/?place=11206&ignored={WORDS}",
            f"/search/?page={WORDS}",
            f"/{WORDS}/",
            f"/update/?link={WORDS}",
            f"/map/?place={WORDS}",
        ],
    )
    def test_are_in_no_line(self, client, printed, path):
        client.get(path, REMOTE_ADDR=VISITOR, headers=BROWSER)

        assert not any(secret in printed.getvalue() for secret in SECRETS)

    @pytest.mark.parametrize("form", ["/receipt/", "report", "/choose/"])
    def test_who_send_a_form_are_in_no_line(self, client, printed, form):
        address = form
        if form == "report":
            address = f"/facility/{make_facility().slug}/report/"
        sent = {"code": WORDS, "form_token": WORDS, "about": "other", "message": WORDS}
        client.post(address, sent, REMOTE_ADDR=VISITOR, headers=BROWSER)

        assert not any(secret in printed.getvalue() for secret in SECRETS)

    def test_whose_page_fails_are_in_no_line(self, client, printed, monkeypatch):
        def fail(*_arguments, **_options):
            raise RuntimeError(WORDS)

        monkeypatch.setattr("facilities.views.search.match_facilities", fail)
        client.raise_request_exception = False
        answer = client.get(
            f"/search/?place=11206&ignored={WORDS}", REMOTE_ADDR=VISITOR, headers=BROWSER
        )

        assert answer.status_code == 500
        assert "RuntimeError" in printed.getvalue()
        assert not any(secret in printed.getvalue() for secret in SECRETS)


class TestJson:
    def record(self, logger: str, message: str, *values, **fields) -> dict:
        made = logging.LogRecord(logger, logging.ERROR, "a.py", 7, message, values, None)
        vars(made).update(fields)
        line = JsonFormatter().format(made)
        assert "\n" not in line
        return json.loads(line)

    def test_tells_what_the_site_did(self):
        record = self.record("facilities.imports", 'Loaded "%s"\nand went on.', "2023")

        assert record["message"] == 'Loaded "2023"\nand went on.'
        assert record["logger"] == "facilities.imports"
        assert record["level"] == "ERROR"

    def test_names_the_parts_of_a_request(self):
        atoms = {"t": "", "m": "GET", "U": "/map/", "s": "200", "B": 12, "M": 3}

        record = self.record("gunicorn.access", "%(m)s %(U)s", atoms)

        assert {"method": "GET", "path": "/map/", "status": "200", "bytes": 12}.items() <= (
            record.items()
        )
        assert "message" not in record
