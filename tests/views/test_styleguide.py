"""The maintainers' page of components: all of them, from the fragments themselves."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ..support.html import Page
from ..support.real_data import ROOT

TEMPLATES = ROOT / "templates" / "public" / "facilities"
PAGES = ("/components/", "/es/components/")
# What may stand in one fragment alone, and which
ONE_FRAGMENT = {
    'class="notice': "components/notice.html",
    'class="tel': "components/phone.html",
    '<p class="exclusions"': "components/exclusions.html",
    'class="chips"': "components/active_filters.html",
    'id="group-': "search/_filter_group.html",
    'class="pager"': "components/pager.html",
    'class="finding': "facility/_criterion.html",
    'class="steps"': "site/_steps.html",
    'class="card"': "search/_card.html",
    'class="comparison': "compare/_table.html",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
class TestVisibility:
    @pytest.mark.parametrize(("debug", "status"), [(True, 200), (False, 404)])
    def test_is_limited_to_development(self, client, settings, path, debug, status):
        settings.DEBUG = debug

        assert client.get(path).status_code == status


@pytest.fixture
def development(settings):
    settings.DEBUG = True


@pytest.mark.django_db
@pytest.mark.usefixtures("development")
@pytest.mark.parametrize("path", PAGES)
class TestPage:
    def test_shows_every_component(self, client, path):
        html = client.get(path).content.decode()

        for markup in ONE_FRAGMENT:
            assert markup in html, markup

    def test_names_only_fragments_that_exist(self, client, path):
        codes = Page(client.get(path)).texts("code")
        names = [name for name in codes if name.endswith(".html")]

        assert len(names) > 10
        for name in names:
            assert (TEMPLATES / name).is_file(), name

    def test_is_kept_out_of_indexes_and_menus(self, client, path):
        assert '<meta name="robots" content="noindex">' in client.get(path).content.decode()
        assert "/components/" not in client.get("/").content.decode()

    def test_reads_no_facility(self, client, path):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert [each["sql"] for each in queries if "facilities_facility" in each["sql"]] == []

    def test_has_no_id_twice(self, client, path):
        ids = Page(client.get(path)).attributes("[id]", "id")
        assert len(ids) == len(set(ids))


class TestFragments:
    @pytest.mark.parametrize(("markup", "fragment"), ONE_FRAGMENT.items())
    def test_a_component_is_written_once(self, markup, fragment):
        files = {
            str(file.relative_to(TEMPLATES))
            for file in TEMPLATES.rglob("*.html")
            if markup in file.read_text()
        }
        assert files == {fragment}

    def test_type_and_corners_come_from_the_tokens(self):
        style = (ROOT / "facilities" / "static" / "facilities" / "site.css").read_text()
        rules = style.split("@layer base {")[1].split("@layer print {")[0]

        sizes = set(re.findall(r"font-size: ([^;]+);", rules))
        assert {size for size in sizes if size.endswith("rem") and "var" not in size} <= {"1rem"}
        assert "calc(var(--radius) * 2)" not in rules
