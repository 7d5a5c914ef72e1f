"""The pages of the spreadsheet in Chromium, under the site's policy."""

from playwright.sync_api import expect

from ...support.csp_violations import breaches
from ...support.navigation import follow
from ...support.spreadsheet_client import rows_of, written
from ...support.staff_session import log_in


class TestThePages:
    def test_keep_to_the_policy_and_take_a_file(
        self, context, page, served, site_environment, tmp_path
    ):
        log_in(context, served, site_environment, "curator")
        found = breaches(page)
        page.goto(f"{served.url}/admin/facilities/facility/?q=house&state=NY")
        follow(page.get_by_role("link", name="Export to a spreadsheet"))
        page.get_by_label("CSV").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        download.value.save_as(tmp_path / "sheet.csv")
        rows = rows_of((tmp_path / "sheet.csv").read_bytes())
        rows[0]["website"] = "https://example.org/new"
        (tmp_path / "sheet.csv").write_bytes(written(rows[:3]))
        page.goto(f"{served.url}/es/admin/facilities/facility/import/")
        page.locator("input[type=file]").set_input_files(tmp_path / "sheet.csv")
        follow(page.locator(".submit-row input"))

        expect(page.locator("ins")).to_have_text(["https://example.org/new"])
        assert found == []
