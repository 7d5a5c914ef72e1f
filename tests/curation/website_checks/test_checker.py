"""Websites are visited politely and safely, whatever they do."""

import time

import pytest

from facilities.curation.website_checks.checker import WebsiteChecker
from facilities.curation.website_checks.http_client import SafeHttpClient
from facilities.curation.website_checks.network import have_same_registered_domain, is_public_ip
from facilities.curation.website_checks.politeness import RateLimiter, RobotRules
from facilities.curation.website_checks.run import run_website_checks

from ...support.bad_web_server import AGENT, misbehaving, visitor_to


@pytest.fixture(scope="module")
def server():
    with misbehaving() as server:
        yield server


@pytest.fixture
def visitor(server) -> WebsiteChecker:
    return visitor_to(server)


class TestAVisit:
    @pytest.mark.parametrize(
        ("path", "outcome", "detail"),
        [
            ("/ok", "reachable", ""),
            ("/no-head", "reachable", ""),
            ("/drops-head", "reachable", ""),
            ("/far-1", "reachable", ""),
            ("/sister", "reachable", ""),
            ("/bomb", "reachable", ""),
            ("/missing", "unreachable", "404"),
            ("/gone", "unreachable", "410"),
            ("/broken", "unreachable", "500"),
            ("/shy", "unknown", "403"),
            ("/busy", "unknown", "later"),
            ("/closed-today", "unknown", "later"),
            ("/circle", "unreachable", "circle"),
            ("/far-0", "unreachable", "circle"),
            ("/hang", "unreachable", "slow"),
            ("/drip", "unreachable", "slow"),
            ("/drop", "unreachable", "dropped"),
            ("/garbage", "unreachable", "dropped"),
            ("/flood", "unreachable", "dropped"),
            ("/local", "unreachable", "not_public"),
            ("/cloud", "unreachable", "not_public"),
            ("/loopback", "unreachable", "not_public"),
            ("/named", "unreachable", "not_public"),
            ("/file", "unreachable", "address"),
            ("/script", "unreachable", "address"),
            ("/nonsense", "unreachable", "address"),
        ],
    )
    def test_tells(self, visitor, server, path, outcome, detail):
        began = time.monotonic()

        finding = visitor.check(f"http://good.test:{server.port}{path}")

        assert (finding.outcome, finding.detail) == (outcome, detail)
        assert time.monotonic() - began < 5

    @pytest.mark.parametrize(
        ("website", "outcome", "detail"),
        [
            ("https://good.test:PORT/", "unknown", "tls"),
            ("http://nobody.example/", "unreachable", "name"),
            ("http://busy-resolver.example/", "unknown", "name"),
            ("http://127.0.0.1:1/", "unreachable", "refused"),
            ("http://[", "unreachable", "address"),
            ("http://good.test:99999/", "unreachable", "address"),
            ("ftp://good.test/", "unreachable", "address"),
            ("http://good.test:PORT/a b\r\nX: y/ü", "reachable", ""),
        ],
    )
    def test_copes_with_any_address(self, visitor, server, website, outcome, detail):
        finding = visitor.check(website.replace("PORT", str(server.port)))

        assert (finding.outcome, finding.detail) == (outcome, detail)

    def test_tells_of_another_domain(self, visitor, server):
        finding = visitor.check(f"http://good.test:{server.port}/elsewhere")

        assert finding.outcome == "moved"
        assert finding.redirects_to == f"http://other.test:{server.port}/ok"

    def test_reads_no_body(self, visitor, server):
        began = time.monotonic()

        finding = visitor.check(f"http://good.test:{server.port}/huge")

        assert finding.outcome == "reachable"
        assert time.monotonic() - began < 2

    def test_asks_by_head_and_says_who_asks(self, visitor, server):
        visitor.check(f"http://good.test:{server.port}/ok")

        assert [request[1:] for request in server.requests] == [
            ("GET", "good.test", "/robots.txt"), ("HEAD", "good.test", "/ok"),
        ]  # fmt: skip

    def test_to_a_private_address_makes_no_connection(self, visitor, server):
        WebsiteChecker(SafeHttpClient(AGENT), visitor.pace).check(
            f"http://127.0.0.1:{server.port}/ok"
        )
        visitor.check(f"http://good.test:{server.port}/named")

        assert server.asked(host="127.0.0.1") == server.asked(host="inside.test") == []


class TestManners:
    def test_keep_out_where_robots_are_asked_to(self, visitor, server):
        closed = visitor.check(f"http://closed.test:{server.port}/ok")
        private = visitor.check(f"http://private.test:{server.port}/private/page")
        ill = visitor.check(f"http://ill.test:{server.port}/ok")

        assert [each.detail for each in (closed, private, ill)] == [
            "robots", "robots", "robots_silent",
        ]  # fmt: skip
        assert server.asked() == []

    def test_hold_for_where_a_redirect_leads(self, visitor, server):
        robots = RobotRules(200, b"User-agent: *\nDisallow: /p\nRequest-rate: 1/5", AGENT)

        assert not robots.allows("http://x.test/p")
        assert robots.allows("http://x.test/q")
        assert robots.pause == 5

    def test_ask_a_host_once_a_second(self):
        moments, now = [], [0.0]

        def sleep(seconds: float) -> None:
            now[0] += seconds
            moments.append(now[0])

        pace = RateLimiter(lambda: now[0], sleep)
        for host in ("a", "b", "a", "a"):
            pace.wait(host)

        assert moments == [0, 0, 1, 2]

    def test_ask_less_often_where_asked_to(self):
        moments, now = [], [0.0]

        def sleep(seconds: float) -> None:
            now[0] += seconds
            moments.append(now[0])

        pace = RateLimiter(lambda: now[0], sleep)
        pace.slow_down("a", 7)
        pace.slow_down("b", 86_400)
        for host in ("a", "a", "b", "b"):
            pace.wait(host)

        assert moments == [0, 7, 7, 37]

    def test_are_kept_on_the_wire(self, visitor, server):
        pace = RateLimiter(time.monotonic, time.sleep, pause=0.2)
        polite = WebsiteChecker(visitor.wire, pace)
        websites = [f"http://good.test:{server.port}/{number}" for number in range(3)]

        began = time.monotonic()
        list(run_website_checks(enumerate(websites), polite))

        assert len(server.requests) == 4  # robots.txt and three pages
        assert time.monotonic() - began >= 3 * 0.2  # a busy machine only makes it longer

    def test_leave_a_host_alone_that_asks_for_it(self, visitor, server):
        websites = [f"http://good.test:{server.port}/{path}" for path in ("busy", "ok")]

        results = list(run_website_checks(enumerate(websites), visitor))

        assert [result.website for result in results] == websites[:1]
        assert server.asked() == ["/busy"]


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
            "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
            "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "x", "",
        ],
    )  # fmt: skip
    def test_of_no_public_machine_are_known(self, address):
        assert not is_public_ip(address)

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
    def test_of_public_machines_are_known(self, address):
        assert is_public_ip(address)

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("example.org", "www.example.org", True),
            ("old.example.org", "new.example.org", True),
            ("www.boston.va.gov", "www.va.gov", True),
            ("example.org", "example.com", False),
            ("one.wixsite.com", "two.wixsite.com", False),
            ("one.com.pr", "two.com.pr", False),
            ("co.travis.tx.us", "co.hays.tx.us", False),
            ("health.co.travis.tx.us", "co.travis.tx.us", True),
        ],
    )
    def test_tell_owners_apart(self, one, other, same):
        assert have_same_registered_domain(one, other) is same
