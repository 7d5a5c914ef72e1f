"""The whole directory of 2023 goes out as a spreadsheet and comes back."""

import time

import pytest

from ...support.accounts import staff_client
from ...support.spreadsheet_client import export, rows_of, send, written


class TestTheRealDirectory:
    @pytest.mark.usefixtures("loaded_2023")
    @pytest.mark.django_db
    def test_goes_out_and_back_in_tolerable_time(self):
        curator = staff_client("curator")
        began = time.process_time()
        sheet = export(curator, "street", "city", "zip", "phone", "website", "service:methadone")
        rows = rows_of(sheet)
        lodges = [row for row in rows if row["service:methadone"] == "yes"][:100]
        for row in lodges:
            row["service:methadone"] = "not reported"
        preview = send(curator, written(rows)).context["preview"]

        assert len(rows) == 12_744
        assert preview.unchanged == 12_644
        assert [row.changes[0].now for row in preview.rows] == ["offered"] * 100
        assert time.process_time() - began < 30
