"""Conventions that keep the code readable, and nothing of one machine in the repository."""

import ast
import hashlib
import re
from collections import defaultdict

from directory import env

from ..support.real_data import ROOT
from ..support.source_tree import functions, modules, tracked_files

APP = modules("facilities", "directory")
ALL = modules("facilities", "directory", "tests", "benchmarks")
VENDOR = ROOT / "facilities" / "static" / "facilities" / "vendor"

# Traces of one machine or network; written apart so that this file does not hold them.
TRACES = [
    r"/ho" r"me/[a-z]+/",
    r"/ro" r"ot/",
    r"/wo" r"rk/[a-z]+",
    r"/Us" r"ers/[A-Za-z]+/",
    r"--(extra-)?index" r"-url",
    r"pypi\." r"org|npm" r"js\.(com|org)|pythonhosted\." r"org",
    r"-----BEGIN [A-Z ]*PRIVATE" r" KEY",
]


class TestModules:
    def test_say_first_what_they_know(self):
        silent = [
            module.name
            for module in ALL
            if module.text.strip() and not ast.get_docstring(module.tree)
        ]

        assert silent == []

    def test_share_no_name_of_a_public_class(self):
        places = defaultdict(list)
        for module in modules("facilities"):
            for node in module.tree.body:
                # Django looks for a class of that name in every command.
                if isinstance(node, ast.ClassDef) and node.name != "Command":
                    places[node.name].append(module.name)
        shared = {name: at for name, at in places.items() if len(at) > 1 and name[0] != "_"}

        assert shared == {}

    def test_take_flags_by_name_alone(self):
        by_position = [
            f"{module.name}.{function.name}({argument.arg})"
            for module in ALL
            for function in functions(module)
            for argument in flags_by_position(function)
        ]

        assert by_position == []


def flags_by_position(function) -> list[ast.arg]:
    """The arguments of a function that are true or false and need not be named in a call."""
    arguments = function.args.posonlyargs + function.args.args
    defaults = [None] * (len(arguments) - len(function.args.defaults)) + function.args.defaults
    return [
        argument
        for argument, default in zip(arguments, defaults, strict=True)
        if (isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool")
        or (isinstance(default, ast.Constant) and isinstance(default.value, bool))
    ]


class TestSettings:
    def names(self) -> set[str]:
        """What directory/settings.py reads from the environment."""
        readers = {name for name in vars(env) if not name.startswith("_")}
        tree = ast.parse((ROOT / "directory" / "settings.py").read_text())
        return {
            node.args[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in readers
            and node.args
            and isinstance(node.args[0], ast.Constant)
        }

    def test_are_found(self):
        assert {"SECRET_KEY", "DATABASE_URL", "SITE_NAME", "HTTPS"} <= self.names()

    def test_are_all_documented(self):
        page = (ROOT / "docs" / "settings.md").read_text()

        assert sorted(name for name in self.names() if f"`{name}`" not in page) == []

    def test_are_read_from_the_environment_in_one_place(self):
        readers = {
            module.name
            for module in APP
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        }

        # run and wsgi name the settings module before settings can be read.
        assert readers == {"directory.env", "directory.bootstrap.run", "directory.wsgi"}


class TestMigrations:
    def test_are_named_for_what_they_do(self):
        names = [path.stem for path in (ROOT / "facilities" / "migrations").glob("0*.py")]

        assert [name for name in names if re.search(r"_auto_|_\d{8}_", name)] == []


class TestRepository:
    def test_holds_nothing_of_one_machine(self):
        found = [
            f"{path.relative_to(ROOT)}: {match[0]}"
            for path in tracked_files()
            if VENDOR not in path.parents
            for match in re.finditer("|".join(TRACES), text_of(path))
        ]

        assert found == []

    def test_holds_no_key_and_no_database(self):
        names = {path.name for path in tracked_files()}

        assert not names & {".secret-key", ".env", "directory.sqlite3"}
        assert [name for name in names if name.endswith((".sqlite3", ".mo", ".pem"))] == []

    def test_has_vendored_files_as_their_makers_published_them(self):
        manifest = VENDOR / "MANIFEST.txt"
        listed = manifest.read_text().splitlines() if manifest.exists() else []
        sums = dict(reversed(line.split("  ", 1)) for line in listed if line[:1] not in ("", "#"))
        files = [path for path in VENDOR.rglob("*") if path.is_file() and path != manifest]

        found = {str(path.relative_to(VENDOR)): digest(path) for path in files}

        assert found == sums


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text_of(path) -> str:
    """A file's text; nothing for pictures, fonts and archives."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""
