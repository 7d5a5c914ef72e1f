"""My list in a real browser: put on it, seen on every page, taken off, opened, forgotten."""

import pytest
from playwright.sync_api import expect

from ..support import axe
from ..support.navigation import follow
from ..support.privacy_proofs import proves

SEARCH = "/search/?place=11206&payment=medicaid"
SIZES = [("", {"width": 1280, "height": 900}), ("/es", {"width": 390, "height": 844})]
KEPT_PAGES = """async () => {
  const pages = await (await caches.open("kept")).keys();
  return pages.map((request) => new URL(request.url).pathname);
}"""


def put_on_list(page, count: int) -> list[str]:
    """Tick the first boxes of a search page; their facilities' names."""
    boxes = page.locator(".choose input")
    for number in range(count):
        boxes.nth(number).check()
    return [boxes.nth(number).get_attribute("data-name") for number in range(count)]


def open_list(page):
    page.locator("[data-list-button]").click()
    return page.locator("#my-list")


def stored(page) -> set[str]:
    return {*page.evaluate("Object.keys(localStorage)")}


@pytest.mark.browser
class TestMyList:
    @pytest.mark.parametrize(("prefix", "size"), SIZES)
    def test_is_in_the_header_of_other_pages_and_names_what_is_on_it(
        self, page, served, prefix, size
    ):
        page.set_viewport_size(size)
        page.goto(served.url + prefix + SEARCH)
        names = put_on_list(page, 2)

        for path in ("/", "/guides/", "/choose/", "/help-now/"):
            page.goto(served.url + prefix + path)
            expect(page.locator("[data-list-button] [data-list-count]")).to_have_text("2")
            expect(open_list(page).locator("li a")).to_have_text(names)

    def test_takes_a_facility_from_its_page_and_back(self, page, served):
        page.goto(served.url + SEARCH)
        follow(page.locator(".card h2 a").first)
        name = page.locator("h1").inner_text()
        page.get_by_role("button", name="Add to my list").first.click()

        expect(page.locator("#announcer")).to_contain_text(name)
        line = open_list(page).locator("li a")
        expect(line).to_have_text(name)
        follow(line)
        expect(page.locator("h1")).to_have_text(name)
        page.get_by_role("button", name="take it off").first.click()

        assert stored(page) == set()

    def test_removes_one_by_keyboard(self, page, served):
        page.goto(served.url + SEARCH)
        names = put_on_list(page, 3)
        page.locator("[data-list-button]").focus()
        page.keyboard.press("Enter")
        for _ in range(5):  # "Close", first name, its button, second name, its button
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.locator("#my-list li a")).to_have_text([names[0], names[2]])
        expect(page.locator(".choose input").nth(1)).not_to_be_checked()
        page.keyboard.press("Escape")
        expect(page.locator("#my-list")).to_be_hidden()

    def test_closes_by_its_button_and_gives_the_focus_back(self, page, served):
        page.goto(served.url + SEARCH)
        open_list(page).get_by_role("button", name="Close").click()

        expect(page.locator("#my-list")).to_be_hidden()
        expect(page.locator("[data-list-button]")).to_be_focused()

    def test_asks_on_its_call_sheet_for_what_was_searched_for(self, page, served):
        page.goto(served.url + SEARCH)
        put_on_list(page, 1)
        page.goto(served.url + "/guides/")
        follow(open_list(page).get_by_role("link", name="Call sheet"))

        expect(page.locator("main")).to_contain_text("I have: Medicaid.")
        follow(page.get_by_role("link", name="Back to the results"))
        assert page.url == served.url + SEARCH

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize(("prefix", "size"), SIZES)
    def test_open_leaves_axe_nothing_to_say(self, page, served, prefix, size, scheme):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(served.url + prefix + SEARCH)
        put_on_list(page, 2)
        open_list(page)

        assert axe.violations(page) == []

    def test_fits_the_smallest_phone_with_letters_twice_as_large(self, page, served):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(served.url + SEARCH)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        put_on_list(page, 3)
        panel = open_list(page)

        assert panel.evaluate("each => each.scrollWidth <= each.clientWidth")
        assert panel.evaluate("""each => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
        }""")

    @pytest.mark.parametrize("name", ["Compare", "Call sheet", "Handout"])
    def test_leads_to_the_pages_about_what_is_on_it(self, page, served, name):
        page.goto(served.url + SEARCH)
        names = put_on_list(page, 2)
        page.goto(served.url + "/guides/")
        follow(open_list(page).get_by_role("link", name=name))

        text = page.locator("main").inner_text()
        assert all(each in text for each in names)

    def test_offers_no_comparison_of_one_or_of_six(self, page, served):
        page.goto(served.url + SEARCH)
        put_on_list(page, 1)
        link = open_list(page).get_by_role("link", name="Compare")
        expect(link).to_be_hidden()
        page.keyboard.press("Escape")
        put_on_list(page, 2)
        expect(open_list(page).get_by_role("link", name="Compare")).to_be_visible()
        page.keyboard.press("Escape")
        put_on_list(page, 6)

        expect(open_list(page).get_by_role("link", name="Compare")).to_be_hidden()
        expect(page.locator("[data-list-limit]")).to_be_visible()

    def test_shows_hostile_names_as_words(self, page, served):
        page.goto(served.url + SEARCH)
        hostile = [{"uuid": "x", "name": "<img src=x onerror=alert(1)>", "code": "/../evil"}]
        page.evaluate("list => localStorage.setItem('chosen', JSON.stringify(list))", hostile)
        page.reload()

        line = open_list(page).locator("li")
        expect(line.locator("a")).to_have_text(hostile[0]["name"])
        assert line.locator("a").get_attribute("href") is None
        assert page.locator("#my-list img").count() == 0

    def test_is_absent_without_scripts(self, browser, served):
        context = browser.new_context(java_script_enabled=False)
        unscripted = context.new_page()
        unscripted.goto(served.url + SEARCH)

        expect(unscripted.locator("[data-list-button]")).to_be_hidden()
        expect(unscripted.locator("#my-list")).to_be_hidden()
        context.close()


