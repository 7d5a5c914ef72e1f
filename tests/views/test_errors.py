"""What people meet when something is wrong: a page with the help lines, in their language."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client

from facilities.web import errors

from ..support.factories import make_facility
from ..support.html import Page

FORM = "application/x-www-form-urlencoded"
LINES = ("tel:911", "tel:988", "tel:+18006624357")
MISSING = "/facility/nowhere-zzzzzzzz/"


def in_language(html: str) -> str:
    """The language of a page, if it has the help lines."""
    assert [line for line in LINES if f'href="{line}"' not in html] == []
    return Page(html).language


@pytest.fixture
def visitor():
    """Sees what a visitor sees of a failure, and not its traceback."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def switch(settings, tmp_path) -> Path:
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    return settings.MAINTENANCE_FILE


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "language"), [("", "en"), ("/es", "es")])
class TestPages:
    @pytest.mark.parametrize("path", ["/nowhere/", MISSING, "/guides/nowhere/", "/robots.tx"])
    def test_for_unknown_addresses(self, visitor, start, language, path):
        response = visitor.get(start + path)

        assert response.status_code == 404
        assert in_language(response.content.decode()) == language

    def test_for_a_listing_that_is_hidden(self, visitor, start, language):
        facility = make_facility(status="hidden")

        response = visitor.get(f"{start}/facility/{facility.slug}/")

        assert response.status_code == 410
        assert in_language(response.content.decode()) == language
        assert facility.name not in response.content.decode()

    def test_for_a_host_that_is_not_ours(self, visitor, start, language):
        response = visitor.get(f"{start}/", headers={"Host": "elsewhere.example"})

        assert response.status_code == 400
        assert in_language(response.content.decode()) == language
        assert "elsewhere.example" not in response.content.decode()

    def test_for_a_form_without_its_token(self, visitor, start, language):
        response = visitor.post(f"{start}/admin/login/", {"username": "ana"})

        assert response.status_code == 403
        assert in_language(response.content.decode()) == language


# No test below is marked django_db: each use of the database raises an error.
@pytest.mark.parametrize(("start", "language"), [("", "en"), ("/es", "es")])
class TestPagesWithoutDatabase:
    @pytest.mark.parametrize("path", ["/", "/search/?place=11206", "/nowhere/", MISSING])
    def test_for_a_failure(self, visitor, start, language, path):
        response = visitor.get(start + path)

        html = response.content.decode()
        assert response.status_code == 500
        assert in_language(html) == language
        assert "Something went wrong on our side" in html
        assert "Algo falló de nuestro lado" in html

    def test_for_a_failure_in_showing_it(self, visitor, start, language, monkeypatch):
        monkeypatch.setattr(errors, "TEMPLATE", "no-such.html")

        response = visitor.get(f"{start}/search/")

        assert response.status_code == 500
        in_language(response.content.decode())

    @pytest.mark.parametrize("path", ["/", "/search/?place=11206", "/admin/", "/nowhere/"])
    def test_while_the_site_is_closed(self, visitor, switch, start, language, path):
        switch.touch()

        response = visitor.get(start + path)

        assert (response.status_code, response["Retry-After"]) == (503, "600")
        assert response["Cache-Control"] == "no-store"
        assert in_language(response.content.decode()) == language


class TestMaintenance:
    @pytest.mark.django_db
    def test_ends_without_a_restart(self, visitor, switch):
        switch.touch()
        closed = visitor.get("/")
        switch.unlink()

        assert (closed.status_code, visitor.get("/").status_code) == (503, 200)

    def test_has_a_page_for_the_proxy_that_needs_no_other_file(self, tmp_path):
        page = tmp_path / "maintenance.html"

        call_command("write_maintenance_page", page, verbosity=0)

        html = page.read_text()
        assert in_language(html) == "en"
        assert "Estamos trabajando en este sitio" in html
        assert "--ground-page" in html
        assert Page(html).all('[src], [href]:not([href^="tel:"])') == []
        assert not any(text in html for text in ("url(", "&quot;", "&gt;"))


class TestTooMany:
    @pytest.mark.django_db
    def test_says_when_to_come_back(self, time_machine, visitor):
        time_machine.move_to("2024-03-01T12:45:00Z", tick=False)
        sent = {"form_token": Page(visitor.get("/receipt/")).form_token, "code": "X"}
        own = {"Sec-Fetch-Site": "same-origin"}

        answers = [
            visitor.post("/receipt/", urlencode(sent), headers=own, content_type=FORM)
            for _ in range(31)
        ]

        assert {answer.status_code for answer in answers[:30]} == {400}
        assert answers[30].status_code == 429
        assert int(answers[30]["Retry-After"]) == 15 * 60 + 1
        assert in_language(answers[30].content.decode()) == "en"
