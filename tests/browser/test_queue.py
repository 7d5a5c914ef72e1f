"""The queue in Chromium: ten calls by two keys each, without scripts, and two who do not meet."""

import pytest
from playwright.sync_api import expect

from ..support.csp_violations import breaches
from ..support.navigation import follow
from ..support.staff_session import log_in

FIRST = "Take the first and call"


@pytest.fixture
def curator(context, page, served, site_environment):
    log_in(context, served, site_environment, "curator")
    page.goto(f"{served.url}/admin/queue/")
    return page


class TestCurator:
    def test_clears_ten_entries_by_two_keys_each(self, curator):
        found = breaches(curator)
        with curator.expect_navigation():
            curator.keyboard.press("n")
        called = []
        for number in range(10):
            called.append(curator.locator("[data-facility]").get_attribute("data-facility"))
            with curator.expect_navigation():
                curator.keyboard.press("13"[number % 2])  # all confirmed, no answer
            # Nobody calls so fast, and it may be night there: the page asks first.
            with curator.expect_navigation():
                curator.keyboard.press("y")

        assert len(set(called)) == 10
        expect(curator.locator(".messagelist .success")).to_have_count(1)
        assert found == []

    def test_undoes_a_call_by_one_key(self, curator):
        with curator.expect_navigation():
            curator.keyboard.press("n")
        called = curator.locator("[data-facility]").get_attribute("data-facility")
        for key in "3y":  # no answer
            with curator.expect_navigation():
                curator.keyboard.press(key)
        with curator.expect_navigation():
            curator.keyboard.press("u")

        expect(curator.locator("[data-facility]")).to_have_attribute("data-facility", called)
        expect(curator.locator(".messagelist .success")).to_contain_text("the call was undone")

    def test_writes_a_note_without_ending_the_call(self, curator):
        follow(curator.get_by_role("button", name=FIRST))
        before = curator.url
        curator.get_by_label("Note, for curators").press_sequentially("Room 3, 2nd floor")

        assert curator.url == before
        assert curator.get_by_label("Note, for curators").input_value() == "Room 3, 2nd floor"

    def test_switches_the_keys_off_for_good(self, curator):
        curator.get_by_label("One key is enough").uncheck()
        curator.reload()
        curator.keyboard.press("n")

        assert curator.get_by_role("button", name=FIRST).is_visible()
        assert not curator.get_by_label("One key is enough").is_checked()

    def test_works_without_scripts_and_on_a_narrow_screen(self, browser, served, site_environment):
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 700}
        )
        log_in(context, served, site_environment, "curator")
        page = context.new_page()
        page.goto(f"{served.url}/admin/queue/")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        follow(page.get_by_role("button", name=FIRST))
        before = page.url
        follow(page.get_by_role("button", name="6 Left message"))
        follow(page.get_by_role("button", name="Yes, record"))

        assert page.url != before
        expect(page.locator(".number")).to_be_visible()

    def test_never_meets_another_one(self, curator, browser, served, site_environment):
        context = browser.new_context()
        log_in(context, served, site_environment, "curator")
        other = context.new_page()
        other.goto(f"{served.url}/admin/queue/")
        for page in (curator, other):
            follow(page.get_by_role("button", name=FIRST))

        assert curator.url != other.url
