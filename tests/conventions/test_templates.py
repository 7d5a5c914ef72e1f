"""Conventions of the templates: short lines, and which folder owns a fragment.

Public templates are Jinja2's, those of the staff Django's; both name others in quotation marks.
"""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from ..support.real_data import ROOT

PUBLIC, STAFF = ROOT / "templates" / "public", ROOT / "templates" / "staff"
PATHS = [
    pytest.param(folder, str(path.relative_to(folder)), id=str(path.relative_to(folder)))
    for folder in (PUBLIC, STAFF)
    for path in sorted(folder.rglob("*.html"))
]
USES = re.compile(r"""{%-? *(?:include|extends|from) ["']([^"']+)["']""")
# The style guide shows the fragments of every page.
STYLE_GUIDE = "facilities/site/styleguide.html"
LONGEST_LINE = 160


def uses(folder: Path, path: str) -> list[str]:
    """The templates that a template names."""
    return USES.findall((folder / path).read_text())


@pytest.mark.parametrize(("folder", "path"), PATHS)
class TestTemplate:
    def test_has_no_long_line(self, folder, path):
        lines = (folder / path).read_text().splitlines()

        assert [line for line in lines if len(line) > LONGEST_LINE] == []

    def test_can_be_read_and_names_only_templates_that_exist(self, folder, path):
        for name in (path, *uses(folder, path)):
            get_template(name)

    def test_uses_fragments_of_its_own_folder_alone(self, folder, path):
        if path == STYLE_GUIDE:
            return
        fragments = [Path(name) for name in uses(folder, path) if Path(name).name.startswith("_")]

        assert [str(name) for name in fragments if name.parent != Path(path).parent] == []


class TestComponents:
    def test_are_used_by_two_folders_or_more_or_by_every_page(self):
        users: dict[str, set[Path]] = {}
        for folder, path in (param.values for param in PATHS):
            for name in uses(folder, path) if path != STYLE_GUIDE else ():
                users.setdefault(name, set()).add(Path(path).parent)
        for name in staff_components():
            users.setdefault(name, set()).add(Path("admin"))
        components = [path for _folder, path in (p.values for p in PATHS) if "/components/" in path]

        assert [
            component
            for component in components
            if not (
                len(found := users.get(component, set())) > 1
                or Path() in found
                or Path(component).parent in found
            )
        ] == []


def staff_components() -> list[str]:
    """The public components that staff pages render."""
    names = {
        name
        for path in STAFF.rglob("*.html")
        for name in re.findall(r'{% component "(\w+)"', path.read_text())
    }
    return [f"facilities/components/{name}.html" for name in names]
