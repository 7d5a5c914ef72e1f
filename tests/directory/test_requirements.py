"""The site starts with the packages of requirements.txt alone, without those of tests."""

import importlib.metadata
import os
import re
import subprocess
import sys

import pytest

from ..support.source_tree import ROOT

START = """
import sys
sys.modules.update(dict.fromkeys({modules!r}))
import django
django.setup()
from django.core.management import call_command
call_command("check")  # reads every address
"""


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def modules_of_tests() -> list[str]:
    """Return the top-level modules that only packages outside of requirements.txt hold."""
    written = (ROOT / "requirements.txt").read_text()
    own = {normalized(name) for name in re.findall(r"^([\w.-]+)==", written, re.MULTILINE)}
    own |= {"pip", "setuptools"}
    return sorted(
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if own.isdisjoint(map(normalized, packages)) and not module.startswith("_")
    )


@pytest.mark.subprocess
def test_the_site_starts_with_its_own_packages():
    modules = modules_of_tests()
    assert "pytest" in modules

    code = START.format(modules=modules)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "directory.settings", "HTTPS": "no"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
