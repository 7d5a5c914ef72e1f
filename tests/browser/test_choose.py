"""The questions of /choose/, one at a time, in a real browser with scripts on and off."""

import pytest
from playwright.sync_api import expect

from facilities.guidance.care_finder import SCREENS

from ..support import axe
from ..support.navigation import follow

FRAGMENTS = [f"#q-{screen.slug}" for screen in SCREENS]
TICKED = (
    ("danger", "no"), ("person", "me"), ("age", "adult"), ("substance", "opioids"),
    ("last_use", "day"), ("shaking", "before"), ("seizures", "no"), ("medication", "no"),
    ("pregnant", "no"), ("suicide", "no"), ("illness", "no"), ("mental", "no"), ("home", "yes"),
    ("company", "yes"), ("payment", "medicaid"),
)  # fmt: skip


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(browser, request):
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def expect_screens(page, *seen: str) -> None:
    """Wait until these screens can be seen, by their fragments, and no others."""
    for fragment in FRAGMENTS:
        expect(page.locator(fragment)).to_be_visible(visible=fragment in seen)


def tick(page, fragment: str) -> None:
    """Answer what this screen asks."""
    for name, value in TICKED:
        box = page.locator(f'{fragment} input[name="{name}"][value="{value}"]')
        if box.count():
            box.check()


def is_ticked(page, name: str, value: str) -> bool:
    return page.locator(f'input[name="{name}"][value="{value}"]').is_checked()


def turn(page, fragment: str, words: str = "Next") -> None:
    follow(page.locator(f"{fragment} .turns a:visible", has_text=words))


def answer_all(page, url: str) -> None:
    """Go through every screen to the answer."""
    page.goto(f"{url}/choose/")
    for fragment in FRAGMENTS[:-1]:
        expect_screens(page, fragment)
        tick(page, fragment)
        turn(page, fragment)
    page.locator("#q-input-place").fill("11206")
    tick(page, "#q-place")
    follow(page.locator("#q-place button"))


@pytest.mark.browser
class TestJourney:
    def test_asks_one_question_at_a_time_and_sends_nothing_before_the_end(self, page, served):
        sent = []
        page.goto(f"{served.url}/choose/")
        page.wait_for_load_state("networkidle")
        page.on("request", lambda request: sent.append(request.url))  # but for the icon
        for fragment in FRAGMENTS[:-1]:
            expect_screens(page, fragment)
            tick(page, fragment)
            turn(page, fragment)

        expect_screens(page, "#q-place")
        assert [url for url in sent if "/static/" not in url] == []

    def test_keeps_what_is_ticked_on_the_way_back(self, page, served):
        page.goto(f"{served.url}/choose/")
        for fragment in FRAGMENTS[:4]:
            tick(page, fragment)
            turn(page, fragment)
        page.go_back()
        page.go_back()

        expect_screens(page, "#q-substance")
        assert is_ticked(page, "substance", "opioids")
        turn(page, "#q-substance", "Back")
        expect_screens(page, "#q-person")
        assert is_ticked(page, "age", "adult")

    def test_leads_to_a_list_near_home_and_back_without_an_error(self, page, served):
        answer_all(page, served.url)
        answer = page.url
        assert page.locator("[data-headline]").get_attribute("data-headline") == "start"
        expect(page.locator(".nearest li .distance").nth(2)).to_be_visible()
        assert page.context.cookies() == []

        follow(page.locator("a.all-near").first)
        assert page.url.startswith(f"{served.url}/search/?place=11206")
        response = page.go_back()
        assert page.url == answer
        assert response is None or response.status == 200
        expect(page.locator("[data-headline]")).to_be_visible()
        page.reload()
        expect(page.locator("[data-headline]")).to_be_visible()

        page.go_back()
        expect_screens(page, "#q-place")
        expect(page.locator("#q-input-place")).to_have_value("11206")
        assert all(is_ticked(page, name, value) for name, value in TICKED)

    def test_leads_to_changing_the_answers(self, page, served):
        answer_all(page, served.url)
        page.get_by_role("link", name="Change your answers").click()

        expect_screens(page, "#q-danger")
        assert all(is_ticked(page, name, value) for name, value in TICKED)


