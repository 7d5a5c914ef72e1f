"""Visits one website as a polite robot does, and says what became of it."""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from ...models import WebsiteCheck
from .http_client import HttpAnswer, SafeHttpClient
from .messages import WebsiteCheckDetailCode
from .network import NotPublicAddress, have_same_registered_domain
from .politeness import RateLimiter, RobotRules, robots_url

Outcome = WebsiteCheck.Outcome
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_ROBOTS_BYTES = 500_000  # bytes; what stands further down is not read
# The site is there but does not want robots, or wants to know who asks.
ROBOT_REFUSAL_STATUSES = frozenset({401, 402, 403, 405, 406, 407, 421, 426, 429, 451, 999})


@dataclass(frozen=True)
class WebsiteFinding:
    """What a check found. ``answered``: the server sent any HTTP response."""

    outcome: str
    detail: str = ""
    redirects_to: str = ""
    answered: bool = False


class WebsiteVisitEnded(Exception):
    """A finding that ends the visit before the end of its way."""

    def __init__(self, finding: WebsiteFinding) -> None:
        super().__init__(finding.detail)
        self.finding = finding


@dataclass
class WebsiteChecker:
    """Visits websites over one wire at one pace; many threads may share it.

    Hosts that asked to be left alone for a while are in ``resting``.
    """

    wire: SafeHttpClient
    pace: RateLimiter
    resting: set[str] = field(default_factory=set)
    _robots: dict[str, RobotRules] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, website: str) -> WebsiteFinding:
        """Never raises because of what a website does."""
        try:
            return self._follow(website)
        except WebsiteVisitEnded as refusal:
            return refusal.finding

    def _follow(self, website: str) -> WebsiteFinding:
        address, seen = website, set()
        for _redirect in range(MAX_REDIRECTS + 1):
            if address in seen:
                break
            seen.add(address)
            answer = self._get_politely(address)
            if answer.status not in REDIRECTS or not answer.location:
                return self._classify(answer, website, address)
            address = _redirect_target(address, answer.location)
        raise WebsiteVisitEnded(
            WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.CIRCLE, answered=True)
        )

    def _classify(self, answer: HttpAnswer, website: str, address: str) -> WebsiteFinding:
        status, host = answer.status, _host(address)
        detail = str(status)
        if status in (429, 503) and answer.retry_after:
            self.resting.add(host)
            return WebsiteFinding(Outcome.UNKNOWN, WebsiteCheckDetailCode.LATER, answered=True)
        if 200 <= status < 300:
            if have_same_registered_domain(_host(website), host):
                return WebsiteFinding(Outcome.REACHABLE, answered=True)
            return WebsiteFinding(Outcome.MOVED, redirects_to=address[:500], answered=True)
        if status in ROBOT_REFUSAL_STATUSES:
            return WebsiteFinding(Outcome.UNKNOWN, detail, answered=True)
        return WebsiteFinding(Outcome.UNREACHABLE, detail, answered=True)

    def _get_politely(self, address: str) -> HttpAnswer:
        """Ask by HEAD if robots.txt lets us; by GET, without its body, if HEAD is no answer."""
        _normalized_url(address)
        robots = self._robots_of(address)
        if not robots.allows(address):
            detail = (
                WebsiteCheckDetailCode.ROBOTS_SILENT
                if robots.is_silent
                else WebsiteCheckDetailCode.ROBOTS
            )
            raise WebsiteVisitEnded(WebsiteFinding(Outcome.UNKNOWN, detail, answered=True))
        try:
            answer = self._get("HEAD", address)
        except WebsiteVisitEnded as refusal:
            if refusal.finding.detail != WebsiteCheckDetailCode.DROPPED:
                raise
        else:
            if answer.status < 400 or answer.status == 429 or answer.retry_after:
                return answer
        return self._get("GET", address)

    def _robots_of(self, address: str) -> RobotRules:
        place = robots_url(address)
        with self._lock:
            robots = self._robots.get(place)
        if robots is None:
            answer = self._fetch_robots(place)
            robots = RobotRules(answer.status, answer.body, self.wire.agent)
            if robots.pause:
                self.pace.slow_down(_host(address), robots.pause)
            with self._lock:
                self._robots[place] = robots
        return robots

    def _fetch_robots(self, place: str) -> HttpAnswer:
        """Follow redirects; a robots.txt that leads nowhere says nothing (RFC 9309)."""
        address = place
        for _redirect in range(MAX_REDIRECTS + 1):
            answer = self._get("GET", address, most=MAX_ROBOTS_BYTES)
            if answer.status not in REDIRECTS or not answer.location:
                return answer
            address = _redirect_target(address, answer.location)
        return HttpAnswer(404)

    def _get(self, method: str, address: str, *, most: int = 0) -> HttpAnswer:
        self.pace.wait(_host(address))
        try:
            return self.wire.get(method, address, most=most)
        except NotPublicAddress:
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.NOT_PUBLIC)
            ) from None
        except ssl.SSLCertVerificationError:
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNKNOWN, WebsiteCheckDetailCode.CERTIFICATE, answered=True)
            ) from None
        except ssl.SSLError:
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNKNOWN, WebsiteCheckDetailCode.TLS, answered=True)
            ) from None
        except TimeoutError:
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.SLOW)
            ) from None
        except socket.gaierror as error:
            is_ours = error.errno == socket.EAI_AGAIN  # our own resolver had no answer
            outcome = Outcome.UNKNOWN if is_ours else Outcome.UNREACHABLE
            raise WebsiteVisitEnded(WebsiteFinding(outcome, WebsiteCheckDetailCode.NAME)) from None
        except ConnectionRefusedError:
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.REFUSED)
            ) from None
        except ValueError:
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.ADDRESS)
            ) from None
        except (OSError, http.client.HTTPException):
            raise WebsiteVisitEnded(
                WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.DROPPED)
            ) from None


def _normalized_url(address: str):
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_usable = is_usable and (parts.port or 80) > 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise WebsiteVisitEnded(WebsiteFinding(Outcome.UNREACHABLE, WebsiteCheckDetailCode.ADDRESS))
    return parts


def _redirect_target(address: str, location: str) -> str:
    try:
        then = urljoin(address, location.strip()).partition("#")[0]
    except ValueError:
        then = ""
    _normalized_url(then)
    return then


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").lower()
