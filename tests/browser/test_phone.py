"""The search on a phone of 390 by 844 pixels, on the real list: results first, nothing covered."""

import pytest
from playwright.sync_api import expect

THREE_FILTERS = (
    "place=11206&payment=medicaid&setting=overnight-detox&substance=opioid-detox",
    "place=90012&payment=medicaid&people=women&medication=buprenorphine",
    "place=60601&starts=start-buprenorphine&payment=sliding-scale&language=spanish",
    "place=Texas&substance=alcohol-detox&setting=overnight-detox&payment=medicaid",
)
# What of the focused element lies under the bar that leaves the site.
COVERED = """() => {
  const bar = document.querySelector("[data-exit]"), focused = document.activeElement;
  if (focused === bar || focused === document.body) return "";
  const box = focused.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
  return box.bottom > top + 1 && box.height < top ? focused.outerHTML.slice(0, 120) : "";
}"""


@pytest.fixture
def phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def bottom(locator) -> float:
    box = locator.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.browser
class TestFirstResult:
    @pytest.mark.parametrize("language", ["", "/es"])
    @pytest.mark.parametrize("query", THREE_FILTERS)
    def test_is_in_sight_with_three_filters(self, phone, served, language, query):
        phone.goto(f"{served.url}{language}/search/?{query}")
        bar = phone.locator("[data-exit]").bounding_box()["y"]
        card = phone.locator("article").first

        assert phone.locator("#filters > summary .chosen").inner_text() == "3"
        assert bottom(card.locator("h2")) < bar
        assert bottom(card.locator(".kind")) < bar

    @pytest.mark.parametrize("language", ["", "/es"])
    def test_shows_its_name_below_the_notice_of_hours_and_the_lines_on_detox(
        self, phone, served, language
    ):
        phone.goto(f"{served.url}{language}/search/?q=detox+open+now+11206+medicaid")
        bar = phone.locator("[data-exit]").bounding_box()["y"]

        assert phone.locator("[data-notice='hours']").is_visible()
        assert phone.locator(".alternative p").count() == 2
        assert bottom(phone.locator("article").first.locator("h2")) < bar

    def test_can_be_asked_for_by_name_in_the_box_at_hand(self, phone, served):
        phone.goto(f"{served.url}/search/?place=11206")
        box = phone.locator("#q")
        assert box.is_visible()
        box.fill("Phoenix House")
        box.press("Enter")
        phone.wait_for_url("**q=Phoenix*House**")
        phone.locator(".chips", has_text="Phoenix House").wait_for()

        for name in phone.locator("article h2").all_inner_texts():
            assert "phoenix" in name.lower()
        assert phone.locator("article").count() > 0


@pytest.mark.browser
class TestLeaveQuickly:
    @pytest.mark.parametrize("width", [390, 1280])
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/es/search/?place=11206&payment=medicaid",
            "/search/?place=11206&view=table",
            "/privacy/",
        ],
    )
    def test_covers_no_control_that_has_the_focus(self, page, served, path, width):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(served.url + path)
        if page.locator("#filters > summary").is_visible():
            page.locator("#filters > summary").click()
        covered = []
        for _ in range(90):
            page.keyboard.press("Tab")
            covered += filter(None, [page.evaluate(COVERED)])

        assert covered == []

    @pytest.mark.parametrize(
        "path", ["/", "/search/?place=11206", "/search/?place=11206&view=table"]
    )
    def test_covers_nothing_at_the_end_of_a_page(self, phone, served, path):
        phone.goto(served.url + path)
        phone.evaluate("scrollTo(0, document.body.scrollHeight)")
        phone.wait_for_timeout(100)  # cards are laid out as they come near
        phone.evaluate("scrollTo(0, document.body.scrollHeight)")

        bar = phone.locator("[data-exit]").bounding_box()["y"]
        assert bottom(phone.locator("footer.site > :last-child")) <= bar

    def test_leaves_the_buttons_of_a_choice_free(self, phone, served):
        phone.goto(f"{served.url}/search/?place=11206")
        for number in (0, 1):
            phone.locator('article input[name="facility"]').nth(number).check()

        bar = phone.locator("[data-exit]").bounding_box()["y"]
        for button in phone.locator("#tray .buttons button").all():
            assert bottom(button) <= bar


@pytest.mark.browser
class TestFilterSearch:
    def labels(self, page):
        return page.locator("#filters .box:visible .label")

    def test_leaves_the_boxes_that_have_the_letters(self, phone, served):
        phone.goto(f"{served.url}/es/search/?place=11206")
        phone.locator("#filters > summary").click()
        before = self.labels(phone).all_inner_texts()
        phone.locator("#narrow").fill("espanol")

        expect(self.labels(phone)).to_have_text(["Español"])
        phone.locator("#narrow").fill("")
        expect(self.labels(phone)).to_have_text(before)

    def test_finds_all_boxes_of_a_group_by_its_heading(self, phone, served):
        phone.goto(f"{served.url}/search/?place=11206")
        phone.locator("#filters > summary").click()
        phone.locator("#narrow").fill("payment accepted")

        expect(phone.locator("#group-medication")).to_be_hidden()
        assert {"Medicaid", "Medicare"} <= {*self.labels(phone).all_inner_texts()}

    def test_says_where_none_is_found_and_sends_nothing(self, phone, served):
        phone.goto(f"{served.url}/search/?place=11206")
        phone.locator("#filters > summary").click()
        address = phone.url
        phone.locator("#narrow").fill("zzz")
        phone.locator("#narrow").press("Enter")

        expect(phone.locator(".narrow [role=status]")).to_have_text("No filter has these words.")
        assert phone.url == address

    def test_stays_when_a_box_is_ticked(self, phone, served):
        phone.goto(f"{served.url}/search/?place=11206")
        phone.locator("#filters > summary").click()
        phone.locator("#narrow").fill("medicaid")
        promised = phone.locator("#payment-medicaid").get_attribute("data-count")
        phone.locator("#payment-medicaid").check()
        phone.locator(f'#results[data-total="{promised}"]').wait_for()

        expect(self.labels(phone)).to_have_text(["Medicaid", "State insurance other than Medicaid"])
        expect(phone.locator("#narrow")).to_have_value("medicaid")

    def test_without_scripts_is_not_there_and_hides_nothing(self, browser, served):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{served.url}/search/?place=11206")

        assert not page.locator("#narrow").is_visible()
        assert page.locator("#filters .box").count() > 100
        context.close()
