"""A facility's page in a real browser: the first screen, what is folded, on paper, copied."""

import re

import pytest
from playwright.sync_api import expect

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Of 2023: most services of all (159); detox in a hospital; next to nothing; several limits
MANY, HOSPITAL, BARE, LIMITED = "744y5hef", "meghxqc5", "kzmp7fvx", "2a5o3vqz"
PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def address(served, shared_data):
    """The address of a facility of the real list."""
    return lambda code, prefix="": f"{served.url}{prefix}/facility/{code}/"


@pytest.mark.browser
class TestFirstScreen:
    @pytest.mark.parametrize("prefix", ["", "/es"])
    @pytest.mark.parametrize("code", [MANY, HOSPITAL, BARE, LIMITED])
    def test_shows_the_facts_and_the_call(self, page, served, address, code, prefix):
        page.set_viewport_size(PHONE)
        page.goto(address(code, prefix), referer=f"{served.url}{prefix}/search/?place=11206")
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            assert page.locator(".back").is_visible(), size
            end = page.locator(".exit").bounding_box()["y"]

            boxes = [fact.bounding_box() for fact in page.locator("[data-fact]").all()]
            assert len(boxes) == 6
            call = page.locator(".key-facts .primary").bounding_box()
            assert max(box["y"] for box in boxes) < end, size
            assert call["y"] + call["height"] <= end, size

    def test_is_most_of_a_short_page_on_a_desk(self, page, address):
        page.set_viewport_size(DESK)
        page.goto(address(MANY))

        assert page.evaluate("document.documentElement.scrollHeight") < 3000
        assert not page.locator(".facts").first.is_visible()
        page.locator(".all > summary").first.press("Enter")
        expect(page.locator(".facts").first).to_be_visible()


@pytest.mark.browser
class TestOnPaper:
    @pytest.mark.parametrize("prefix", ["", "/es"])
    @pytest.mark.parametrize("code", [MANY, HOSPITAL])
    def test_is_one_page(self, page, address, code, prefix):
        page.goto(address(code, prefix))

        for paper in ("A4", "Letter"):
            assert len(PAGE_OBJECT.findall(page.pdf(format=paper))) == 1, paper

    def test_names_every_answer(self, page, address):
        page.goto(address(MANY))
        page.emulate_media(media="print")

        answers = page.locator(".facts summary")
        assert answers.count() > 150
        assert all(answer.is_visible() for answer in answers.all()[::10])
        assert page.locator(".printed").is_visible()


@pytest.mark.browser
class TestCopy:
    @pytest.fixture
    def page(self, browser):
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        yield context.new_page()
        context.close()

    def copied(self, page, name: str) -> str:
        page.get_by_role("button", name=name).click()
        expect(page.locator("#announcer")).to_have_text("Copied")
        return page.evaluate("navigator.clipboard.readText()")

    def test_takes_the_text_and_the_address(self, page, address):
        page.goto(address(HOSPITAL))

        assert self.copied(page, "Copy as text").splitlines() == [
            "New Vision at Three Rivers Health",
            "Beacon Health",
            "701 South Health Parkway, Three Rivers, MI 49093",
            "Phone: 269-467-0070",
            "Fax: not reported",
            "Kind of place: Hospital · Overnight detox",
            "Takes: women and men, young adults (18 to 25), adults (26 to 64)",
            "Detox: overnight: opioids, alcohol, benzodiazepines, cocaine, methamphetamine",
            "Medication: Buprenorphine (during detox only), Clonidine",
            "Payment: Medicaid, Medicare, Private health insurance, Cash or self-payment",
            "No ongoing medication reported after opioid detox: ask what comes next.",
            "The facility told SAMHSA: SAMHSA National Directory 2023, published on June 20, 2023."
            " Not checked by us: call to confirm.",
            page.url,
        ]
        assert self.copied(page, "Copy address") == (
            "701 South Health Parkway, Three Rivers, MI 49093"
        )

    def test_has_no_buttons_without_scripts_but_the_text(self, browser, address):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(address(HOSPITAL))

        assert page.locator("[data-copy]").count() == 2
        assert not any(button.is_visible() for button in page.locator("[data-copy]").all())
        page.locator(".as-text > summary").click()
        expect(page.locator("#as-text")).to_contain_text("New Vision at Three Rivers")
        context.close()
