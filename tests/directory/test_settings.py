"""Settings: bad values are refused by name, production passes its checks, headers are strict."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from directory import env

from ..support.privacy_proofs import proves
from ..support.real_data import ROOT

PRODUCTION = {
    "SECRET_KEY": "production-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "directory.example.org",
    "DATABASE_URL": "",
    "DJANGO_SETTINGS_MODULE": "directory.settings",
    "HTTPS": "yes",
    "SITE_NAME": "Example Directory",
    "CONTACT_URL": "mailto:help@example.org",
}
FOR_TESTS_ALONE = {"DJANGO_ALLOW_ASYNC_UNSAFE", "SECRET_KEY_FILE", "STATIC_ROOT"}

NOTICE = '[{"kind": "%s", "language": "%s", "text": "Ask for help."}]'


def check_deploy(**changes):
    """Run Django's deployment checks in a process of their own; warnings count as failure."""
    outside = {name: value for name, value in os.environ.items() if name not in FOR_TESTS_ALONE}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=outside | PRODUCTION | changes, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.subprocess
class TestProduction:
    def test_passes_the_deployment_checks(self):
        ended = check_deploy()

        assert ended.returncode == 0, ended.stderr
        assert "no issues" in ended.stdout

    @pytest.mark.parametrize(
        ("name", "value"), [("SITE_NAME", "Open Treatment Directory"), ("CONTACT_URL", "")]
    )
    def test_names_what_visitors_could_not_learn(self, name, value):
        ended = check_deploy(**{name: value})

        assert ended.returncode != 0
        assert f"{name} is not set" in ended.stderr

    def test_passes_them_with_an_identity_provider(self):
        ended = check_deploy(
            OIDC_ISSUER="https://login.example.org/realms/county",
            OIDC_CLIENT_ID="directory",
            OIDC_CLIENT_SECRET="a secret",
            OIDC_ROLES='{"staff": "curator"}',
        )

        assert ended.returncode == 0, ended.stderr

    def test_does_not_start_without_a_secret_key(self):
        ended = check_deploy(SECRET_KEY="", SECRET_KEY_FILE="no/such/file")

        assert ended.returncode != 0
        assert "SECRET_KEY is missing" in ended.stderr
        assert "python -m directory.bootstrap.secret" in ended.stderr


@pytest.mark.subprocess
class TestBadSetting:
    @pytest.mark.parametrize(
        "command",
        [
            ["manage.py", "check"],
            ["-m", "directory.bootstrap.run", "--prepare-only"],
            ["-c", "import directory.wsgi"],
        ],
    )
    def test_is_told_in_one_line(self, command):
        ended = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT, env=os.environ | PRODUCTION | {"TRUSTED_PROXY_COUNT": "9"},
            capture_output=True, text=True,
        )  # fmt: skip

        assert ended.returncode == 1
        assert ended.stderr == "TRUSTED_PROXY_COUNT must be a whole number from 0 to 5, not '9'.\n"


