"""The addresses that a load balancer asks: what they answer, to whom, and without what."""

import json

import pytest
from django.db import connection

TOKEN = "a-token-of-a-monitor-0123456789-abcdef"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


class TestHealth:
    def test_needs_no_database(self, client):
        """Without the mark of a database, pytest-django refuses each query."""
        answer = client.get("/healthz")

        assert answer.status_code == 200
        assert answer.content == b"healthy\n"

    def test_asks_for_no_host_and_no_https(self, client, settings):
        settings.SECURE_SSL_REDIRECT = True

        assert client.get("/healthz", headers={"host": "10.0.0.8"}).status_code == 200
        assert client.get("/help-now/").status_code == 301

    def test_goes_on_during_maintenance(self, client, settings, tmp_path):
        settings.MAINTENANCE_FILE = tmp_path

        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
class TestReadiness:
    def test_says_one_word_to_strangers(self, client):
        answer = client.get("/readyz", **ELSEWHERE)

        assert answer.content == b"ready\n"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies

    def test_tells_this_machine_what_it_checked(self, client):
        told = client.get("/readyz").json()

        assert told["ready"] is True
        checks = {one["check"] for one in told["checks"]}
        assert checks == {
            "maintenance", "disk", "database", "migrations", "data version", "search index",
            "replica",
        }  # fmt: skip

    @pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via"])
    def test_says_one_word_to_who_comes_through_a_proxy_on_this_machine(self, client, header):
        answer = client.get("/readyz", headers={header: "127.0.0.1"})

        assert answer.content == b"ready\n"

    def test_tells_who_has_the_token(self, client, settings):
        settings.STATUS_TOKEN = TOKEN

        def told(token: str) -> bytes:
            return client.get(
                "/readyz", headers={"authorization": f"Bearer {token}"}, **ELSEWHERE
            ).content

        assert json.loads(told(TOKEN))["ready"]
        assert told(TOKEN[:-1]) == b"ready\n"

    def test_has_no_token_by_default(self, client):
        answer = client.get("/readyz", headers={"authorization": "Bearer "}, **ELSEWHERE)

        assert answer.content == b"ready\n"

    def test_sends_no_secret(self, client, settings):
        settings.STATUS_TOKEN = TOKEN

        text = client.get("/readyz").content.decode()

        assert settings.SECRET_KEY not in text
        assert TOKEN not in text

    def test_is_503_during_maintenance(self, client, settings, tmp_path):
        settings.MAINTENANCE_FILE = tmp_path

        answer = client.get("/readyz", **ELSEWHERE)

        assert answer.status_code == 503
        assert answer.content == b"not ready\n"
        assert int(answer.headers["Retry-After"]) > 0

    def test_is_503_before_a_migration(self, client):
        change_migrations("DELETE", "name LIKE '%_change_log'")

        answer = client.get("/readyz")

        assert answer.status_code == 503
        told = {one["check"]: one for one in answer.json()["checks"]}
        assert told["migrations"]["text"] == "Not applied: facilities.0010_change_log."

    def test_is_200_on_the_schema_of_a_newer_version(self, client):
        change_migrations("UPDATE", "name LIKE '%_change_log'", "SET name = name")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) "
                "VALUES ('facilities', '9999_of_tomorrow', '2030-01-01')"
            )

        assert client.get("/readyz").status_code == 200


def change_migrations(verb: str, condition: str, change: str = "") -> None:
    table = "FROM django_migrations" if verb == "DELETE" else "django_migrations"
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} {table} {change} WHERE {condition}")
        assert cursor.rowcount == 1


def test_readiness_is_503_without_a_database(client, monkeypatch, tmp_path, django_db_blocker):
    """A file that is none: opening it fails as a lost server does."""
    spoiled = tmp_path / "spoiled.sqlite3"
    spoiled.write_bytes(b"not a database" * 100)
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", spoiled)
        monkeypatch.setattr(connection, "vendor", "sqlite")
        try:
            answer = client.get("/readyz")
        finally:
            connection.close()

    assert answer.status_code == 503
    assert "No answer" in answer.content.decode()
