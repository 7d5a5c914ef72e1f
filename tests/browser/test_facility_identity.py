"""Joining real duplicates and loading a release in a real browser, under the site's policy."""

from dataclasses import replace
from itertools import chain

import pytest
from playwright.sync_api import expect

from facilities.curation import FactCheck
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.models import Conflict, Facility, Merge

from ..support.accounts import client_of, staff_member
from ..support.background import run_jobs
from ..support.csp_violations import breaches
from ..support.factories import TODAY
from ..support.navigation import follow
from ..support.releases import NOW, house, load_edition, read_edition, state
from ..support.two_people import record_by_two

TWINS = (1539, 1540)  # rows of the 2023 workbook: one facility, seen by hand


@pytest.fixture
def opened(live_server, browser, settings, transactional_db):
    """Opens a page of the staff's site as a role; what the browser refuses fails the test."""
    refused = []

    def open_as(role: str, path: str):
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client_of(staff_member(role)).cookies[name].value}
        context = browser.new_context()
        context.add_cookies([cookie | {"url": live_server.url}])
        page = context.new_page()
        refused.append(breaches(page))
        page.goto(f"{live_server.url}/admin/{path}")
        return page

    yield open_as
    assert [*chain.from_iterable(refused)] == []


class TestAnEditor:
    def test_joins_two_real_duplicates_and_takes_them_apart(self, opened, reading_2023):
        rows = tuple(row for row in reading_2023.rows if row.row_number in TWINS)
        load_parsed_file(replace(reading_2023, rows=rows), LoadOptions(), today=TODAY)
        before = state()

        page = opened("editor", "facilities/likelypair/")
        follow(page.get_by_role("button", name="Search again"))
        follow(page.locator("#result_list tbody a").first)
        # Only the right one has an intake line: without it, joining would take a second person.
        follow(page.get_by_role("button", name="One: keep the right"))
        expect(page.locator("main")).to_contain_text("Joined.")
        assert Facility.objects.filter(status="listed").count() == 1

        page.goto(page.url.partition("/admin/")[0] + "/admin/facilities/merge/")
        follow(page.get_by_role("button", name="Take apart again"))
        assert state() == before
        assert Merge.objects.get().undone_at


class TestAnAdministrator:
    def test_looks_at_a_release_decides_and_loads_it(self, opened, tmp_path):
        alder = house("Alder House")
        load_edition(tmp_path, 2022, alder)
        facility = Facility.objects.get()
        page = opened("administrator", "facilities/release/load/")
        record_by_two(facility, FactCheck("city", "corrected", "Troy"), now=NOW)
        read_edition(tmp_path, 2023, alder | {"city": "Cohoes"}, house("Birch House"))

        page.get_by_label("File").set_input_files(tmp_path / "directory-2023.xlsx")
        follow(page.get_by_role("button", name="Read it"))
        run_jobs()
        page.reload()
        page.get_by_label("On its website").check()
        page.get_by_label("Keep ours").check()
        follow(page.get_by_role("button", name="Load it"))
        run_jobs()
        page.reload()

        expect(page.locator("main")).to_contain_text("Loaded: 1 added")
        facility.refresh_from_db()
        assert (facility.city, Conflict.objects.count()) == ("Troy", 0)
