"""In Chromium without scripts: a report followed to its end, a facility's update made public."""

import pytest
from playwright.sync_api import expect

from ..support.csp_violations import breaches
from ..support.navigation import follow
from ..support.staff_session import log_in

PHONE = {"width": 320, "height": 700}
TO_FILL_IN = 3_500  # ms; a form sent sooner is a robot's


@pytest.fixture
def public(browser):
    """A visitor on a narrow screen, without scripts, and what the browser refused."""
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    return page, breaches(page)


@pytest.fixture
def staff(browser, served, site_environment):
    def page_of(role: str):
        context = browser.new_context(java_script_enabled=False)
        log_in(context, served, site_environment, role)
        return context.new_page()

    return page_of


def first_listing(page, served, place: str) -> str:
    """The address of the nearest listing."""
    page.goto(f"{served.url}/search/?place={place}")
    return served.url + page.locator("article.card h2 a").first.get_attribute("href")


class TestReport:
    def test_is_sent_answered_and_followed(self, public, staff, served):
        page, refused = public
        listing = first_listing(page, served, "43215")
        page.goto(listing)
        follow(page.get_by_role("link", name="Report a problem"))
        page.get_by_label("It has closed or moved").check()
        page.get_by_label("What should it say").fill("A bakery is there now.")
        page.wait_for_timeout(TO_FILL_IN)
        follow(page.get_by_role("button", name="Send the report"))
        code = page.locator("[data-receipt]").inner_text()

        curator = staff("curator")
        curator.goto(f"{served.url}/admin/facilities/report/?is=open")
        follow(curator.locator("#result_list tbody a").first)
        expect(curator.locator("#content")).to_contain_text("A bakery is there now.")
        follow(curator.get_by_role("button", name="Take it in hand"))
        curator.get_by_label("Checked: could not be settled").check()
        curator.get_by_label("Answer").fill("Nobody answered. We call again on Monday.")
        follow(curator.get_by_role("button", name="Close"))

        follow(page.get_by_role("link", name="See what was done"))
        page.get_by_label("The code on your receipt").fill(code.lower())
        follow(page.get_by_role("button", name="Show what was done"))
        expect(page.locator("main")).to_contain_text("Nobody answered. We call again on Monday.")
        assert page.context.cookies() == []
        assert refused == []
        assert code.replace("-", "") not in served.log_text().upper()


class TestUpdate:
    def test_goes_from_the_link_to_the_public_page(self, public, staff, served):
        page, refused = public
        listing = first_listing(page, served, "78701")
        editor = staff("editor")
        editor.goto(listing)
        code = listing.rstrip("/")[-8:]
        editor.goto(f"{served.url}/admin/facilities/updatelink/add/?facility={code}")
        editor.get_by_label("I have confirmed").check()
        follow(editor.get_by_role("button", name="Make the link"))
        link = editor.get_by_label("Copy the link now").input_value()

        page.goto(link)
        page.get_by_label("Yes", exact=True).first.check()
        page.get_by_label("Women", exact=True).first.check()
        page.wait_for_timeout(TO_FILL_IN)
        follow(page.get_by_role("button", name="Show this now"))
        page.get_by_label("Who cannot be admitted").fill("People under 18")
        page.wait_for_timeout(TO_FILL_IN)
        follow(page.get_by_role("button", name="Send the changes"))
        expect(page.locator("main")).to_contain_text("Our staff check your changes")

        page.goto(listing)
        expect(page.locator(".available")).to_contain_text("That is for: Women.")
        expect(page.locator("main")).not_to_contain_text("People under 18")
        curator = staff("curator")
        curator.goto(f"{served.url}/admin/facilities/proposal/")
        follow(curator.locator("#result_list tbody a").first)
        curator.get_by_label("show it").check()
        follow(curator.get_by_role("button", name="Settle what is marked"))

        page.goto(listing)
        expect(page.locator("main")).to_contain_text("People under 18")
        assert refused == []
        assert link.partition("link=")[2] not in served.log_text()


class TestQuality:
    def test_fits_a_narrow_screen_with_its_plots(self, public, served):
        page, refused = public

        page.goto(f"{served.url}/quality/")

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator(".plot svg").first.bounding_box()["width"] > 50
        assert refused == []
