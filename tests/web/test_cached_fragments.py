"""Fragments that are rendered once: kept in production, read anew while somebody edits them."""

import pytest

from facilities.web.cached_fragments import render_cached


@pytest.fixture
def template(tmp_path, settings):
    """A template that the test may change, by its name."""
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path]}]
    return tmp_path / "_fragment.html"


class TestFragment:
    def test_is_kept(self, template):
        template.write_text("<b>{{ name }}</b>")
        before = render_cached(template.name, {"name": "A & B"}, "en")
        template.write_text("<i>{{ name }}</i>")

        assert [before, render_cached(template.name, {"name": "C"}, "en")] == [
            "<b>A &amp; B</b>",
            "<b>C</b>",
        ]

    def test_shows_an_edit_under_debug(self, template, settings):
        settings.DEBUG = True
        template.write_text("<b>{{ name }}</b>")
        render_cached(template.name, {"name": "A"}, "es")
        template.write_text("<i>{{ name }}</i>")
        settings.TEMPLATES = [*settings.TEMPLATES]  # what Django's autoreload does: new loaders

        assert render_cached(template.name, {"name": "A"}, "es") == "<i>A</i>"
