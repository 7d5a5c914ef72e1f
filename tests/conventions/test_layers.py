"""The layers: imports point down, packages of one line do not meet, nothing goes in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from ..support.source_tree import Module, functions, imports, modules

# From the top down: a package imports only from the lines below its own, never from its own line.
LAYERS = (
    ("apps",),
    ("urls", "urls_unlocalized", "management", "checks"),
    ("views", "api"),
    ("admin",),
    ("operations",),
    ("data_quality", "exports"),
    ("curation",),
    ("presenters", "imports", "templatetags"),
    ("search", "web", "maps", "resolution"),
    ("facts",),
    ("guidance", "places", "accounts"),
    ("models", "sources", "matching"),
    ("rules",),
    ("taxonomy",),
    ("geo", "text_normalization", "roles", "demo_data", "locale"),
)
LINES = {package: line for line, packages in enumerate(LAYERS) for package in packages}
GRAB_BAGS = {"utils", "util", "helpers", "common", "misc", "signals", "managers"}
CLOCKS = {"today", "now", "utcnow", "localdate", "localtime"}

APP = modules("facilities")
OWN = modules("facilities", "directory")


def package_of(name: str) -> str:
    """The package or module right below ``facilities`` that a dotted name belongs to."""
    return name.split(".")[1] if "." in name else ""


def own_imports(module: Module) -> set[str]:
    """The project's modules that a module imports."""
    names = {one.name for one in OWN}
    found = {
        name if name in names else name.rpartition(".")[0]
        for name in imports(module)
        if name.startswith(("facilities", "directory"))
    }
    return found & names - {module.name}


# Where the clock, the settings and the request may be read.
OUTSIDE = {"web", "views", "api", "admin", "operations", "management", "templatetags"}
BELOW_VIEWS = [
    module
    for module in APP
    if LINES.get(package_of(module.name), 0) > LINES["views"]
    and package_of(module.name) not in OUTSIDE
]


class TestLayers:
    def test_have_a_line_for_every_package(self):
        packages = {package_of(module.name) for module in APP} - {"", "migrations"}

        assert packages <= LINES.keys()

    def test_import_downwards_only(self):
        upwards = [
            f"{module.name} imports {name}"
            for module in APP
            for name in own_imports(module)
            if (own := package_of(module.name)) and (other := package_of(name)) and own != other
            if LINES[other] <= LINES[own]
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


# How old a fact may grow, when a second check counts, which source is believed first, where the
# search index is kept and which keys backup codes were made with is the installation's to say, and
# everything asks the one module.
MAY_READ = {
    "AUTH_USER_MODEL": "facilities.models",
    "FACT_MAX_AGE": "facilities.rules.freshness",
    "SOURCE_ORDER": "facilities.rules.source_order",
    "SEARCH_INDEX_DIR": "facilities.search.index_files",
    "SECOND_CHECK_AFTER": "facilities.curation.witnesses",
    "SECRET_KEY": "facilities.accounts.second_factor",
    "SECRET_KEY_FALLBACKS": "facilities.accounts.second_factor",
}


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
            and not module.name.startswith(MAY_READ.get(node.attr, "-"))
        }

        assert read == set()
