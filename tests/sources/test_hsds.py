"""A package of HSDS whose description cannot be read says no day, and stops nothing."""

import zipfile

import pytest

from facilities.sources import hsds


def package(folder, kind: str, description: str):
    files = {"services.csv": "id,name\n", "datapackage.json": description}
    if kind == "folder":
        for name, content in files.items():
            (folder / name).write_text(content)
        return folder
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("kind", ["zip", "folder"])
@pytest.mark.parametrize("description", ["[" * 100_000, '"' + "x" * 2_000_000, "no JSON"])
def test_a_description_that_cannot_be_read_says_no_day(tmp_path, kind, description):
    assert hsds._edition_of(package(tmp_path, kind, description)) == ""
