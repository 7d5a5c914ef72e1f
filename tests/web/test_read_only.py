"""A node that never writes: what it refuses, what it goes on answering, and which links it has."""

import pytest
from django.db import connection
from django.urls import reverse

from facilities.web.read_only import WRITING

from ..support.factories import make_facility
from ..support.pages import PUBLIC

pytestmark = pytest.mark.django_db


# Those that need no record and send nothing.
PAGES = [
    page
    for page in PUBLIC
    if page.status == 200 and "{" not in page.address and not page.sent
    if page.route not in WRITING
]


@pytest.fixture
def read_only(settings):
    settings.READ_ONLY = True
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
    yield settings
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")


class TestRefusal:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("path", ["/receipt/", "/update/", "/admin/", "/admin/login/"])
    def test_has_the_help_lines(self, client, read_only, method, path):
        response = getattr(client, method)(path)

        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        assert "1-800-662-4357" in response.content.decode()

    def test_gives_back_what_was_typed(self, client, read_only):
        address = reverse("facilities:report", args=["house-abcd2345"])

        response = client.post(address, {"message": "It burned down on Monday."})

        assert response.status_code == 503
        assert "It burned down on Monday." in response.content.decode()

    def test_is_in_the_language_of_the_address(self, client, read_only):
        assert '<html lang="es"' in client.get("/es/receipt/").content.decode()


class TestPages:
    @pytest.mark.parametrize("page", PAGES, ids=str)
    def test_are_shown_without_a_write(self, client, read_only, page):
        assert client.get(page.address).status_code == 200

    def test_answer_forms_that_store_nothing(self, client, read_only):
        assert client.post("/choose/", {}).status_code != 503

    @pytest.mark.parametrize(("elsewhere", "expected"), [(False, False), (True, True)])
    def test_link_to_forms_only_where_they_lead(self, client, settings, elsewhere, expected):
        facility = make_facility()
        settings.READ_ONLY, settings.WRITES_ELSEWHERE = True, elsewhere
        report = reverse("facilities:report", args=[facility.slug])
        pages = [f"/facility/{facility.slug}/", f"/call/{facility.code},{facility.code}/"]

        linked = {report in client.get(page, follow=True).content.decode() for page in pages}

        assert linked == {expected}