@pytest.mark.browser
class TestPrivacy:
    @proves("ticks")
    def test_keeps_nothing_before_a_facility_is_added_and_nothing_after_clearing(
        self, page, served
    ):
        page.goto(served.url + SEARCH)
        assert stored(page) == set()
        put_on_list(page, 1)
        assert stored(page) == {"chosen", "search"}

        open_list(page).locator("[data-clear-list]").click()

        expect(page.locator(".choose input").first).not_to_be_checked()
        assert stored(page) == set()

    @proves("ticks")
    def test_sends_nothing_before_a_page_of_the_list_is_opened(self, page, served):
        page.goto(served.url + SEARCH)
        page.wait_for_load_state("networkidle")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        put_on_list(page, 2)
        open_list(page).locator("li button").first.click()
        page.wait_for_timeout(300)

        assert asked == []

    @proves("notes")
    def test_clears_marks_notes_and_kept_sheets_for_the_next_patient(self, browser, served):
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.url + SEARCH)
        put_on_list(page, 2)
        follow(open_list(page).get_by_role("link", name="Call sheet"))
        page.locator("[data-note]").first.fill("Monday at nine")
        page.locator("[data-keep-it]").click()
        expect(page.locator("[data-keep-no-more]")).to_be_visible(timeout=20_000)
        assert any(path.startswith("/call/") for path in page.evaluate(KEPT_PAGES))
        page.on("dialog", lambda dialog: dialog.accept())

        page.locator("main [data-clear-list]").click()

        expect(page.locator("#announcer")).to_have_text("The list is gone from this device.")
        expect(page.locator("[data-note]").first).to_have_value("")
        assert stored(page) == set()
        page.wait_for_function(
            f"async () => !(await ({KEPT_PAGES})()).some(path => path.includes('/call/'))"
        )
        context.close()
