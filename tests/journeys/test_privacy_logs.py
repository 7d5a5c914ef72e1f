"""Nobody is tracked: what a visitor asks and who it was is in no log, and pages set no cookie."""

import http.client
import socket
from contextlib import suppress
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from ..support.live_server import gunicorn
from ..support.privacy_proofs import proves

# Another loopback address than the one the server says it listens on.
VISITOR = "127.0.0.77"
HEADERS = {
    "Referer": "https://search.example/?q=vivitrol",
    "User-Agent": "Brand-and-Model/1.0",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "Accept-Language": "es-PR",
    "Cookie": "tracked=lucemyra",
}
QUERY = "place=11206&q=suboxone"
# None of it may be in a log. The words are of a person's question; the rest is who asked.
SECRETS = (
    "11206", "suboxone", "vivitrol", "lucemyra", "search.example", "?", "Brand-and-Model",
    VISITOR, "203.0.113.9", "es-PR",
)  # fmt: skip

PAGES = [
    "/", "/es/", "/search/?place=11206&medication=buprenorphine&ignored=suboxone",
    f"/search/?{QUERY}", f"/es/search/?{QUERY}", "/search/?page=abc&ignored=suboxone",
]  # fmt: skip
REFUSED = [
    f"/suboxone-near-11206/?{QUERY}",
    f"/search?{QUERY}",
    "/search/%3Fplace=11206&q=suboxone",
    "/facility/suboxone-11206-zzzzzzzz/",
    "/search/?q=suboxone%00",
    "/static/suboxone.css",
    "/update/?link=suboxone-11206",
    "/%2e%2e/11206",
]
MALFORMED = [
    f"GET /search/?{QUERY} HTTP/9.9\r\n\r\n",
    f"GET /search/?{QUERY}\r\n\r\n",
    f"SUBOXONE /search/?{QUERY} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    f"GET /search/?{QUERY} HTTP/1.1\r\nHost: suboxone.example\r\nConnection: close\r\n\r\n",
    f"GET /search/?{QUERY} HTTP/1.1\r\nHost: a b suboxone\r\nConnection: close\r\n\r\n",
    f"GET /search/?{QUERY} HTTP/1.1\r\nsuboxone 11206\r\n\r\n",
    f"GET /search/?{QUERY}{'&q=suboxone' * 800} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    f"POST /search/?{QUERY} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: suboxone\r\n\r\n",
]


