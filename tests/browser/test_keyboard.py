"""A whole search by keyboard alone: filters ticked in place, two compared, a call sheet made.

In English in a wide window, in Spanish in a narrow one, where the filters are folded.
"""

import pytest
from playwright.sync_api import expect

JOURNEYS = [("", {"width": 1280, "height": 900}), ("/es", {"width": 390, "height": 844})]
BOXES = ("substance-opioid-detox", "starts-start-buprenorphine", "payment-medicaid")
FOCUS_SHOWS = """() => {
  const style = getComputedStyle(document.activeElement);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = document.activeElement.getBoundingClientRect();
  return ring && box.bottom > 0 && box.top < innerHeight;
}"""


class Keyboard:
    """Moves through a page by Tab alone, and sees to it that the focus can be seen."""

    def __init__(self, page):
        self.page = page

    def reach(self, selector: str, *, most: int = 250) -> None:
        """Tab until the element has the focus; a page that is too long for it has lost it."""
        for _ in range(most):
            if self.is_at(selector):
                assert self.page.evaluate(FOCUS_SHOWS), selector
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the Tab key")

    def is_at(self, selector: str) -> bool:
        return self.page.evaluate("selector => document.activeElement.matches(selector)", selector)

    def press(self, selector: str, key: str) -> None:
        self.reach(selector)
        self.page.keyboard.press(key)

    def follow(self, selector: str, key: str = "Enter") -> None:
        """Press what leads to another page."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def unfold(self, selector: str) -> None:
        """Open what is folded, where it is."""
        if self.page.locator(f"{selector} > summary").is_visible():
            self.press(f"{selector} > summary", "Enter")

    def tick(self, box: str) -> None:
        """Tick a filter; the results change in place, and the focus stays where it was."""
        self.unfold(f"#group-{box.partition('-')[0]}")
        promised = self.page.locator(f"#{box}").get_attribute("data-count")
        self.press(f"#{box}", "Space")
        self.page.locator(f'#results[data-total="{promised}"]').wait_for()
        self.page.wait_for_url(f"**{box.partition('-')[2]}**")
        assert self.is_at(f"#{box}")
        expect(self.page.locator("#announcer")).to_contain_text(f"{int(promised):,}")


@pytest.fixture
def keyboard(page) -> Keyboard:
    return Keyboard(page)


@pytest.mark.parametrize(("prefix", "size"), JOURNEYS)
class TestJourney:
    def test_goes_from_a_place_to_a_call_sheet(self, page, served, keyboard, prefix, size):
        page.set_viewport_size(size)
        page.goto(f"{served.url}{prefix}/")
        keyboard.reach("#q")
        page.keyboard.type("11206")
        with page.expect_navigation():
            page.keyboard.press("Enter")

        keyboard.unfold("#filters")
        for box in BOXES:
            keyboard.tick(box)

        keyboard.follow(".card h2 a")
        assert "/facility/" in page.url
        page.go_back()
        names = []
        for number in (1, 2):
            box = f'.results > article:nth-of-type({number}) input[name="facility"]'
            keyboard.press(box, "Space")
            names.append(page.locator(box).get_attribute("data-name"))
        keyboard.follow("#tray [data-compare]")
        expect(page.locator(".names [data-facility] a")).to_have_text(names)

        keyboard.follow('main a[href*="/call/"]')
        expect(page.locator(".entry")).to_have_count(2)
        assert all(name in page.locator("main").inner_text() for name in names)


@pytest.mark.parametrize("prefix", ["", "/es"])
class TestSkipLink:
    def test_is_first_and_leads_past_the_header(self, page, served, keyboard, prefix):
        page.goto(f"{served.url}{prefix}/search/?place=11206")
        page.keyboard.press("Tab")
        assert keyboard.is_at(".skip")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        assert page.evaluate("document.activeElement.closest('main') !== null")


class TestForcedColors:
    @pytest.mark.parametrize("path", ["/", "/search/?place=11206", "/choose/"])
    def test_every_control_keeps_an_edge_and_a_ring(self, page, served, path):
        page.emulate_media(forced_colors="active")
        page.goto(served.url + path)
        without = page.evaluate("""() => [...document.querySelectorAll(
            "main button, main a.primary, main input:not([type=hidden]), main select")]
          .filter((each) => each.checkVisibility() && !each.closest(".honeypot"))
          .filter((each) => !each.matches("[type=checkbox], [type=radio]"))
          .filter((each) => {
            const style = getComputedStyle(each);
            return style.borderStyle === "none" && !style.textDecorationLine.includes("underline");
          })
          .map((each) => each.outerHTML.slice(0, 120))""")

        assert without == []
