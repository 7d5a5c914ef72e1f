"""The staff's site in Chromium: an account's whole beginning, and every page under the policy."""

import re
import subprocess
import sys
from base64 import b32decode
from itertools import cycle

import pytest
from playwright.sync_api import expect

from ..support.accounts import PASSWORD, code_for
from ..support.csp_violations import breaches
from ..support.navigation import follow
from ..support.staff_session import log_in

LISTS = [
    "auth/user/",
    *(
        f"facilities/{table}/"
        for table in (
            "audit",
            "conflict",
            "credential",
            "facility",
            "likelypair",
            "merge",
            "proposal",
            "release",
            "report",
            "updatelink",
            "verification",
        )  # fmt: skip
    ),
]
OTHERS = [
    "facilities/audit/draw/",
    "facilities/verification/people/",
    "jobs/",
    "jobs/timers/",
    "keys/",
    "organizations/",
    "federal-differences/",
    "facilities/facility/export/", "facilities/facility/import/", "facilities/likelypair/search/",
    "facilities/release/load/", "facilities/release/load/list/", "facilities/release/rows/",
    "facilities/release/load/credentials/", "facilities/release/undo/", "queue/",
    "queue/weights/", "password_change/", "backup-codes/",
]  # fmt: skip


def enrolment_link(served, environment, name: str) -> str:
    command = [sys.executable, "manage.py", "invite_staff", name, "--address", served.url]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return re.search(r"http://\S+", printed.stdout)[0]


def visit(page, address: str) -> None:
    """Open a page, and let its scripts run that wait for a moment after it is there."""
    page.goto(address)
    page.wait_for_timeout(50)


@pytest.fixture
def staff(context, page, served, site_environment):
    """A page of a logged-in administrator, and the list of what its browser refused."""
    log_in(context, served, site_environment, "administrator")
    return page, breaches(page)


class TestANewCurator:
    def test_goes_from_the_link_to_the_first_page_without_scripts(
        self, browser, served, site_environment
    ):
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(enrolment_link(served, site_environment, "journey"))
        key = b32decode(page.locator(".secret code").inner_text().replace(" ", ""))
        page.get_by_label("New password:", exact=True).fill(PASSWORD)
        page.get_by_label("New password confirmation").fill(PASSWORD)
        page.get_by_label("The six digits").fill(code_for(key))
        follow(page.get_by_role("button", name="Begin my account"))
        backup = page.locator(".codes code").first.inner_text()
        follow(page.get_by_role("link", name="I have them"))
        page.get_by_label("Username").fill("journey")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Code from your app").fill(backup)
        follow(page.get_by_role("button", name="Log in"))

        expect(page.locator(".dashboard-links a").first).to_be_visible()

    def test_sees_a_square_that_holds_the_secret(self, page, served, site_environment):
        found = breaches(page)
        page.goto(enrolment_link(served, site_environment, "square"))

        box = page.locator(".square svg").bounding_box()

        assert box["width"] > 150
        assert found == []


class TestEveryPage:
    def test_keeps_to_the_policy(self, staff, served):
        page, found = staff
        # Templates and policy are the same in both languages, so they take turns.
        for language, path in zip(cycle(["", "/es"]), ["", *LISTS, *OTHERS], strict=False):
            visit(page, f"{served.url}{language}/admin/{path}")

        assert found == []

    def test_of_one_record_keeps_to_the_policy(self, staff, served):
        page, found = staff
        for path in LISTS:
            page.goto(f"{served.url}/admin/{path}")
            row = page.locator("#result_list th a").first
            change = [row.get_attribute("href")] if row.count() else []
            for address in [*change, *(one.replace("change/", "history/") for one in change)]:
                visit(page, f"{served.url}{address}")
            visit(page, f"{served.url}/admin/{path}add/")

        assert found == []

    def test_fits_a_narrow_screen(self, staff, served):
        page, _ = staff
        page.set_viewport_size({"width": 320, "height": 700})
        for path in ("", "backup-codes/", "password_change/"):
            page.goto(f"{served.url}/admin/{path}")

            assert page.evaluate("document.documentElement.scrollWidth") <= 320
