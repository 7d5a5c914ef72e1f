"""The table of results and the keys for who searches all day, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

TABLE = "/search/?place=11206&view=table"
START = "/search/?view=table&ask=where"
# What is likely to be long: many exclusions, three kinds of care, detox from several substances.
DENSE = ("place=11206", "place=60601", "place=90012&setting=overnight-detox", "place=Texas")


@pytest.fixture
def window(browser):
    """A page that may use the clipboard; ``errors`` of its scripts fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def clipboard(page) -> list[str]:
    return page.evaluate("navigator.clipboard.readText()").split("\r\n")[:-1]


def focused(page) -> str:
    return page.evaluate("document.activeElement.closest('[data-facility]')?.dataset.facility")


class Typist:
    """Presses keys one by one and counts them; opening an address counts as one."""

    def __init__(self, page):
        self.page, self.actions, self.addresses = page, 0, set()
        page.on("framenavigated", lambda frame: self.addresses.add(frame.url))

    def open(self, address: str) -> None:
        self.actions += 1
        self.page.goto(address)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.actions += 1
            self.page.keyboard.press(key)


@pytest.mark.browser
class TestDay:
    @pytest.mark.parametrize("language", ["", "/es"])
    def test_from_a_blank_tab_to_three_copied_places(self, window, served, language):
        """Opening the bookmark counts as one, and so does every character of the ZIP code."""
        typist = Typist(window)
        typist.open(served.url + language + START)
        typist.press(*"11206", "Enter")
        window.locator(".result-table").wait_for()
        typist.press("c", "j", "c", "j", "c")
        expect(window.locator("[data-copied]")).to_contain_text("3")

        names = window.locator("tbody th a").all_inner_texts()[:3]
        assert [line.partition("\t")[0].partition(", ")[0] for line in clipboard(window)] == names
        assert typist.actions <= 12
        assert len(typist.addresses) <= 2


@pytest.mark.browser
class TestKeys:
    def test_go_from_result_to_result_and_choose(self, window, served):
        window.goto(f"{served.url}/search/?place=11206")
        uuids = window.locator("article[data-facility]").evaluate_all(
            "cards => cards.map(card => card.dataset.facility)"
        )
        seen = []
        for key in "jjk":
            window.keyboard.press(key)
            seen.append(focused(window))
        window.keyboard.press("x")

        assert seen == [uuids[0], uuids[1], uuids[0]]
        assert window.locator("article :checked").evaluate_all(
            "boxes => boxes.map(box => box.value)"
        ) == [uuids[0]]

    def test_lead_to_the_box_and_rest_while_somebody_writes(self, window, served):
        window.goto(served.url + TABLE)
        window.keyboard.press("/")
        window.keyboard.type("jx?/c")

        assert window.locator("#q").input_value() == "jx?/c"
        assert not window.locator("#shortcuts").is_visible()
        assert window.locator("tbody :checked").count() == 0

    def test_leave_those_of_the_browser_alone(self, window, served):
        window.goto(served.url + TABLE)
        window.keyboard.press("Control+j")
        window.keyboard.press("Alt+x")

        assert focused(window) is None
        assert window.locator("tbody :checked").count() == 0

    def test_are_explained_and_switched_off_for_this_device(self, window, served):
        window.goto(served.url + TABLE)
        assert window.evaluate("localStorage.length") == 0
        window.keyboard.press("?")
        expect(window.locator("#shortcuts")).to_be_visible()
        window.get_by_label("Use these keys").uncheck()
        window.keyboard.press("Escape")
        window.keyboard.press("j")
        assert focused(window) is None

        window.reload()
        window.keyboard.press("j")
        window.keyboard.press("?")
        assert focused(window) is None
        assert not window.locator("#shortcuts").is_visible()

        window.get_by_role("button", name="Keyboard shortcuts").click()
        window.get_by_label("Use these keys").check()
        window.keyboard.press("Escape")
        window.keyboard.press("j")
        assert focused(window)
        assert window.evaluate("Object.keys(localStorage)") == []

    def test_copy_a_card_as_one_line(self, window, served):
        window.goto(f"{served.url}/search/?place=11206")
        window.keyboard.press("c")
        expect(window.locator("#announcer")).to_have_text("Copied.")
        (line,) = clipboard(window)
        card = window.locator("article").first

        assert line.startswith(card.locator("h2 a").inner_text() + "\t")
        assert card.locator(".tel b").inner_text() in line.split("\t")
        assert line.endswith(card.locator("h2 a").get_attribute("href"))


@pytest.mark.browser
class TestCopy:
    def test_of_all_rows_is_what_the_server_would_write(self, window, served):
        window.goto(served.url + TABLE)
        window.get_by_role("button", name="Copy all rows").click()
        expect(window.locator("[data-copied]")).to_contain_text("50")
        link = window.locator(".table-tools a").get_attribute("href")
        text = window.evaluate(
            "address => fetch(address).then(response => response.text())",
            f"{served.url}/search/{link}",
        )

        assert clipboard(window) == text.split("\r\n")[:-1]

    def test_begins_no_cell_as_a_formula(self, window, served):
        window.goto(served.url + TABLE)
        window.locator("tbody th a").first.evaluate("link => { link.textContent = '=1+1'; }")
        window.keyboard.press("c")
        expect(window.locator("[data-copied]")).to_have_text("Copied.")

        assert clipboard(window)[0].startswith("'=1+1")

    def test_without_scripts_is_a_file(self, browser, served):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(served.url + TABLE)
        assert not page.get_by_role("button", name="Copy all rows").is_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Rows as a file").click()

        assert download.value.suggested_filename == "facilities.tsv"
        context.close()


@pytest.mark.browser
class TestLook:
    @pytest.mark.parametrize("width", [390, 1280])
    def test_scrolls_within_a_region_that_keys_reach(self, page, served, width):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(served.url + TABLE)
        region = page.locator(".table-region")

        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert region.get_attribute("tabindex") == "0"
        region.focus()
        page.keyboard.press("End")
        scrolled = """region => region.scrollTop || new Promise(done =>
            region.addEventListener("scroll", () => done(region.scrollTop), { once: true }))"""
        assert region.evaluate(scrolled) > 0
        assert region.evaluate("region => region.scrollWidth > region.clientWidth")

    @pytest.mark.parametrize("width", [390, 1280])
    def test_keeps_headings_and_names_in_sight(self, page, served, width):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(served.url + TABLE)
        region = page.locator(".table-region")
        before = page.locator("tbody th").first.bounding_box()["x"]
        region.evaluate("region => region.scrollTo(300, 600)")

        box = region.bounding_box()
        heading = page.locator(".of-name").bounding_box()
        name = page.locator("tbody th").nth(30).bounding_box()
        assert abs(heading["y"] - box["y"]) < 3
        assert box["x"] <= name["x"] <= before

    def test_has_one_line_a_row_in_a_wide_window(self, page, served):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(served.url + TABLE)
        heights = page.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => row.getBoundingClientRect().height)"
        )

        assert max(heights) < 40

    @pytest.mark.parametrize("language", ["", "/es"])
    @pytest.mark.parametrize("query", DENSE)
    def test_prints_fifty_rows_on_one_landscape_sheet(self, page, served, language, query):
        page.goto(f"{served.url}{language}/search/?{query}&view=table")
        printed = page.pdf(prefer_css_page_size=True)
        widths = re.findall(rb"/MediaBox \[0 0 (\d+)(?:\.\d+)? (\d+)", printed)

        assert [(int(width), int(height)) for width, height in widths] == [(792, 612)]
