"""The look of the pages and what they do, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from ..support.navigation import follow

NEAR_BROOKLYN = "/search/?place=11206"
PAGES = ("/", "/search/", NEAR_BROOKLYN, "/search/?place=Springfield", "/search/?place=zzqqzz")


@pytest.fixture
def complaints(page) -> list[str]:
    """What the console and the security policy object to while ``page`` is used."""
    found = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture(scope="module")
def facility_path(browser, served) -> str:
    """The address of the first facility of the search."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(served.url + NEAR_BROOKLYN)
        return page.locator(".card h2 a").first.get_attribute("href")


def total(page) -> int:
    return int(page.locator("#results").get_attribute("data-total"))


def expect_total(page, total: int) -> None:
    expect(page.locator("#results")).to_have_attribute("data-total", str(total))


def overflow(page) -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def open_group(page, name: str) -> None:
    """Make the boxes of a group visible, on a phone too."""
    for summary in ("#filters > summary", f"#group-{name} > summary"):
        if page.locator(summary).is_visible():
            page.locator(summary).click()


@pytest.mark.browser
class TestNarrowScreens:
    @pytest.mark.parametrize("language", ["", "/es"])
    def test_need_no_sideways_scroll_at_320_pixels(self, page, served, facility_path, language):
        page.set_viewport_size({"width": 320, "height": 640})
        for path in (*PAGES, facility_path):
            page.goto(served.url + language + path.removeprefix("/es"))
            assert overflow(page) <= 0, path

    def test_need_none_with_text_at_twice_the_size(self, page, served, facility_path):
        page.set_viewport_size({"width": 390, "height": 844})
        for path in (*PAGES, facility_path):
            page.goto(served.url + path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert overflow(page) <= 0, path

    def test_show_calls_as_targets_of_44_pixels(self, page, served):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(served.url + NEAR_BROOKLYN)

        for link in page.locator(".crisis a, .card .tel").all():
            assert link.bounding_box()["height"] >= 44

    def test_read_filters_before_cards(self, page, served):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(served.url + NEAR_BROOKLYN)

        heading, filters, card = (
            page.locator(part).first.bounding_box()["y"] for part in ("h1", "#filters", ".card")
        )
        assert heading < filters < card
        assert not page.locator("#medication-buprenorphine").is_visible()


@pytest.mark.browser
class TestWideScreens:
    def test_show_the_filters_beside_the_cards(self, page, served):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(served.url + NEAR_BROOKLYN)

        box, card = page.locator("#medication-buprenorphine"), page.locator(".card").first
        assert box.is_visible()
        assert box.bounding_box()["x"] < card.bounding_box()["x"]


@pytest.mark.browser
class TestJourney:
    def test_makes_the_console_say_nothing(self, page, served, complaints, facility_path):
        for path in ("/", "/es/", NEAR_BROOKLYN, facility_path):
            page.goto(served.url + path)
        page.locator(".all > summary").first.click()
        page.locator(".facts summary").first.click()

        expect(page.locator(".facts details[open] p").first).to_be_visible()
        assert complaints == []

    def test_asks_no_other_origin(self, page, served, facility_path):
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        for path in ("/", NEAR_BROOKLYN, facility_path, "/nowhere/"):
            page.goto(served.url + path, wait_until="networkidle")

        assert len(asked) > 10
        assert [address for address in asked if not address.startswith(served.url)] == []

    def test_names_the_search_in_its_title(self, page, served):
        page.goto(served.url + NEAR_BROOKLYN)
        heading = page.locator("h1").inner_text()

        assert "within 25 miles of 11206" in heading
        assert page.title() == f"{heading} · Open Treatment Directory"

    def test_reads_in_public_sans(self, page, served):
        page.goto(served.url + "/", wait_until="networkidle")

        assert page.evaluate("document.fonts.check('16px \"Public Sans\"')")


def chip(page, label: str):
    """The link among the active filters that takes one off."""
    return page.locator(".chips a", has_text=label)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
class TestTicking:
    @pytest.fixture(autouse=True)
    def _searched(self, page, served, width):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(served.url + NEAR_BROOKLYN)
        open_group(page, "medication")

    def test_changes_the_results_in_place(self, page, complaints):
        promised = int(page.locator("#medication-methadone").get_attribute("data-count"))
        page.locator("h1").evaluate("element => document.body.dataset.kept = 'yes'")
        page.locator("#medication-methadone").check()
        page.wait_for_url("**medication=methadone**")
        chip(page, "Methadone").wait_for()

        expect_total(page, promised)
        heading = page.locator("h1").inner_text()
        expect(page).to_have_title(re.compile(f"^{re.escape(heading)}"))
        expect(page.locator("#announcer")).to_have_text(heading)
        assert page.locator("body").get_attribute("data-kept") == "yes"
        assert complaints == []

    def test_keeps_focus_and_place_of_the_box(self, page):
        box = page.locator("#medication-methadone")
        box.scroll_into_view_if_needed()
        before = box.bounding_box()["y"]
        box.check()
        chip(page, "Methadone").wait_for(state="attached")

        assert box.evaluate("element => element === document.activeElement")
        assert box.bounding_box()["y"] == pytest.approx(before, abs=1)

    def test_leaves_out_what_is_empty(self, page):
        page.locator("#medication-methadone").check()
        page.wait_for_url("**medication=methadone**")

        assert page.url.endswith("/search/?place=11206&medication=methadone")

    def test_is_undone_by_going_back(self, page):
        before = total(page)
        page.locator("#medication-methadone").check()
        page.wait_for_url("**medication=methadone**")
        page.go_back()
        page.wait_for_url("**/search/?place=11206")

        chip(page, "Methadone").wait_for(state="detached")
        expect_total(page, before)
        expect(page.locator("#medication-methadone")).not_to_be_checked()

    def test_is_undone_by_the_chip(self, page):
        before = total(page)
        page.locator("#medication-methadone").check()
        chip(page, "Methadone").click()
        chip(page, "Methadone").wait_for(state="detached")

        expect_total(page, before)
        expect(page).to_have_url(re.compile(r"/search/\?place=11206$"))


@pytest.mark.browser
class TestPaging:
    def test_leads_to_the_heading_of_the_next_page(self, page, served):
        page.goto(served.url + NEAR_BROOKLYN)
        first = page.locator(".card").first.get_attribute("data-facility")
        page.locator(".pager .next").click()
        page.wait_for_url("**page=2**")
        page.locator(".pager .previous").wait_for()

        assert page.locator(".card").first.get_attribute("data-facility") != first
        expect(page.locator("#found")).to_be_focused()
        assert page.locator("#found").bounding_box()["y"] >= 0

    def test_keeps_the_order_that_was_chosen(self, page, served):
        page.goto(served.url + NEAR_BROOKLYN)
        page.locator("#sort").select_option("name")
        page.wait_for_url("**sort=name**")
        page.locator(".pager .next").click()
        page.wait_for_url("**page=2**")

        assert "sort=name" in page.url


@pytest.mark.browser
class TestHaste:
    def test_the_last_box_ticked_wins(self, page, served):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(served.url + NEAR_BROOKLYN)
        boxes = ["medication-methadone", "medication-naltrexone"]
        page.evaluate("ids => ids.forEach(id => document.getElementById(id).click())", boxes)
        page.wait_for_url("**medication=methadone&medication=naltrexone**")
        page.locator(".chips li").nth(2).wait_for()

        expect_total(page, int(page.locator("#medication-naltrexone").get_attribute("data-count")))

    def test_a_missing_htmx_leaves_a_plain_form(self, page, served):
        page.route("**/htmx*", lambda route: route.abort())
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(served.url + NEAR_BROOKLYN)
        open_group(page, "medication")
        page.locator("#medication-methadone").check()
        page.locator(".apply button").click()

        page.wait_for_url("**/search/?place=11206&medication=methadone")
        expect(page.locator("#medication-methadone")).to_be_checked()


@pytest.mark.browser
class TestWithoutScripts:
    @pytest.fixture
    def page(self, browser):
        context = browser.new_context(java_script_enabled=False)
        yield context.new_page()
        context.close()

    def test_the_form_asks_the_same(self, page, served):
        page.goto(served.url + NEAR_BROOKLYN)
        promised = int(page.locator("#medication-methadone").get_attribute("data-count"))
        page.locator("#medication-methadone").check()
        follow(page.get_by_role("button", name="Search", exact=True))

        assert "medication=methadone" in page.url
        expect_total(page, promised)
        expect(page.locator("#medication-methadone")).to_be_checked()

    def test_the_order_has_a_button_and_location_none(self, page, served):
        page.goto(served.url + NEAR_BROOKLYN)

        assert page.locator(".sort button").is_visible()
        assert not page.locator("#locate").is_visible()

    def test_pages_are_links(self, page, served):
        page.goto(served.url + NEAR_BROOKLYN)
        follow(page.locator(".pager .next"))

        assert "page=2" in page.url


@pytest.mark.browser
class TestLocation:
    @pytest.fixture
    def page(self, browser):
        where = {"latitude": 40.712776, "longitude": -73.956789}
        context = browser.new_context(geolocation=where, permissions=["geolocation"])
        yield context.new_page()
        context.close()

    @pytest.mark.parametrize("path", ["/", NEAR_BROOKLYN])
    def test_is_told_by_two_decimals(self, page, served, path):
        page.goto(served.url + path)
        page.locator("#locate").click()
        page.wait_for_url("**lat=40.71**")

        assert page.url.endswith("/search/?lat=40.71&lon=-73.96")
        assert total(page) > 0


@pytest.mark.browser
class TestPaper:
    def test_carries_the_help_lines_and_the_facts_alone(self, page, served, facility_path):
        page.goto(served.url + facility_path)
        page.emulate_media(media="print")

        assert page.locator(".crisis").bounding_box()["height"] < 44
        assert page.locator(".facts li").first.is_visible()
        for gone in ("header.site nav", ".contents", ".nearby"):
            assert not page.locator(gone).first.is_visible()
