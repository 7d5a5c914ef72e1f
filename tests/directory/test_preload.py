"""What a server reads before it makes its workers, without the database."""

import pytest
from django.template import engines
from django.utils.module_loading import import_string
from django.utils.translation import override

from directory.preload import TABLES, read_tables


@pytest.fixture(scope="module")
def _read():
    read_tables()  # outside of a test's database: a query fails


@pytest.mark.usefixtures("_read")
class TestTables:
    @pytest.mark.parametrize("name", TABLES)
    def test_are_kept(self, name):
        assert import_string(name).cache_info().currsize == 1

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_include_the_pages_of_each_language(self, language):
        with override(language):
            environment = engines["jinja2"].env
            names = {name for _loader, name in environment.cache}

        assert {"base.html", "facilities/search/page.html"} <= names