@pytest.mark.subprocess
class TestBadValue:
    @pytest.mark.parametrize(
        ("name", "value", "reads"),
        [
            ("DEBUG", "perhaps", lambda: env.flag("DEBUG", default=False)),
            ("COUNT", "-1", lambda: env.whole_number("COUNT", 1, least=0, most=9)),
            ("COUNT", "10", lambda: env.whole_number("COUNT", 1, least=0, most=9)),
            ("COUNT", "", lambda: env.whole_number("COUNT", 1, least=0, most=9)),
            ("ALLOWED_HOSTS", "*", lambda: env.hosts("ALLOWED_HOSTS", "a")),
            ("ALLOWED_HOSTS", "https://a.org", lambda: env.hosts("ALLOWED_HOSTS", "a")),
            ("ALLOWED_HOSTS", " , ", lambda: env.hosts("ALLOWED_HOSTS", "a")),
            ("LIVES", "180", lambda: env.durations("LIVES", ("phone",))),
            ("LIVES", '{"fax": "9 days"}', lambda: env.durations("LIVES", ("phone",))),
            ("LIVES", '{"phone": 9}', lambda: env.durations("LIVES", ("phone",))),
            ("LIVES", '{"phone": "0 days"}', lambda: env.durations("LIVES", ("phone",))),
            ("LIVES", '{"phone": "9 years"}', lambda: env.durations("LIVES", ("phone",))),
            ("KEYS", "short", lambda: env.former_keys("KEYS")),
            ("KEYS", f"{'ab' * 30}", lambda: env.former_keys("KEYS")),
            ("EXIT", "http://example.org/", lambda: env.secure_page("EXIT", "")),
            ("EXIT", "javascript:alert(1)", lambda: env.secure_page("EXIT", "")),
            ("EXIT", "https://localhost/", lambda: env.secure_page("EXIT", "")),
            ("EXIT", "https://me:pw@a.org/", lambda: env.secure_page("EXIT", "")),
            ("EXIT", "https://[a/", lambda: env.secure_page("EXIT", "")),
            ("LINES", "911", lambda: env.records("LINES", ("name", "number"))),
            ("LINES", '[{"name": "x"}]', lambda: env.records("LINES", ("name", "number"))),
            ("LINES", "[{", lambda: env.records("LINES", ("name", "number"))),
            ("NOTICES", NOTICE % ("other", "en"), lambda: env.notices("NOTICES", ("ours",))),
            ("NOTICES", NOTICE % ("ours", "all?"), lambda: env.notices("NOTICES", ("ours",))),
            ("NOTICES", '[{"kind": "ours"}]', lambda: env.notices("NOTICES", ("ours",))),
            ("ISSUER", "login.example.org", lambda: env.issuer("ISSUER")),
            ("ISSUER", "http://login.example.org", lambda: env.issuer("ISSUER")),
            ("ISSUER", "https://me@login.example.org", lambda: env.issuer("ISSUER")),
            ("ISSUER", "https://[a/", lambda: env.issuer("ISSUER")),
            ("CLIENT", "", lambda: env.required("CLIENT", by="ISSUER")),
            ("ROLES", "", lambda: env.roles_of_groups("ROLES", ("editor",))),
            ("ROLES", "{}", lambda: env.roles_of_groups("ROLES", ("editor",))),
            ("ROLES", '["editor"]', lambda: env.roles_of_groups("ROLES", ("editor",))),
            ("ROLES", '{"staff": "root"}', lambda: env.roles_of_groups("ROLES", ("editor",))),
            ("ROLES", '{"staff": ["editor"]}', lambda: env.roles_of_groups("ROLES", ("editor",))),
            ("DATABASE_URL", "mysql://a@b/c", lambda: env.database("DATABASE_URL", "x")),
            ("DATABASE_URL", "directory.db", lambda: env.database("DATABASE_URL", "x")),
            (
                "DATABASE_URL",
                "postgresql://h:x/d",
                lambda: env.database("DATABASE_URL", ""),
            ),
        ],
    )
    def test_is_refused_by_name(self, monkeypatch, name, value, reads):
        monkeypatch.setenv(name, value)

        with pytest.raises(ImproperlyConfigured, match=f"^{name} "):
            reads()

    def test_of_a_database_address_is_not_repeated(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "mysql://user:hunter2@host/name")

        with pytest.raises(ImproperlyConfigured) as refusal:
            env.database("DATABASE_URL", "x")

        assert "hunter2" not in str(refusal.value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DEBUG", "maybe"),
            ("HTTPS", "2"),
            ("BEHIND_PROXY", "nginx"),
            ("ALLOWED_HOSTS", "*"),
            ("DATABASE_URL", "oracle://a@b/c"),
            ("LOCAL_HELP_LINES", '{"name": "x"}'),
            ("SECRET_KEY", "short"),
            ("OIDC_ISSUER", "login.example.org"),
        ],
    )
    def test_stops_the_start(self, name, value):
        ended = check_deploy(**{name: value})

        assert ended.returncode != 0
        assert f"{name} " in ended.stderr


@pytest.mark.subprocess
class TestSettingOfAnOldName:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("PROXY_COUNT", "TRUSTED_PROXY_COUNT"),
            ("SHELF_LIVES", "FACT_MAX_AGE"),
            ("UPLOADS", "UPLOAD_ROOT"),
        ],
    )
    def test_stops_the_start_and_is_told_the_new_one(self, old, new):
        ended = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=ROOT, env=os.environ | PRODUCTION | {old: ""}, capture_output=True, text=True,
        )  # fmt: skip

        assert ended.returncode == 1
        assert ended.stderr == f"{old} is now called {new}: rename it.\n"


class TestYesOrNo:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [("yes", True), ("1", True), ("On", True), ("off", False), ("", False)],
    )
    def test_is_read_from_its_usual_words(self, monkeypatch, value, expected):
        monkeypatch.setenv("FLAG", value)

        assert env.flag("FLAG", default=not expected) is expected


