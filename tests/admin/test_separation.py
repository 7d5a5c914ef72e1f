"""The staff's log-in leaves no trace on public pages: no cookie set, none read."""

import pytest

from ..support.accounts import client_of, code_of, staff_member
from ..support.factories import make_listing
from ..support.privacy_proofs import proves
from .test_login import attempt

pytestmark = pytest.mark.django_db
PAGES = ("/", "/search/?medication=methadone", "/guides/", "/choose/", "/how-it-works/", "facility")


@pytest.fixture(params=[f"{language}{page}" for language in ("", "/es") for page in PAGES])
def address(request) -> str:
    return request.param.replace("facility", f"/facility/{make_listing().slug}/")


class TestPublicPages:
    def test_set_no_cookie_and_do_not_vary_by_one(self, client, address):
        answer = client.get(address)

        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")

    def test_do_not_read_a_session_even_of_staff(self, address):
        answer = client_of(staff_member()).get(address)

        assert answer.status_code == 200
        assert not answer.wsgi_request.session.accessed
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


class TestStaffPages:
    def test_are_never_kept_and_never_framed(self):
        answer = client_of(staff_member()).get("/admin/")

        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] == "DENY"
        assert "script-src 'self';" in answer["Content-Security-Policy"] + ";"
        assert "unsafe" not in answer["Content-Security-Policy"]

    @proves("staff-cookies")
    def test_set_cookies_no_script_reads_and_no_other_site_sends(self, client):
        user = staff_member()
        client.get("/admin/login/")
        attempt(client, user, code=code_of(user))

        session, form = client.cookies["staff"], client.cookies["csrftoken"]

        assert (session["httponly"], session["samesite"]) == (True, "Strict")
        assert form["httponly"]
        assert form["samesite"] == "Strict"
