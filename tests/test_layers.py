"""The order of the layers: imports point towards the first one, and nothing goes in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from .syntax import Module, functions, imports, modules

# From the ground up. A module or package may import from its own line and those above it.
# A new module gets its place here.
LAYERS = (
    ("citations", "folding", "geo", "helplines", "hours", "locale"),
    ("needs", "privacy", "qr", "worksheets"),
    ("languages",),
    ("vocabulary",),
    ("freshness", "continuity", "doubts", "groups", "predicates", "lookups"),
    ("exclusions",),
    ("places.tables", "places.parsing", "places.spelling", "demonstration"),
    ("sources", "rows", "area", "maps"),
    ("querysets", "criteria", "candidates", "compile"),
    ("fit",),
    ("order",),
    ("models",),
    ("places", "shortlist", "staff", "textmessage"),
    ("loading", "archive"),
    ("closing", "facts", "provenance", "websites.addresses"),
    ("curating",),
    ("spreadsheet", "websites", "duplicates", "conflicts"),
    ("throttling",),
    ("reporting",),
    ("filters",),
    ("search", "why"),
    ("relax",),
    ("boxes", "cards", "stencils", "profile", "choosing", "guides"),
    ("structured", "sitemap"),
    ("queue",),
    ("updating", "quality"),
    ("cells", "questions"),
    ("compared",),
    ("comparison", "callsheet"),
    ("context", "templatetags", "views", "admin"),
    ("urls", "root_urls", "checks", "management"),
    ("apps",),
)
LEVELS = {f"facilities.{name}": level for level, layer in enumerate(LAYERS) for name in layer}
GRAB_BAGS = {"utils", "util", "helpers", "common", "misc", "signals", "managers"}
CLOCKS = {"today", "now", "utcnow", "localdate", "localtime"}

APP = modules("facilities")
OWN = modules("facilities", "directory")


def level(name: str) -> int | None:
    """The layer of a module: that of the longest of its dotted beginnings in the list."""
    parts = name.split(".")
    beginnings = (".".join(parts[:end]) for end in range(len(parts), 1, -1))
    return next((LEVELS[beginning] for beginning in beginnings if beginning in LEVELS), None)


def own_imports(module: Module) -> set[str]:
    """The project's modules that a module imports."""
    names = {one.name for one in OWN}
    found = {
        name if name in names else name.rpartition(".")[0]
        for name in imports(module)
        if name.startswith(("facilities", "directory"))
    }
    return found & names - {module.name}


BELOW_VIEWS = [one for one in APP if (level(one.name) or 0) < LEVELS["facilities.views"]]


class TestLayers:
    def test_have_a_place_for_every_module(self):
        lost = [module.name for module in APP if level(module.name) is None]

        assert [name for name in lost if name != "facilities"] == []

    def test_are_imported_from_above_alone(self):
        upwards = [
            f"{module.name} imports {name}"
            for module in APP
            for name in own_imports(module)
            if (level(name) or 0) > (level(module.name) or 0)
        ]

        assert upwards == []

    def test_have_no_circles(self):
        graph = {module.name: own_imports(module) for module in OWN}

        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            pytest.fail(" -> ".join(error.args[1]))

    def test_of_settings_and_app_do_not_import_each_other(self):
        crossing = [
            f"{module.name} imports {name}"
            for module in OWN
            for name in own_imports(module)
            if name.split(".")[0] != module.name.split(".")[0]
        ]

        assert crossing == []


class TestModules:
    def test_import_at_their_top(self):
        lazy = [
            f"{module.name} line {node.lineno}"
            for module in OWN
            for function in functions(module)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]

        assert lazy == []

    def test_import_no_signals_and_no_stars(self):
        unwanted = [
            f"{module.name} imports {name}"
            for module in OWN
            for name in imports(module)
            if name.endswith((".*", "dispatch.receiver")) or "signals" in name.split(".")
        ]

        assert unwanted == []

    def test_are_named_for_what_they_know(self):
        assert [one.name for one in OWN if GRAB_BAGS & set(one.name.split("."))] == []


class TestModulesBelowViews:
    def test_read_no_clock(self):
        read = [
            f"{module.name} line {node.lineno}: {node.func.attr}()"
            for module in BELOW_VIEWS
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCKS
        ]

        assert read == []

    def test_read_no_setting(self):
        read = {
            f"{module.name}: {node.attr}"
            for module in BELOW_VIEWS
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "settings"
            and node.attr != "AUTH_USER_MODEL"  # models must name the model of users
        }

        assert read == set()
