"""The settings shipped for servers: their logs name no visitor, and forgetting runs daily.

Both were also run before the site, with Debian's nginx 1.22.1 and Caddy 2.6.2, and asked what a
visitor might: searches, addresses of nothing, made-up methods, broken requests, with the site
up and down. Neither log held a query, an address, a referrer or a browser.
"""

import configparser
import re
from types import SimpleNamespace

import pytest
from django.core.management import get_commands
from django.urls import URLResolver, get_resolver

from directory.gunicorn import is_own_path
from facilities.web.read_only import needs_write_node

from ..support.privacy_proofs import proves
from ..support.real_data import ROOT

FOLDER = ROOT / "docs" / "deployment"
# What nginx may note: none of it is about who asked or what for.
HARMLESS = {
    "time_iso8601", "own_method", "own_path", "status", "body_bytes_sent", "request_time",
}  # fmt: skip


# The one route that only some installations have.
SITE_LOGIN = SimpleNamespace(
    resolver_match=SimpleNamespace(url_name="callback", namespaces=("identity_provider",)),
    method="GET",
    path_info="/admin/provider/callback/",
)


def text(name: str) -> str:
    """A file's directives, without comments."""
    return re.sub(r"(?m)^\s*#.*$", "", (FOLDER / name).read_text())


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(text(name))
    return parser


def mapped(variable: str) -> re.Pattern:
    """What a map of nginx lets through; all else is "-"."""
    found = re.search(
        rf"map \$\w+ \${variable} {{\s*~(\S+) \$\w+;\s*default -;\s*}}", text("nginx.conf")
    )
    return re.compile(found[1])


class TestNginx:
    @proves("host")
    def test_notes_nothing_of_the_visitor(self):
        form = re.search(r"log_format discreet '([^']*)'", text("nginx.conf"))[1]

        assert set(re.findall(r"\$(\w+)", form)) == HARMLESS
        assert re.findall(r"access_log \S+ (\w+);", text("nginx.conf")) == ["discreet"]
        assert text("nginx.conf").count("access_log") == 1
        # Any other level quotes the request: client, query and referrer.
        assert re.findall(r"error_log \S+ (\w+);", text("nginx.conf")) == ["emerg"]

    @pytest.mark.parametrize("status", [200, 206, 301, 302, 304, 400, 403, 404, 410, 429, 500, 502])
    def test_notes_the_addresses_that_the_site_itself_notes(self, status):
        assert bool(mapped("own_path").search(str(status))) == is_own_path(status)

    def test_notes_no_made_up_method(self):
        assert mapped("own_method").search("GET")
        assert not mapped("own_method").search("SUBOXONE")
        assert not mapped("own_method").search("GET11206")

    def test_passes_on_its_own_word_of_who_asks_not_the_visitors(self):
        passed = dict(re.findall(r"proxy_set_header (\S+) (\S+);", text("nginx.conf")))

        assert passed["X-Forwarded-For"] == "$remote_addr"
        assert passed["X-Forwarded-Proto"] == "$scheme"


class TestCaddy:
    @proves("host")
    def test_keeps_no_log_of_requests(self):
        blocks = re.findall(r"^\s*log\b.*{([^}]*)}", text("Caddyfile"), re.MULTILINE)

        assert [block.split() for block in blocks] == [["exclude", "http"]]

    def test_passes_on_no_header_that_names_another_path(self):
        removed = re.findall(r"request_header -(\S+)", text("Caddyfile"))

        assert {"SCRIPT_NAME", "PATH_INFO"} <= set(removed)


def routes(patterns=None, before: str = "", namespaces: tuple[str, ...] = ()):
    """Yield an address of each route of the site, filled in with "x", and what resolves it."""
    for pattern in patterns or get_resolver().url_patterns:
        address = before + re.sub(r"<[^>]*>", "x", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address, (*namespaces, pattern.namespace or ""))
        else:
            match = SimpleNamespace(url_name=pattern.name, namespaces=namespaces)
            yield (
                "/" + address,
                SimpleNamespace(resolver_match=match, method="GET", path_info="/" + address),
            )


class TestSeveralNodes:
    @pytest.mark.parametrize(
        ("file", "rule"),
        [
            ("nginx-several.conf", r"~(\^\S+) directory_write;"),
            ("Caddyfile-several", r"@writes path_regexp (\S+)"),
        ],
    )
    def test_send_each_address_that_writes_to_the_node_that_does(self, file, rule):
        """What read nodes refuse, in either language, the rule of the proxy sends elsewhere."""
        writes = re.compile(re.search(rule, text(file))[1])
        identity_provider = ("/admin/provider/callback/", SITE_LOGIN)

        wrong = {
            language + address
            for address, request in [*routes(), identity_provider]
            for language in ("", "/es")
            if bool(writes.match(language + address)) != needs_write_node(request)
        }

        assert wrong == set()


class TestUnits:
    def test_name_the_address_once_and_hold_it_through_a_restart(self):
        service, holder = unit("directory.service"), unit("directory.socket")

        assert "--bind" not in service["Service"]["ExecStart"]
        assert service["Unit"]["Requires"] == "directory.socket"
        assert "ExecReload" not in service["Service"]
        address = holder["Socket"]["ListenStream"]
        assert f"proxy_pass http://{address};" in text("nginx.conf")
        assert f"reverse_proxy {{$UPSTREAMS:{address}}}" in text("Caddyfile")

    def test_serve_with_the_discreet_log(self):
        command = unit("directory.service")["Service"]["ExecStart"]

        assert "--config directory/gunicorn.py" in command
        assert "access" not in command

    def test_report_their_failure(self):
        services = {path.name for path in FOLDER.glob("*.service")} - {"directory-failed@.service"}

        silent = [
            name
            for name in sorted(services)
            if unit(name)["Unit"].get("OnFailure") != "directory-failed@%n.service"
        ]
        assert silent == []

    def test_run_commands_that_exist(self):
        commands = {
            found[1]
            for path in FOLDER.glob("*.service")
            if (found := re.search(r"manage\.py (\w+)", text(path.name)))
        }

        assert {"delete_expired", "status", "beat", "report_failure"} <= commands
        assert commands <= get_commands().keys()

    def test_have_a_service_for_each_timer(self):
        timers = {path.stem for path in FOLDER.glob("*.timer")}

        assert timers <= {path.stem for path in FOLDER.glob("*.service")}

    @proves("report-count")
    def test_forget_every_day(self):
        timer, service = (
            unit("directory-delete-expired.timer"),
            unit("directory-delete-expired.service"),
        )

        assert timer["Timer"]["OnCalendar"] == "daily"
        assert timer["Timer"]["Persistent"] == "true"
        assert service["Service"]["ExecStart"].endswith("manage.py delete_expired")