@pytest.fixture(scope="module")
def production(served, site_environment, tmp_path_factory):
    log = tmp_path_factory.mktemp("production") / "log"
    environment = site_environment | {
        "HTTPS": "yes",
        "BEHIND_PROXY": "yes",
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    with gunicorn(environment, log) as url:
        yield served.at(url, log)


@pytest.fixture(scope="module")
def failing(served, site_environment, tmp_path_factory):
    log = tmp_path_factory.mktemp("failing") / "log"
    with gunicorn(site_environment, log, "tests.support.crashing_app") as url:
        yield served.at(url, log)


def visit(url: str, path: str) -> http.client.HTTPResponse:
    """One request from the visitor's address, with headers that tell on a person."""
    connection = http.client.HTTPConnection(
        urlsplit(url).netloc, timeout=30, source_address=(VISITOR, 0)
    )
    connection.request("GET", path, headers=HEADERS)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def send(url: str, request: str) -> None:
    """Send a request that no browser would."""
    address = urlsplit(url)
    with socket.create_connection(
        (address.hostname, address.port), timeout=10, source_address=(VISITOR, 0)
    ) as connection:
        connection.sendall(request.encode())
        connection.recv(1000)


def told(log: str) -> list[str]:
    """The secrets that a log gives away."""
    return [secret for secret in SECRETS if secret.lower() in log.lower()]


class TestLogOfMakeRun:
    @proves("log", "log-not")
    def test_says_what_was_served_and_not_what_was_asked(self, served):
        statuses = {path: visit(served.url, path).status for path in PAGES}

        log = served.log_text()
        assert " GET /search/ 200 " in log
        assert told(log) == []
        assert set(statuses.values()) == {200, 302, 400}

    @proves("log-not")
    def test_does_not_repeat_addresses_that_lead_nowhere(self, served):
        statuses = [visit(served.url, path).status for path in REFUSED]

        log = served.log_text()
        assert {status for status in statuses if status >= 500} == set()
        assert " GET - 404 " in log
        assert told(log) == []

    @proves("log-not")
    def test_does_not_repeat_malformed_requests(self, served):
        for request in MALFORMED:
            send(served.url, request)

        log = served.log_text()
        assert "gunicorn.error (base:" in log
        assert told(log) == []


class TestLogOfProduction:
    @proves("log-not")
    def test_gives_nobody_away(self, production):
        for path in [*PAGES, *REFUSED]:
            visit(production.url, path)
        for request in MALFORMED:
            send(production.url, request)

        log = production.log_text()
        assert " GET /search/ 200 " in log
        assert told(log) == []


class TestLogOfFailures:
    @pytest.mark.parametrize(
        ("path", "status", "trace"),
        [
            ("/crash/", 500, "django.request (log:"),
            ("/crash/twice/", 500, "LookupError"),
            ("/refuse/", 400, " GET - 400 "),
            ("/complain/", 400, "django.request (crashing_app:"),
        ],
    )
    def test_says_where_and_not_for_whom(self, failing, path, status, trace):
        assert visit(failing.url, f"{path}?{QUERY}").status == status

        log = failing.log_text()
        assert trace in log
        assert told(log) == []

    def test_of_the_server_itself_says_no_more(self, failing):
        with suppress(http.client.RemoteDisconnected):
            visit(failing.url, f"/outside/?{QUERY}")

        log = failing.log_text()
        assert "RuntimeError" in log
        assert told(log) == []

    def test_names_the_route_the_error_and_the_line(self, failing):
        visit(failing.url, f"/crash/?{QUERY}")

        log = failing.log_text()
        assert "500 at 'crash/'" in log
        assert "ValueError" in log
        assert "tests/support/crashing_app.py:" in log


class TestEncryption:
    @proves("encrypted")
    def test_of_production_is_asked_for_and_remembered_for_a_year(self, production):
        bare = {"Host": "127.0.0.1"}
        address = urlsplit(production.url)
        connection = http.client.HTTPConnection(address.netloc, timeout=30)
        connection.request("GET", "/privacy/", headers=bare)
        refused = connection.getresponse()

        assert (refused.status, refused.getheader("Location")[:8]) == (301, "https://")
        encrypted = visit(production.url, "/privacy/")
        assert encrypted.getheader("Strict-Transport-Security").startswith("max-age=31536000")

    @proves("not-encrypted")
    def test_is_not_there_with_make_run_and_the_page_says_so(self, served):
        with urlopen(f"{served.url}/privacy/") as answer:
            page = answer.read().decode()

        assert 'data-sentence="not-encrypted"' in page
        assert 'data-sentence="encrypted"' not in page


class TestPages:
    @proves("no-cookies")
    @pytest.mark.parametrize("path", [*PAGES, *REFUSED])
    def test_set_no_cookie(self, served, path):
        assert visit(served.url, path).getheader("Set-Cookie") is None


class TestPagesInChromium:
    @pytest.mark.parametrize("path", PAGES)
    def test_ask_no_other_origin_for_anything(self, served, page, path):
        requests, complaints = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))

        page.goto(served.url + path, wait_until="networkidle")

        assert requests[0] == served.url + path
        assert [url for url in requests if not url.startswith(f"{served.url}/")] == []
        # The browser says there what the content security policy forbade.
        assert [text for text in complaints if "Security Policy" in text] == []
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length") == 0
        assert page.evaluate("sessionStorage.length") == 0

    @proves("ticks", "nothing-unasked")
    def test_keep_nothing_of_a_search_on_the_device(self, served, page):
        page.goto(f"{served.url}/search/?place=11206")
        page.locator("#filters").evaluate("filters => filters.open = true")
        page.locator("#payment-medicaid").check()
        page.wait_for_url("**payment=medicaid**")

        assert page.evaluate("sessionStorage.length + localStorage.length") == 0
