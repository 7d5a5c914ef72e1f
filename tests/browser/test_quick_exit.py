"""Leaving quickly: by button and by key, what it hides, and what stays behind it."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from ..support.html import Page
from ..support.privacy_proofs import proves

ELSEWHERE = settings.QUICK_EXIT_URL


@pytest.fixture
def neutral(page):
    """A page as somebody leaves it for; ``neutral`` lists who asked, and from where."""
    asked = []

    def answer(route):
        asked.append(route.request.headers.get("referer", ""))
        route.fulfill(body="<title>Weather</title>Sunny.", content_type="text/html")

    page.context.route(f"{ELSEWHERE}**", answer)
    return asked


def addresses(page) -> list[str]:
    entries = page.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]
    return [entry["url"] for entry in entries]


def press(page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Escape")


@pytest.mark.django_db
class TestButton:
    @pytest.mark.parametrize(
        "path", ["/", "/es/", "/search/", "/privacy/", "/help-now/", "/receipt/", "/nowhere/"]
    )
    def test_is_on_every_public_page_and_tells_nobody_where_from(self, client, path):
        page = Page(client.get(path))

        assert page.attribute("a.exit", "href") == ELSEWHERE
        assert page.attribute("a.exit", "rel") == "noreferrer nofollow"
        assert page.all('script[src$="facilities/exit.js"]')

    def test_is_not_among_the_staffs_tools(self, client):
        assert "data-exit" not in client.get("/admin/login/").content.decode()

    def test_leads_where_the_operator_set(self, client, settings):
        settings.QUICK_EXIT_URL = "https://www.example.org/"

        assert 'href="https://www.example.org/"' in client.get("/").content.decode()
        assert "opens www.example.org in" in client.get("/privacy/").content.decode()


@pytest.mark.browser
class TestLeaving:
    @proves("exit", "exit-back", "referrer")
    def test_by_button_takes_the_pages_place(self, page, served, neutral):
        page.goto(f"{served.url}/guides/")
        page.goto(f"{served.url}/guides/medications/")

        page.get_by_role("link", name="Leave quickly").click()
        page.wait_for_url(ELSEWHERE)

        assert neutral == [""]
        assert page.evaluate("document.referrer") == ""
        # The page left is gone from behind Back; the one before it is not.
        assert addresses(page)[-2:] == [f"{served.url}/guides/", ELSEWHERE]

    @proves("exit")
    def test_by_key_hides_the_page_before_the_other_one_answers(self, page, served):
        # A line so bad that no other page comes.
        page.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(status=204))
        page.goto(f"{served.url}/guides/medications/")

        press(page, 2)
        expect(page.locator("#announcer")).to_have_text("Press Esc once more to leave this site.")
        expect(page.locator("h1")).to_be_visible()
        press(page, 1)

        expect(page.locator("body")).to_be_hidden()
        assert page.title().strip("\u200b") == ""

    def test_needs_three_presses_in_a_row_and_none_that_closes_something(
        self, page, served, neutral
    ):
        page.goto(f"{served.url}/search/?place=11206")
        press(page, 2)
        page.keyboard.press("Tab")
        press(page, 2)
        page.evaluate("""() => {
          const dialog = document.body.appendChild(document.createElement("dialog"));
          dialog.showModal();
        }""")
        press(page, 1)
        page.wait_for_timeout(300)

        assert page.locator("dialog[open]").count() == 0
        assert neutral == []
        assert "/search/" in page.url

    @proves("exit-plain", "referrer")
    def test_without_scripts_is_a_plain_link(self, browser, served):
        context = browser.new_context(java_script_enabled=False)
        page, asked = context.new_page(), []
        context.route(f"{ELSEWHERE}**", lambda route: (
            asked.append(route.request.headers.get("referer", "")), route.fulfill(body="Sunny.")
        ))  # fmt: skip
        page.goto(f"{served.url}/guides/medications/")

        page.get_by_role("link", name="Leave quickly").click()
        page.wait_for_url(ELSEWHERE)

        assert asked == [""]
        assert addresses(page)[-2:] == [f"{served.url}/guides/medications/", ELSEWHERE]
        context.close()

    @pytest.mark.parametrize("width", [320, 1280])
    def test_button_stays_in_sight_and_off_the_last_words(self, page, served, width):
        page.set_viewport_size({"width": width, "height": 640})
        page.goto(f"{served.url}/guides/medications/")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")

        button = page.locator("[data-exit]").bounding_box()
        last = page.locator("footer.site p").last.bounding_box()

        assert 0 <= button["y"] <= 640 - button["height"]
        assert min(button["width"], button["height"]) >= 44
        assert last["y"] + last["height"] <= button["y"]
