"""A whole search with JavaScript turned off, from a place to a call sheet, in both languages."""

import pytest

BOXES = ("substance-opioid-detox", "starts-start-buprenorphine", "payment-medicaid")


@pytest.fixture(scope="module")
def page(browser):
    """A phone whose browser runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def send(page, button) -> None:
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("prefix", ["", "/es"])
class TestJourney:
    def test_goes_from_a_place_to_a_call_sheet(self, page, served, prefix):
        page.goto(f"{served.url}{prefix}/")
        page.locator("#q").fill("11206")
        send(page, page.locator("main form button[type=submit]").first)

        page.locator("#filters > summary").click()
        for box in BOXES:
            group = page.locator(f"#group-{box.partition('-')[0]}")
            if not page.locator(f"#{box}").is_visible():
                group.locator("summary").first.click()
            page.locator(f"#{box}").check()
        send(page, page.locator(".apply button"))
        assert all(page.locator(f"#{box}").is_checked() for box in BOXES)
        found = int(page.locator("#results").get_attribute("data-total"))
        assert f"{found:,}" in page.locator("h1").inner_text()

        chosen = page.locator('.results input[name="facility"]')
        names = [chosen.nth(number).get_attribute("data-name") for number in range(2)]
        for number in range(2):
            chosen.nth(number).check()
        send(page, page.locator("#tray [data-compare]"))
        assert page.locator(".names [data-facility] a").all_inner_texts() == names
        send(page, page.locator('main a[href*="/call/"]').first)
        assert page.locator(".entry").count() == 2

    def test_suggests_a_setting(self, page, served, prefix):
        page.goto(f"{served.url}{prefix}/choose/#q-suicide")
        page.locator("input[name=suicide][value=yes]").check()
        page.goto(f"{served.url}{prefix}/choose/#q-place")
        send(page, page.locator("#q-place button[type=submit]"))

        assert page.locator("[data-setting]").get_attribute("data-setting") == "hospital"
