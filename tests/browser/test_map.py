"""The map page in a real browser: in step with the list, by keyboard, from this site alone."""

import pytest
from playwright.sync_api import expect

from benchmarks.weight import visit

from ..support import axe
from ..support.csp_violations import breaches

BROOKLYN = "/map/?place=11206"
pytestmark = pytest.mark.browser


def open_map(page, address):
    """Ask for the map that can be moved, by keyboard."""
    page.goto(address)
    page.locator("#move-map").focus()
    page.keyboard.press("Enter")
    page.locator("#map .pin").first.wait_for()
    expect(page.locator("#map")).to_be_focused()


class TestMap:
    def test_comes_from_this_site_and_keeps_to_the_policy(self, page, served):
        found = breaches(page)
        for path in (BROOKLYN, "/es/map/?place=Alaska"):
            open_map(page, served.url + path)
            page.locator("#map path.land").first.wait_for(state="attached")

        assert found == []

    def test_opens_a_result_by_keyboard_and_gives_the_focus_back(self, page, served):
        open_map(page, served.url + BROOKLYN)
        button = page.locator("#results button.rank").nth(1)
        button.focus()
        page.keyboard.press("Enter")
        link = page.locator(".leaflet-popup a[href*='/facility/']")
        link.wait_for()
        expect(link).to_be_focused()

        expect(page.locator(".map-result.open")).to_have_attribute("data-number", "2")
        page.keyboard.press("Escape")
        expect(button).to_be_focused()

    def test_leaves_axe_nothing_to_say_but_that_dots_lie_close_together(self, page, served):
        """A dot is where its place is (WCAG 2.5.8, essential), and the list has the same links."""
        open_map(page, served.url + BROOKLYN)

        assert {each.partition(":")[0] for each in axe.violations(page)} <= {"target-size"}

    def test_lights_up_the_card_of_a_dot_and_the_dot_of_a_card(self, page, served):
        open_map(page, served.url + BROOKLYN)
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

    def test_is_loaded_when_it_is_asked_for(self, browser, served):
        assert visit(browser, served.url + BROOKLYN).without_font <= 40_000

    def test_says_where_it_cannot_be_loaded(self, page, served):
        page.route("**/leaflet*.js", lambda route: route.abort())
        page.goto(served.url + BROOKLYN)
        page.locator(".locator svg").click()

        expect(page.locator("#map-problem")).to_contain_text("could not be loaded")
        expect(page.locator("#move-map")).to_be_enabled()
        assert page.locator(".locator svg").is_visible()
