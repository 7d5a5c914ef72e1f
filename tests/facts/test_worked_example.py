"""The example "Add a fact" of docs/development.md works as it stands there.

Its patches are applied to a copy of the project, in which the migration is then made and the
tests of the registry run.
"""

import os
import re
import shutil
import subprocess
import sys
from textwrap import dedent

import pytest

from ..support.once import SHARED_FOLDER
from ..support.real_data import ROOT

GUIDE = ROOT / "docs" / "development.md"
PATCH = re.compile(r"^( *)```diff\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COPIED = ("directory", "facilities", "templates", "tests", "manage.py", "pyproject.toml")
IN_THE_COPY = """
import sys
import django
import pytest
from django.core.management import call_command

django.setup()
call_command("makemigrations", "facilities", name="wait_time", verbosity=0)
call_command("makemigrations", check_changes=True, dry_run=True)
call_command("collect_translations")
arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "tests/facts/test_registry.py"]
sys.exit(pytest.main(arguments))
"""


def patches() -> list[str]:
    """The diffs of the section, without the indentation of the list that they stand in."""
    section = GUIDE.read_text().partition("## Add a fact\n")[2].partition("\n## ")[0]
    return [dedent(patch) for _indentation, patch in PATCH.findall(section)]


@pytest.mark.subprocess
def test_adding_a_fact_takes_what_the_guide_says(tmp_path):
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.mo")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    for patch in patches():
        apply = ["git", "apply", "--recount", "-C2", "-"]
        subprocess.run(apply, cwd=tmp_path, input=patch, text=True, check=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment.pop("DATABASE_URL", None)
    environment.pop("PYTEST_XDIST_WORKER", None)
    environment.pop(SHARED_FOLDER, None)

    run = subprocess.run(
        [sys.executable, "-c", IN_THE_COPY],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "es: " in run.stdout
    assert "to translate" not in run.stdout
    assert "[wait_time]" not in run.stdout  # no test of the new fact failed
    assert "No changes detected" in run.stdout
    assert len(patches()) == 3
