"""security.txt says whom to tell, in the form of RFC 9116."""

import datetime as dt

import pytest

pytestmark = pytest.mark.django_db
ADDRESS = "/.well-known/security.txt"


class TestSecurityTxt:
    def test_names_the_contact_for_less_than_a_year(self, client, settings):
        settings.CONTACT_URL = "mailto:help@example.org"

        answer = client.get(ADDRESS)

        assert answer["Content-Type"].startswith("text/plain")
        fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert fields["Contact"] == "mailto:help@example.org"
        assert fields["Preferred-Languages"] == "en, es"
        assert fields["Canonical"] == f"http://testserver{ADDRESS}"
        holds_for = dt.datetime.fromisoformat(fields["Expires"]) - dt.datetime.now(dt.UTC)
        assert dt.timedelta(days=100) < holds_for < dt.timedelta(days=365)

    def test_is_missing_where_nobody_is_named(self, client, settings):
        settings.CONTACT_URL = ""

        assert client.get(ADDRESS).status_code == 404
