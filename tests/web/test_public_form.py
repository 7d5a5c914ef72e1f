"""Forms that anyone may send: from this site's own pages alone, with a token that expires."""

import pytest
from django.core import signing
from django.test import Client, RequestFactory

from facilities.web.public_form import PublicForm, is_from_this_site

from ..support.html import Page

pytestmark = pytest.mark.django_db
ADDRESS = "/choose/"
LET_IN = 302  # it leads to the answer
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def token_in(client) -> str:
    return Page(client.get(ADDRESS)).form_token


def send(client, headers=OURS, token=None, **fields):
    token = token_in(client) if token is None else token
    return client.post(
        ADDRESS,
        data="&".join(f"{name}={value}" for name, value in {"form_token": token, **fields}.items()),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


class TestSender:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "http://testserver"},
            {"Referer": "http://testserver/es/choose/?seizures=yes"},
            {"Origin": "http://testserver", "Referer": "http://elsewhere.example/"},
        ],
    )
    def test_of_this_site_is_let_in(self, client, headers):
        assert send(client, headers).status_code == LET_IN

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
            {"Sec-Fetch-Site": "same-origin, cross-site"},
            {"Origin": "null"},
            {"Origin": "https://testserver"},
            {"Origin": "http://testserver.elsewhere.example"},
            {"Origin": "http://elsewhere.example", "Referer": "http://testserver/choose/"},
            {"Referer": "http://elsewhere.example/http://testserver/"},
            {"Referer": "http://testserver@elsewhere.example/"},
            {"Referer": "http://[testserver/"},
            {},
        ],
    )
    def test_from_elsewhere_or_unknown_is_refused(self, client, headers):
        response = send(client, headers)

        assert response.status_code == 403
        assert "1-800-662-4357" in response.content.decode()
        assert 'href="/choose/"' in response.content.decode()

    def test_is_told_by_port_and_scheme_too(self):
        request = RequestFactory().post(ADDRESS, headers={"Origin": "http://testserver:8000"})

        assert not is_from_this_site(request)

    def test_may_read_the_form_from_anywhere(self, client):
        assert client.get(ADDRESS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


class TestToken:
    def test_holds_for_four_hours(self, client, time_machine):
        time_machine.move_to("2026-03-01 08:00")
        token = token_in(client)
        time_machine.move_to("2026-03-01 11:59")

        assert send(client, token=token).status_code == LET_IN

    def test_expires_with_the_answers_kept(self, client, time_machine):
        time_machine.move_to("2026-03-01 08:00")
        token = token_in(client)
        time_machine.move_to("2026-03-01 12:01")

        html = (response := send(client, token=token, home="no")).content.decode()

        assert response.status_code == 400
        assert "open for more than four hours" in html
        assert Page(html).attribute("[name=home][checked]", "value") == "no"
        assert "data-setting" not in html

    @pytest.mark.parametrize("token", ["", "shown", "shown:1u0aaa:forged", "%00", "x" * 5000])
    def test_that_is_missing_or_forged_shows_the_form_again(self, client, token):
        html = (response := send(client, token=token, home="no")).content.decode()

        assert response.status_code == 400
        assert "not sent from its own page" in html
        assert Page(html).attribute("[name=home][checked]", "value") == "no"

    def test_shown_with_a_problem_is_good(self, client):
        token = Page(send(client, token="")).form_token

        assert send(client, token=token).status_code == LET_IN

    def test_of_another_form_does_not_hold(self):
        request = RequestFactory().post(ADDRESS)
        token = PublicForm(request, "report").token
        request.POST = {"form_token": token}

        assert PublicForm(request, "report").problem == ""
        assert PublicForm(request, "choose").problem != ""

    def test_of_the_sites_other_signatures_does_not_hold(self, client):
        assert send(client, token=signing.TimestampSigner().sign("shown")).status_code == 400


class TestExchange:
    def test_sets_no_cookie_and_is_kept_by_no_cache(self, client):
        shown = client.get("/receipt/")
        for response in (shown, send(client, home="no"), send(client, {})):
            assert response.cookies == {}
            assert "no-store" in response["Cache-Control"]

    def test_lets_a_view_say_that_its_page_is_the_same_for_everybody(self, client):
        assert client.get(ADDRESS)["Cache-Control"] == "private, no-cache"

    def test_takes_no_files(self, client):
        token = token_in(client)

        response = client.post(ADDRESS, {"form_token": token}, headers=OURS)  # multipart

        assert response.status_code == 400

    def test_knows_no_other_method(self, client):
        assert client.put(ADDRESS, headers=OURS).status_code == 405
        assert client.delete(ADDRESS, headers=OURS).status_code == 405
        assert client.head(ADDRESS).status_code == 200
