"""A curator's work on one facility in a real browser, under the site's strict policy."""

from itertools import chain

import pytest
from playwright.sync_api import expect

from facilities.curation import listing_doubt
from facilities.models import Facility, Proposal

from ..support.accounts import client_of, staff_member
from ..support.csp_violations import breaches
from ..support.factories import TODAY, make_listing
from ..support.navigation import follow


@pytest.fixture
def listing(transactional_db) -> Facility:
    return make_listing(name1="Alder House")


@pytest.fixture
def staff_page(live_server, browser, listing, settings):
    """Opens the listing's page as a person; what the browser refuses fails the test."""
    refused = []

    def opened(user):
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client_of(user).cookies[name].value}
        context = browser.new_context()
        context.add_cookies([cookie | {"url": live_server.url}])
        page = context.new_page()
        refused.append(breaches(page))
        page.goto(f"{live_server.url}/admin/facilities/facility/{listing.pk}/change/")
        return page

    yield opened
    assert [*chain.from_iterable(refused)] == []


class TestACurator:
    def test_corrects_a_number_with_somebody_elses_second_check(self, staff_page, listing):
        ana = staff_page(staff_member("curator", name="ana"))
        ana.get_by_label("Phone", exact=True).fill("518-555-0102")
        ana.get_by_label("By phone", exact=True).check()
        follow(ana.get_by_role("button", name="Record what I found"))
        expect(ana.locator("main")).to_contain_text("waits for a second person")
        assert listing_doubt(listing, TODAY)

        ben = staff_page(staff_member("curator", name="ben"))
        ben.get_by_label("How you know").select_option("From a document")
        ben.get_by_role("textbox", name="Note", exact=True).fill("Seen on its license.")
        follow(ben.get_by_role("button", name="I found the same: show it"))

        expect(ben.locator("main")).to_contain_text("ben, From a document")
        listing.refresh_from_db()
        assert (listing.phone, listing_doubt(listing, TODAY)) == ("518-555-0102", "")

    def test_corrects_a_number_from_a_call_in_four_actions(self, staff_page, live_server, listing):
        page = staff_page(staff_member("curator"))
        page.goto(f"{live_server.url}/admin/queue/{listing.code}/")

        page.locator("input[name=wrong][value=phone]").check()
        with page.expect_navigation():
            page.keyboard.press("2")
        if page.get_by_role("button", name="Yes, record").is_visible():  # no call is so short
            follow(page.get_by_role("button", name="Yes, record"))
        page.get_by_label("Phone", exact=True).fill("518-555-0102")
        follow(page.get_by_role("button", name="Record what I found"))

        proposal = Proposal.objects.get()
        assert (proposal.value, proposal.method) == ("518-555-0102", "phone")

    def test_finds_the_keys_by_a_key_and_the_search_by_another(self, staff_page, live_server):
        page = staff_page(staff_member("curator"))
        page.keyboard.press("/")
        expect(page.get_by_label("Find a service on this page")).to_be_focused()

        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("?")

        expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
        page.get_by_label("One key is enough").uncheck()
        page.goto(f"{live_server.url}/admin/queue/")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Keys")

    def test_narrows_the_services_by_typing(self, staff_page):
        page = staff_page(staff_member("curator"))

        page.get_by_label("Find a service on this page").fill("Suboxoné")

        shown = page.locator("tr.service:visible th").all_inner_texts()
        assert 0 < len(shown) < 30
        assert any(name.startswith("Buprenorphine") for name in shown)
        assert page.locator("input[name='seen-services']").input_value().startswith("[[")

    def test_goes_to_the_service_that_was_searched_for(self, staff_page):
        page = staff_page(staff_member("curator"))
        box = page.get_by_label("Find a service on this page")

        box.fill("Medicaid")
        box.press("Enter")

        focused = page.locator("select:focus")
        expect(focused).to_have_attribute("name", "do-service:medicaid")
        expect(focused).to_be_in_viewport()

    def test_is_told_of_what_somebody_else_changed_meanwhile(self, staff_page, listing):
        ana = staff_page(staff_member("curator", name="ana"))
        ben = staff_page(staff_member("curator", name="ben"))
        for page, hours in ((ben, "Mornings"), (ana, "Evenings")):
            page.get_by_label("Admission hours", exact=True).fill(hours)
            page.get_by_label("By phone", exact=True).check()
            follow(page.get_by_role("button", name="Record what I found"))

        expect(ana.locator("main")).to_contain_text("It is now: Mornings. By ben")
        expect(ana.get_by_label("Admission hours", exact=True)).to_have_value("Evenings")
        listing.refresh_from_db()
        assert listing.admission_hours == "Mornings"