class TestDatabase:
    def test_is_sqlite_that_lets_readers_read_while_one_writes(self, monkeypatch, tmp_path):
        monkeypatch.delenv("DATABASE_URL", raising=False)

        database = env.database("DATABASE_URL", tmp_path / "a#b %20.sqlite3")

        assert database["NAME"] == tmp_path / "a#b %20.sqlite3"
        assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
        assert database["OPTIONS"]["timeout"] == 20

    def test_is_postgresql_with_kept_and_checked_connections(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://user:p%40ss@db.example.org:5433/directory")

        database = env.database("DATABASE_URL", "x")

        assert database["ENGINE"] == "django.db.backends.postgresql"
        assert (database["HOST"], database["PORT"]) == ("db.example.org", 5433)
        assert (database["USER"], database["PASSWORD"]) == ("user", "p@ss")
        assert database["CONN_MAX_AGE"] == 600
        assert database["CONN_HEALTH_CHECKS"]
        assert "-c lock_timeout=20s" in database["OPTIONS"]["options"]
        assert "statement_timeout" not in database["OPTIONS"]["options"]

    def test_names_several_hosts_in_their_order(self, monkeypatch):
        monkeypatch.setenv(
            "DATABASE_URL",
            "postgresql://user@/directory?host=own,other,first&port=5432,5433,5434"
            "&target_session_attrs=prefer-standby&connect_timeout=2",
        )

        options = env.database("DATABASE_URL", "x", read_only=True)["OPTIONS"]

        assert options["host"] == "own,other,first"
        assert env.database("DATABASE_URL", "x")["CONN_MAX_AGE"] <= 5
        assert options["port"] == "5432,5433,5434"
        assert options["target_session_attrs"] == "prefer-standby"
        assert "-c default_transaction_read_only=on" in options["options"]

    def test_may_do_without_cursors_of_the_server(self, monkeypatch):
        """For pgbouncer, which gives the next transaction another connection."""
        address = "postgresql://user@db.example.org/directory"
        for query, is_off in (("", False), ("?server_side_cursors=no", True)):
            monkeypatch.setenv("DATABASE_URL", address + query)

            database = env.database("DATABASE_URL", "x")

            assert database["DISABLE_SERVER_SIDE_CURSORS"] is is_off
            assert database["OPTIONS"].keys() == {"options"}

    def test_ends_long_statements_of_requests_alone(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://user@db.example.org/directory")
        database = env.database("DATABASE_URL", "x")

        env.limit_statements(database, 60)

        assert database["OPTIONS"]["options"].endswith(" -c statement_timeout=60s")

    def test_with_psycopg_3_installed_is_refused(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/directory")
        monkeypatch.setattr("importlib.util.find_spec", lambda name: name == "psycopg")

        with pytest.raises(ImproperlyConfigured, match="pip uninstall psycopg"):
            env.database("DATABASE_URL", "x")


class TestMailServer:
    def read(self, monkeypatch, address) -> dict:
        monkeypatch.setenv("EMAIL_URL", address)
        return env.mail_server("EMAIL_URL")

    def test_is_none_unless_it_is_named(self, monkeypatch):
        assert self.read(monkeypatch, "") == {}
        assert not settings.EMAIL_ENABLED

    def test_is_read_with_name_and_password_and_turns_to_tls(self, monkeypatch):
        read = self.read(
            monkeypatch, "smtp://us%40er:p%3Ass@mail.example.org?from=list@example.org"
        )

        assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail.example.org", 587)
        assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("us@er", "p:ss")
        assert (read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (True, False)
        assert read["DEFAULT_FROM_EMAIL"] == "list@example.org"

    @pytest.mark.parametrize(
        ("address", "port", "tls", "ssl"),
        [
            ("smtps://mail.example.org?from=a@b.org", 465, False, True),
            ("smtp://mail.example.org:2525?from=a@b.org", 2525, True, False),
            ("smtp://localhost?from=a@b.org", 25, False, False),
        ],
    )
    def test_goes_without_tls_on_this_machine_alone(self, monkeypatch, address, port, tls, ssl):
        read = self.read(monkeypatch, address)

        assert (read["EMAIL_PORT"], read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (
            port, tls, ssl,
        )  # fmt: skip

    @pytest.mark.parametrize(
        "address",
        [
            "mail.example.org",
            "http://u:secret@mail.example.org?from=a@b.org",
            "smtp://u:secret@mail.example.org",
            "smtp://u:secret@mail.example.org?from=nobody",
            "smtp://u:secret@mail.example.org:port?from=a@b.org",
            "smtp://u:secret@[mail?from=a@b.org",
            "smtp://?from=a@b.org",
        ],
    )
    def test_that_cannot_be_is_refused_without_its_password(self, monkeypatch, address):
        with pytest.raises(ImproperlyConfigured, match="^EMAIL_URL must look like") as refused:
            self.read(monkeypatch, address)

        assert "secret" not in str(refused.value)


class TestHeaders:
    def test_allow_nothing_from_another_origin_and_nothing_inline(self):
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

        sources = {source for values in directives.values() for source in values}

        assert sources == {"'self'", "'none'"}
        assert directives["default-src"] == ["'none'"]
        assert directives["base-uri"] == directives["frame-ancestors"] == ["'none'"]

    @proves("no-sensors")
    @pytest.mark.django_db
    def test_let_the_browser_tell_us_the_position_and_nothing_else(self, client):
        features = client.get("/")["Permissions-Policy"].split(", ")

        assert "geolocation=(self)" in features
        assert [one for one in features if not one.endswith("=()")] == ["geolocation=(self)"]
        assert {"camera=()", "microphone=()", "payment=()"} < set(features)

    @pytest.mark.django_db
    @pytest.mark.parametrize("path", ["/", "/es/", "/search/", "/no-such-page/"])
    def test_are_on_every_answer(self, client, path):
        answer = client.get(path)

        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=(self)" in answer["Permissions-Policy"]
