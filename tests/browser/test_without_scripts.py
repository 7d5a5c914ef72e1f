"""A whole search with JavaScript turned off, from a place to a call sheet, in both languages."""

import pytest
from playwright.sync_api import expect

from ..support.navigation import follow

BOXES = ("substance-opioid-detox", "starts-start-buprenorphine", "payment-medicaid")


@pytest.fixture(scope="module")
def page(browser):
    """A phone whose browser runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("prefix", ["", "/es"])
class TestJourney:
    def test_goes_from_a_place_to_a_call_sheet(self, page, served, prefix):
        page.goto(f"{served.url}{prefix}/")
        page.locator("#q").fill("11206")
        follow(page.locator("main form button[type=submit]").first)

        page.locator("#filters > summary").click()
        for box in BOXES:
            group = page.locator(f"#group-{box.partition('-')[0]}")
            if not page.locator(f"#{box}").is_visible():
                group.locator("summary").first.click()
            page.locator(f"#{box}").check()
        follow(page.locator(".apply button"))
        for box in BOXES:
            expect(page.locator(f"#{box}")).to_be_checked()
        found = int(page.locator("#results").get_attribute("data-total"))
        assert f"{found:,}" in page.locator("h1").inner_text()

        chosen = page.locator('.results input[name="facility"]')
        names = [chosen.nth(number).get_attribute("data-name") for number in range(2)]
        for number in range(2):
            chosen.nth(number).check()
        follow(page.locator("#tray [data-compare]"))
        expect(page.locator(".names [data-facility] a")).to_have_text(names)
        follow(page.locator('main a[href*="/call/"]').first)
        expect(page.locator(".entry")).to_have_count(2)

    def test_suggests_a_setting(self, page, served, prefix):
        page.goto(f"{served.url}{prefix}/choose/#q-suicide")
        page.locator("input[name=suicide][value=yes]").check()
        page.goto(f"{served.url}{prefix}/choose/#q-place")
        follow(page.locator("#q-place button[type=submit]"))

        assert page.locator("[data-setting]").get_attribute("data-setting") == "hospital"
