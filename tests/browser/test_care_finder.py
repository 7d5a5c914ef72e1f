"""From a search to a choice in a real browser: tick, compare, call, print; scripts on and off."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from ..support.navigation import follow
from ..support.privacy_proofs import proves

NEAR = "/search/?place=11206&within=50"
LETTER = rb"/MediaBox \[0 0 (612 792|792 612)\]"
SORTS = {"name": "Name, A to Z", "distance": "Nearest first"}
SHEETS = {  # of three facilities -> pages of paper
    "/compare/": 1,
    "/es/compare/": 1,
    "/call/": 2,
    "/es/call/": 2,
    "/handout/": 1,
    "/es/handout/": 1,
}


@pytest.fixture
def complaints(page) -> list[str]:
    """What the console and the security policy object to while ``page`` is used."""
    found = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def unscripted(browser):
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def tick(page, *numbers: int) -> list[str]:
    """Tick the boxes of these cards, from 0; their facilities' uuids."""
    boxes = page.locator(".choose input")
    for number in numbers:
        boxes.nth(number).check()
    return [boxes.nth(number).get_attribute("value") for number in numbers]


def codes(page) -> str:
    """The last part of the address, which names the facilities."""
    return urlsplit(page.url).path.rstrip("/").rpartition("/")[2]


def stored(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage)")


def press(page, name: str) -> None:
    follow(page.locator("#tray").get_by_role("button", name=name, exact=True))


def pages_of(pdf: bytes) -> int:
    """Pages of US Letter; any other size fails."""
    count = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert len(re.findall(LETTER, pdf)) == count
    return count


