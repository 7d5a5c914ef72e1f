"""The page about the API: made of its document, and each of its lines works."""

import json
import shlex
from urllib.parse import urlsplit

import pytest

from facilities.api.openapi import build_openapi_document
from facilities.search import GROUPS

from ..support.factories import log_changes, make_facility
from ..support.html import Page

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


@pytest.fixture
def page(client):
    for name in ("Alder House", "Birch House"):
        make_facility(name=name, services="methadone medicaid", state="OH")
    log_changes()
    return Page(client.get("/api/"))


def run(client, line: str):
    """Send what a line would make curl send."""
    name, *words = shlex.split(line)
    assert name == "curl"
    body, address = [], ""
    while words:
        word = words.pop(0)
        if word == "-d":
            body.append(words.pop(0))
        elif word == "-o":
            words.pop(0)
        else:
            address = word
    assert address.startswith(HOST)
    path = address.removeprefix(HOST)
    if body:
        return client.post(path, "&".join(body), content_type="application/x-www-form-urlencoded")
    return client.get(path)


class TestPage:
    def test_has_lines_that_work(self, client, page):
        lines = page.texts(".curl code")
        answers = {line: run(client, line) for line in lines}

        assert len(lines) == 13
        assert {line: answer.status_code for line, answer in answers.items()} == dict.fromkeys(
            lines, 200
        )

    def test_gets_methadone_and_medicaid_in_ohio_in_one_line(self, client, page):
        lines = page.texts("#one-line ~ .curl code")
        csv, geojson, plain, hsds = (run(client, line) for line in lines)

        assert csv.content.decode().count("Alder House") == 1
        assert geojson.json()["total"] == plain.json()["total"] == 2
        assert len(b"".join(hsds).decode().splitlines()) == 2

    def test_has_a_section_for_each_operation(self, page):
        titles = page.texts(".operation h2")
        operations = [
            operation["summary"]
            for path in build_openapi_document(HOST, "en")["paths"].values()
            for operation in path.values()
        ]

        assert titles == operations

    def test_explains_every_kind_of_problem(self, client, page):
        kinds = {
            urlsplit(client.get(address).json()["type"]).fragment
            for address in (
                "/api/v1/x/",
                "/api/v1/places/",
                "/api/v1/changes/?since=9.0123456789abcdef",
            )
        }

        assert kinds <= {*page.attributes("dt[id]", "id")}

    def test_is_there_in_spanish(self, client, page):
        spanish = Page(client.get("/es/api/"))

        assert spanish.texts("h1") == ["Datos abiertos para programas"]
        assert "/es/api/v1/facilities/" in spanish.texts(".curl code")[0]


class TestDocument:
    def test_names_every_choice_of_every_filter(self, client):
        written = client.get("/api/v1/openapi.json").json()
        parameters = {
            each["name"]: each["schema"]
            for each in written["paths"]["/api/v1/facilities/"]["get"]["parameters"]
        }

        assert written["openapi"].startswith("3.1")
        for group in GROUPS:
            assert parameters[group.name]["items"]["enum"] == [*group.options]

    def test_is_of_the_site_that_is_asked(self, client):
        written = client.get("/api/v1/openapi.json", headers={"Host": "localhost"}).json()

        assert written["servers"] == [{"url": "http://localhost"}]
        assert "head" not in json.dumps([*written["paths"].values()])
