"""Every public page is valid HTML: the Nu HTML checker finds no error."""

import json
import shutil
import subprocess

import pytest

from ..support.pages import PUBLIC
from ..support.real_data import ROOT

JAR = ROOT / ".cache" / "checkers" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.fixture(scope="module")
def check():
    """Runs the checker over files; gives what it objects to in each."""
    if not shutil.which("java") or not JAR.is_file():
        pytest.skip("no Java (Debian's default-jre-headless) or no checker (make checkers)")

    def checked(files) -> dict[str, list[str]]:
        command = ["java", "-Xss4m", "-jar", str(JAR), "--format", "json", "--errors-only"]
        ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
        found = {}
        for each in json.loads(ran.stderr)["messages"]:
            file = each["url"].rpartition("/")[2]
            found.setdefault(file, []).append(f"{each['message']} {each.get('extract', '')}")
        return found

    return checked


@pytest.mark.subprocess
class TestPages:
    def test_have_no_errors(self, rendered, check):
        pages = {
            rendered[language, page].file: f"{language} {page}"
            for language in ("en", "es")
            for page in PUBLIC
        }

        found = check(pages)

        assert {pages[file]: found[file.name][:3] for file in pages if file.name in found} == {}

    def test_with_an_error_would_be_found(self, check, tmp_path):
        wrong = tmp_path / "wrong.html"
        wrong.write_text('<!doctype html><html lang="en"><title>x</title><p><div></p></html>')

        assert "No “p” element in scope" in check([wrong])["wrong.html"][0]
