"""Renders every page of ``tests/support/pages.py`` into a folder, for browsers and HTML checkers.

It runs in a process and a database of its own, because a browser's event loop and a test's
transaction do not share one: see ``tests/support/rendering.py``, which starts it.
"""

import itertools
import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import time_machine
from django.conf import settings
from django.test import Client, RequestFactory

from facilities.web import errors

from . import html
from .accounts import client_of, staff_member
from .pages import OTHER_STAFF, PUBLIC, STAFF, Page
from .sample_site import NOW, records

URLENCODED = "application/x-www-form-urlencoded"
visitors = itertools.count(1)


def main(folder: str) -> None:
    with time_machine.travel(NOW, tick=False):
        known = records()
        stranger, staff = Client(), client_of(staff_member("administrator", name="cem"))
    index = {}
    for language, _name in settings.LANGUAGES:
        for page in (*PUBLIC, *STAFF, *OTHER_STAFF):
            is_staff = page in (*STAFF, *OTHER_STAFF) and page.route != "login"
            client = staff if is_staff else stranger
            address = address_of(page, language, known)
            response = show(client, page, address, known)
            file = f"{len(index)}.html"
            (Path(folder) / file).write_bytes(response.content)
            index[f"{language} {page}"] = [file, address, response.status_code]
    (Path(folder) / "index.json").write_text(json.dumps(index))


def address_of(page: Page, language: str, known: dict[str, str]) -> str:
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return prefix + page.address.format(**known)


def show(client: Client, page: Page, address: str, known: dict[str, str]):
    """The answer to opening a page, or to sending its form as a person does."""
    if page.route in FAILING:
        return FAILING[page.route](RequestFactory().get(address))
    with time_machine.travel(NOW, tick=False):
        shown = client.get(address, SERVER_NAME="localhost")
    if not page.sent:
        return shown
    token = html.Page(shown).form_token
    sent = {name: value.format(**known) for name, value in page.sent.items()}
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        return client.post(
            address, urlencode({"form_token": token} | sent), content_type=URLENCODED,
            headers={"Sec-Fetch-Site": "same-origin"}, SERVER_NAME="localhost",
            REMOTE_ADDR=f"203.0.113.{next(visitors) % 250}",
        )  # fmt: skip


# Pages that answer what no address asks for.
FAILING = {
    "400": partial(errors.bad_request, exception=None),
    "403": errors.form_too_old,
    "500": errors.server_error,
    "503": errors.maintenance_response,
}
