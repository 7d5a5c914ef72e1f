"""Each package that the site runs on may be used and passed on with it."""

import re
from importlib.metadata import PackageNotFoundError, metadata

from ..support.real_data import ROOT

# Words of licenses that ask for a notice, or for the changed files of the package itself.
OPEN = r"MIT|BSD|0BSD|Apache|PSF|Unlicense|Zlib|CC0|MPL|LGPL"
NAME = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", re.MULTILINE)


def license_of(package: str) -> str:
    about = metadata(package)
    if expression := about.get("License-Expression"):
        return expression
    classified = [each for each in about.get_all("Classifier") or [] if each.startswith("License")]
    return " ".join(classified) or about.get("License") or "none"


def test_every_package_is_under_an_open_license():
    packages = NAME.findall((ROOT / "requirements.txt").read_text())
    licenses = {}
    for package in packages:
        try:
            licenses[package] = license_of(package)
        except PackageNotFoundError:  # for another system than this one
            continue

    assert len(licenses) > 20
    closed = {name: text for name, text in licenses.items() if not re.search(OPEN, text)}
    assert closed == {}
    assert not any(re.search(r"\bA?GPL", text) for text in licenses.values())