@pytest.fixture(scope="module")
def three(browser, served) -> str:
    """The codes of the first three facilities near a place."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(served.url + NEAR)
        tick(page, 0, 1, 2)
        press(page, "Compare")
        return codes(page)


@pytest.mark.browser
class TestJourney:
    def test_with_scripts_searches_filters_picks_compares_and_calls(self, page, served, complaints):
        page.goto(served.url + NEAR)
        with page.expect_response(lambda response: "medication=buprenorphine" in response.url):
            page.locator("#medication-buprenorphine").check()
        chosen = tick(page, 0, 1, 2)
        press(page, "Compare")

        heads = page.locator(".names [data-facility]")
        assert [heads.nth(number).get_attribute("data-facility") for number in range(3)] == chosen
        follow(page.get_by_role("link", name="Call sheet: numbers and what to ask"))
        expect(page.locator(".entry")).to_have_count(3)
        assert complaints == []

    def test_without_scripts_does_the_same(self, unscripted, served):
        unscripted.goto(served.url + NEAR)
        unscripted.locator("#medication-buprenorphine").check()
        follow(unscripted.locator(".find .primary"))
        assert "medication=buprenorphine" in unscripted.url
        chosen = tick(unscripted, 0, 1, 2)
        press(unscripted, "Compare")

        heads = unscripted.locator(".names [data-facility]")
        assert [heads.nth(number).get_attribute("data-facility") for number in range(3)] == chosen
        follow(unscripted.get_by_role("link", name=re.compile("Show all")))
        expect(unscripted.locator("tr.alike, tr.silent").nth(10)).to_be_attached()
        follow(unscripted.get_by_role("link", name="Remove").first)
        expect(heads).to_have_count(2)
        follow(unscripted.get_by_role("button", name="Add to the comparison"))
        expect(heads).to_have_count(3)

    def test_ticking_a_card_does_not_search_again(self, page, served):
        page.goto(served.url + NEAR)
        page.wait_for_load_state("networkidle")
        asked = []
        page.on("request", lambda request: asked.append(request.url))

        tick(page, 0)
        page.wait_for_timeout(300)

        assert asked == []

    def test_from_a_facility_compares_it_with_those_nearby(self, unscripted, served):
        unscripted.goto(served.url + NEAR)
        follow(unscripted.locator(".card h2 a").first)
        unscripted.locator(".nearby .tick input").first.check()
        follow(unscripted.get_by_role("button", name="Compare this one with the ticked ones"))

        assert len(codes(unscripted).split(",")) == 2


@pytest.mark.browser
class TestTray:
    def test_follows_from_page_to_page(self, page, served):
        page.goto(served.url + NEAR)
        first = tick(page, 0)
        page.goto(served.url + NEAR + "&page=2")
        second = tick(page, 1)
        expect(page.locator("#tray [data-count]")).to_have_text("2 on my list")
        press(page, "Compare")

        heads = page.locator(".names [data-facility]")
        uuids = {heads.nth(number).get_attribute("data-facility") for number in range(2)}
        assert uuids == {*first, *second}

    def test_keeps_ticks_when_results_change_in_place(self, page, served):
        page.goto(served.url + NEAR)
        (uuid,) = tick(page, 0)
        for sort in ("name", "distance"):
            with page.expect_response(lambda response: "/search/" in response.url):
                page.locator("#sort").select_option(label=SORTS[sort])
            page.wait_for_url(f"**sort={sort}**")

        expect(page.locator(f'.choose input[value="{uuid}"]')).to_be_checked()


@pytest.mark.browser
class TestCallSheet:
    @pytest.fixture
    def sheet(self, page, served, three):
        page.goto(f"{served.url}/call/{three}/")
        return page.locator(".entry").first

    @proves("notes")
    def test_keeps_marks_and_notes_on_this_device(self, page, sheet):
        sheet.get_by_label("full").check()
        sheet.locator("[data-note]").first.fill("Monday at nine")
        page.reload()

        expect(sheet.get_by_label("full")).to_be_checked()
        expect(sheet.locator("[data-note]").first).to_have_value("Monday at nine")

    @proves("notes")
    def test_sends_nothing_that_is_written(self, page, sheet):
        page.wait_for_load_state("networkidle")
        asked = []
        page.on("request", lambda request: asked.append(request.url))

        sheet.locator("[data-note]").first.fill("Monday at nine")
        sheet.locator("[data-note]").first.press("Enter")
        page.wait_for_timeout(300)

        assert asked == []

    @pytest.mark.parametrize(
        ("outcome", "words"),
        [
            ("wrong number", "Report the wrong number"),
            ("would not take my medication", "Americans with Disabilities Act"),
            ("waiting list", "On the waiting list until"),
        ],
    )
    def test_says_what_comes_next_once_an_outcome_is_ticked(self, sheet, outcome, words):
        told = sheet.locator(".follow-up").filter(has_text=words)
        expect(told).to_be_hidden()

        sheet.get_by_label(outcome, exact=True).check()

        expect(told).to_be_visible()

    def test_of_three_is_short_on_a_phone(self, page, served, three):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{served.url}/call/{three}/?place=11206&payment=medicaid&keeps=keep-methadone")

        assert page.evaluate("document.documentElement.scrollHeight") < 7000


@pytest.mark.browser
class TestHandout:
    def test_copies_a_text_message(self, browser, served, three):
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{served.url}/handout/{three}/")
        message = page.locator("textarea").first.input_value()

        page.get_by_role("button", name="Copy").first.click()

        expect(page.locator("#announcer")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == message
        context.close()


@pytest.mark.browser
class TestPaper:
    @pytest.mark.parametrize("path", SHEETS)
    def test_takes_so_many_pages(self, page, served, three, path):
        page.goto(f"{served.url}{path}{three}/")

        assert pages_of(page.pdf(format="Letter", prefer_css_page_size=True)) == SHEETS[path]

    def test_of_a_call_sheet_with_all_questions_is_one_for_each_facility(self, page, served, three):
        page.goto(f"{served.url}/call/{three}/?questions=all")

        assert pages_of(page.pdf(format="Letter", prefer_css_page_size=True)) == 3

    def test_of_five_compared_is_one_page_with_the_distances(self, page, served):
        page.goto(served.url + NEAR)
        tick(page, *range(5))
        press(page, "Compare")
        printed = page.pdf(format="Letter", prefer_css_page_size=True)
        page.emulate_media(media="print")

        assert pages_of(printed) == 1
        distances = page.locator("tr:has(th .title:text-is('Distance')) td")
        expect(distances).to_have_count(5)
        expect(distances.first).to_be_visible()

    def test_of_twelve_handed_out_is_three_pages(self, page, served):
        page.goto(served.url + NEAR)
        tick(page, *range(12))
        press(page, "Handout")

        expect(page.locator(".slip")).to_have_count(12)
        assert pages_of(page.pdf(format="Letter", prefer_css_page_size=True)) == 3

    @pytest.mark.parametrize("slug", ["emergency-plan", "aftercare-plan"])
    @pytest.mark.parametrize("language", ["", "/es"])
    def test_of_a_plan_is_one_page(self, page, served, slug, language):
        page.goto(f"{served.url}{language}/worksheets/{slug}/")

        assert pages_of(page.pdf(format="Letter", prefer_css_page_size=True)) == 1

    def test_of_a_handout_is_black_on_white_and_large_enough_to_fax(self, page, served, three):
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(f"{served.url}/handout/{three}/")

        found = page.evaluate("""() => [...document.querySelectorAll(".paper *")]
          .filter((each) => each.checkVisibility() && each.textContent.trim())
          .map((each) => getComputedStyle(each))
          .map(({ color, fontSize }) => [color, parseFloat(fontSize) * 72 / 96])""")

        assert {color for color, _ in found} == {"rgb(0, 0, 0)"}
        assert min(size for _, size in found) >= 11


@pytest.mark.browser
class TestPhone:
    def test_shows_no_more_than_two_columns(self, page, served):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(served.url + NEAR)
        tick(page, *range(4))
        press(page, "Compare")
        expect(page.locator(".names [data-facility]:visible")).to_have_count(2)

        page.locator("#right-4").check()

        shown = page.locator(".names [data-facility]:visible .number")
        expect(shown).to_have_text(["1", "4"])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    @pytest.mark.parametrize(("width", "size"), [(320, "100%"), (390, "200%")])
    def test_needs_no_sideways_scroll(self, page, served, three, width, size):
        page.set_viewport_size({"width": width, "height": 700})
        for path in SHEETS:
            page.goto(f"{served.url}{path}{three}/")
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    def test_keeps_names_in_sight(self, page, served, three):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{served.url}/compare/{three}/")

        page.mouse.wheel(0, 2500)
        page.wait_for_function("() => scrollY > 2000")

        top = page.locator(".names [data-facility]:visible").first.bounding_box()["y"]
        assert 0 <= top < 20
