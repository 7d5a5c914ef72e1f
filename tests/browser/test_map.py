"""The map page in a real browser: in step with the list, by keyboard, from this site alone."""

import pytest
from playwright.sync_api import expect

from ..support.csp_violations import breaches

BROOKLYN = "/map/?place=11206"
pytestmark = pytest.mark.browser


class TestMap:
    def test_comes_from_this_site_and_keeps_to_the_policy(self, page, served):
        found = breaches(page)
        for path in (BROOKLYN, "/es/map/?place=Alaska"):
            page.goto(served.url + path)
            page.locator("#map .pin").first.wait_for()
            page.locator("#map path.land").first.wait_for(state="attached")

        assert found == []

    def test_opens_a_result_by_keyboard_and_gives_the_focus_back(self, page, served):
        page.goto(served.url + BROOKLYN)
        page.locator("#map .pin").first.wait_for()
        button = page.locator("#results button.rank").nth(1)
        button.focus()
        page.keyboard.press("Enter")
        link = page.locator(".leaflet-popup a[href*='/facility/']")
        link.wait_for()
        expect(link).to_be_focused()

        expect(page.locator(".map-result.open")).to_have_attribute("data-number", "2")
        page.keyboard.press("Escape")
        expect(button).to_be_focused()

    def test_lights_up_the_card_of_a_dot_and_the_dot_of_a_card(self, page, served):
        page.goto(served.url + BROOKLYN)
        page.locator("#map .pin").first.wait_for()
        page.locator(".map-result").first.hover()
        expect(page.locator("#map .pin.lit")).to_have_count(1)

        pin = page.locator("#map .pin[aria-label^='Result ']:not(.further)").first
        number = pin.text_content()
        page.mouse.move(0, 0)
        pin.focus()
        expect(page.locator(".map-result.lit .rank")).to_have_text([number])

    def test_without_scripts_is_the_list_with_the_drawn_map(self, browser, served):
        with browser.new_context(java_script_enabled=False) as context:
            page = context.new_page()
            page.goto(served.url + BROOKLYN)

            assert page.locator(".map-result").count() == 20
            assert page.locator(".locator svg").is_visible()
            assert not page.locator("#map").is_visible()
            assert not page.locator(".about-map").is_visible()
