"""The pages of ``tests/support/pages.py`` as files, and a browser window to show them.

The window needs no server.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from .databases import Databases
from .pages import Page
from .real_data import ROOT

WIDE = (1280, 900)
ORIGIN = "http://localhost"
RENDER = "import sys; from tests.support.page_snapshots import main; main({folder!r})"


@dataclass(frozen=True)
class Rendered:
    """One page in one language: the file that holds it, its address and status."""

    file: Path
    address: str
    status: int


class Pages(dict):
    """(language, page) -> what was rendered."""

    def __getitem__(self, key: tuple[str, Page]) -> Rendered:
        return super().__getitem__(" ".join(map(str, key)))


@pytest.fixture(scope="session")
def rendered(once, databases, django_db_setup, django_db_blocker) -> Pages:
    """Every page in every state and language, rendered once for all tests."""
    folder = once.folder / "pages"
    with django_db_blocker.unblock():
        once.result("pages", lambda: render(folder, databases))
    index = json.loads((folder / "index.json").read_text())
    return Pages({
        key: Rendered(folder / file, address, status)
        for key, (file, address, status) in index.items()
    })  # fmt: skip


def render(folder: Path, databases: Databases) -> None:
    folder.mkdir()
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c"]
    environment = os.environ | {
        "DATABASE_URL": databases.new_address("places", "pages"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    subprocess.run([*command, RENDER.format(folder=str(folder))], env=environment, cwd=ROOT,
                   check=True)  # fmt: skip


def resize(window, size: tuple[int, int]) -> None:
    width, height = size
    window.set_viewport_size({"width": width, "height": height})


@pytest.fixture(scope="session")
def show(rendered, browser):
    """Shows a page, in one window for all tests."""
    context = browser.new_context()
    window = context.new_page()
    shown = []

    def answer(route) -> None:
        folder, _, name = urlsplit(route.request.url).path.partition("/static/")
        if route.request.is_navigation_request():
            body = shown[-1].file.read_bytes()
            route.fulfill(status=shown[-1].status, body=body, content_type="text/html")
        elif not folder and (found := finders.find(name)):
            route.fulfill(path=found)
        else:
            route.abort()

    window.route("**/*", answer)

    def show(page: Page, language: str, *, scheme: str):
        shown.append(rendered[language, page])
        window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        resize(window, WIDE)
        window.goto(ORIGIN + shown[-1].address)
        return window

    yield show
    context.close()
