"""The button with which an administrator publishes the data as files."""

import pytest

from facilities.exports.snapshots.library import SnapshotLibrary

from ..support.accounts import staff_client
from ..support.factories import log_changes, make_listing
from ..support.html import Page
from ..support.release_upload import press

pytestmark = pytest.mark.django_db
PUBLISH = "/admin/facilities/release/publish/"


class TestPublish:
    def test_writes_the_files(self, tmp_path, settings):
        settings.DATA_DIR = tmp_path
        make_listing()
        log_changes()
        client = staff_client("administrator")
        assert "Nothing has been published here yet." in Page(client.get(PUBLISH)).text

        page = Page(press(client, PUBLISH))

        assert "1 facilities." in page.text
        assert SnapshotLibrary(tmp_path).latest().name in page.text
