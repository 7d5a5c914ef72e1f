"""Conventions of the templates: short lines, and which folder owns a fragment."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from ..support.real_data import ROOT

TEMPLATES = ROOT / "templates"
PATHS = [str(path.relative_to(TEMPLATES)) for path in sorted(TEMPLATES.rglob("*.html"))]
USES = re.compile(r"""{% (?:include|extends) ["']([^"']+)["']""")
# The style guide shows the fragments of every page.
STYLE_GUIDE = "facilities/site/styleguide.html"
LONGEST_LINE = 160


def uses(path: str) -> list[str]:
    """The templates that a template names."""
    return USES.findall((TEMPLATES / path).read_text())


@pytest.mark.parametrize("path", PATHS)
class TestTemplate:
    def test_has_no_long_line(self, path):
        lines = (TEMPLATES / path).read_text().splitlines()

        assert [line for line in lines if len(line) > LONGEST_LINE] == []

    def test_names_only_templates_that_exist(self, path):
        for name in uses(path):
            get_template(name)

    def test_uses_fragments_of_its_own_folder_alone(self, path):
        if path == STYLE_GUIDE:
            return
        fragments = [Path(name) for name in uses(path) if Path(name).name.startswith("_")]

        assert [str(name) for name in fragments if name.parent != Path(path).parent] == []


class TestComponents:
    def test_are_used_by_two_folders_or_more_or_by_every_page(self):
        folders = {
            component: {
                Path(path).parent
                for path in PATHS
                if component in uses(path) and path != STYLE_GUIDE
            }
            for component in PATHS
            if "/components/" in component
        }
        shared = [
            component
            for component, users in folders.items()
            if len(users) > 1 or Path(".") in users or Path(component).parent in users
        ]

        assert sorted(set(folders) - set(shared)) == []