@pytest.mark.browser
class TestQuestions:
    def test_of_withdrawal_are_passed_over_for_stimulants_alone(self, page, served):
        page.goto(f"{served.url}/choose/#q-substance")
        page.locator("input[value=stimulants]").check()
        turn(page, "#q-substance")

        expect_screens(page, "#q-medication")
        assert "Question 4 of 7" in page.locator("#q-medication legend").first.inner_text()
        turn(page, "#q-medication", "Back")
        expect_screens(page, "#q-substance")

        page.locator("input[value=alcohol]").check()
        turn(page, "#q-substance")
        expect_screens(page, "#q-withdrawal")
        assert "Question 4 of 8" in page.locator("#q-withdrawal legend").first.inner_text()

    @pytest.mark.parametrize(("name", "number"), [("danger", "911"), ("suicide", "988")])
    def test_stop_at_once_for_a_danger(self, page, served, name, number):
        page.goto(f"{served.url}/choose/#q-{name}")
        alert = page.locator(f"#q-{name} .alert")
        assert not alert.is_visible()

        page.locator(f"input[name={name}][value=yes]").check()

        expect(alert).to_be_visible()
        call = alert.locator("a").first
        assert call.get_attribute("href") == f"tel:{number}"
        assert call.bounding_box()["y"] < 844
        expect(page.locator(f"#q-{name} .turns .primary:visible")).to_have_count(0)
        follow(page.locator(f"#q-{name} .at-once").get_by_text("Go on with the questions"))
        expect_screens(page, FRAGMENTS[FRAGMENTS.index(f"#q-{name}") + 1])

    def test_stand_all_on_one_page_for_whoever_wants(self, page, served):
        page.goto(f"{served.url}/choose/")
        page.locator("#q-danger input[value=no]").check()
        follow(page.get_by_role("link", name="All questions on one page"))

        expect_screens(page, *FRAGMENTS)
        expect(page.locator(".turns a:visible")).to_have_count(0)
        assert is_ticked(page, "danger", "no")

    @pytest.mark.parametrize(
        ("fragment", "field"),
        [("#q-person", "input[name=age][value=adult]"), ("#q-place", "#q-input-place")],
    )
    def test_are_not_sent_by_the_enter_key(self, page, served, fragment, field):
        page.goto(f"{served.url}/choose/{fragment}")
        page.locator(field).press("Enter")
        page.wait_for_timeout(300)

        assert page.url == f"{served.url}/choose/{fragment}"
        expect_screens(page, fragment)

    @pytest.mark.parametrize("width", [320, 390, 1280])
    @pytest.mark.parametrize("language", ["", "/es"])
    def test_can_be_tapped_and_need_no_sideways_scroll(self, browser, served, width, language):
        context = browser.new_context(viewport={"width": width, "height": 844}, has_touch=True)
        page = context.new_page()
        for fragment in [*FRAGMENTS, "#q-all"]:
            page.goto(f"{served.url}{language}/choose/{fragment}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), fragment
            small = page.evaluate("""() => [...document.querySelectorAll(
                ".screens .box, .screens a, .screens button")]
              .filter((each) => each.checkVisibility() && !each.closest(".source"))
              .filter((each) => each.getBoundingClientRect().height < 44)
              .map((each) => each.outerHTML.slice(0, 100))""")
            assert small == [], fragment
        context.close()

    def test_take_the_focus_where_the_link_leads(self, browser, served):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{served.url}/choose/")
        turn(page, "#q-danger")

        expect(page.locator("#q-person")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "person"
        context.close()

    @pytest.mark.parametrize(("language", "scheme"), [("", "light"), ("/es", "dark")])
    def test_leave_axe_nothing_to_say_on_any_screen(self, browser, served, language, scheme):
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        page.goto(f"{served.url}{language}/choose/")
        for name in ("danger", "suicide"):
            page.locator(f"input[name={name}][value=yes]").evaluate("each => each.checked = true")
        for fragment in [*FRAGMENTS, "#q-all"]:
            page.evaluate("fragment => { location.hash = fragment }", fragment)
            page.locator(fragment).wait_for(state="visible")
            assert axe.violations(page, "main") == [], fragment
        context.close()
