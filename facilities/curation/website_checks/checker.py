"""Visits one website as a polite robot does, and says what became of it."""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from ...models import WebsiteCheck
from .http_client import Answer, Wire
from .messages import Detail
from .network import NotPublic, is_same_owner
from .politeness import Pace, Robots, robots_address

Outcome = WebsiteCheck.Outcome
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_OF_ROBOTS = 500_000  # bytes; what stands further down is not read
# The site is there but does not want robots, or wants to know who asks.
SHY = frozenset({401, 402, 403, 405, 406, 407, 421, 426, 429, 451, 999})


@dataclass(frozen=True)
class Finding:
    """What a visit found. ``detail`` is a word of ``words.py``; ``answered``: somebody spoke."""

    outcome: str
    detail: str = ""
    redirects_to: str = ""
    answered: bool = False


class Refused(Exception):
    """A finding that ends the visit before the end of its way."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.detail)
        self.finding = finding


@dataclass
class Visitor:
    """Visits websites over one wire at one pace; many threads may share it.

    Hosts that asked to be left alone for a while are in ``resting``.
    """

    wire: Wire
    pace: Pace
    resting: set[str] = field(default_factory=set)
    _robots: dict[str, Robots] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def visit(self, website: str) -> Finding:
        """Find out whether a website answers, and where it leads. Never raises for its doings."""
        try:
            return self._follow(website)
        except Refused as refusal:
            return refusal.finding

    def _follow(self, website: str) -> Finding:
        address, seen = website, set()
        for _redirect in range(MOST_REDIRECTS + 1):
            if address in seen:
                break
            seen.add(address)
            answer = self._ask_politely(address)
            if answer.status not in REDIRECTS or not answer.location:
                return self._judge(answer, website, address)
            address = _next(address, answer.location)
        raise Refused(Finding(Outcome.UNREACHABLE, Detail.CIRCLE, answered=True))

    def _judge(self, answer: Answer, website: str, address: str) -> Finding:
        status, host = answer.status, _host(address)
        detail = str(status)
        if status in (429, 503) and answer.retry_after:
            self.resting.add(host)
            return Finding(Outcome.UNKNOWN, Detail.LATER, answered=True)
        if 200 <= status < 300:
            if is_same_owner(_host(website), host):
                return Finding(Outcome.REACHABLE, answered=True)
            return Finding(Outcome.MOVED, redirects_to=address[:500], answered=True)
        if status in SHY:
            return Finding(Outcome.UNKNOWN, detail, answered=True)
        return Finding(Outcome.UNREACHABLE, detail, answered=True)

    def _ask_politely(self, address: str) -> Answer:
        """HEAD where robots.txt lets us; GET, of which no body is read, where that is no answer."""
        _usable(address)
        robots = self._robots_of(address)
        if not robots.allows(address):
            detail = Detail.ROBOTS_SILENT if robots.is_silent else Detail.ROBOTS
            raise Refused(Finding(Outcome.UNKNOWN, detail, answered=True))
        try:
            answer = self._ask("HEAD", address)
        except Refused as refusal:
            if refusal.finding.detail != Detail.DROPPED:
                raise
        else:
            if answer.status < 400 or answer.status == 429 or answer.retry_after:
                return answer
        return self._ask("GET", address)

    def _robots_of(self, address: str) -> Robots:
        place = robots_address(address)
        with self._lock:
            robots = self._robots.get(place)
        if robots is None:
            answer = self._fetch_robots(place)
            robots = Robots(answer.status, answer.body, self.wire.agent)
            if robots.pause:
                self.pace.slow_down(_host(address), robots.pause)
            with self._lock:
                self._robots[place] = robots
        return robots

    def _fetch_robots(self, place: str) -> Answer:
        """A robots.txt, over redirects; one that leads nowhere says nothing (RFC 9309)."""
        address = place
        for _redirect in range(MOST_REDIRECTS + 1):
            answer = self._ask("GET", address, most=MOST_OF_ROBOTS)
            if answer.status not in REDIRECTS or not answer.location:
                return answer
            address = _next(address, answer.location)
        return Answer(404)

    def _ask(self, method: str, address: str, *, most: int = 0) -> Answer:
        self.pace.wait(_host(address))
        try:
            return self.wire.ask(method, address, most=most)
        except NotPublic:
            raise Refused(Finding(Outcome.UNREACHABLE, Detail.NOT_PUBLIC)) from None
        except ssl.SSLCertVerificationError:
            raise Refused(Finding(Outcome.UNKNOWN, Detail.CERTIFICATE, answered=True)) from None
        except ssl.SSLError:
            raise Refused(Finding(Outcome.UNKNOWN, Detail.TLS, answered=True)) from None
        except TimeoutError:
            raise Refused(Finding(Outcome.UNREACHABLE, Detail.SLOW)) from None
        except socket.gaierror as error:
            is_ours = error.errno == socket.EAI_AGAIN  # our own resolver had no answer
            outcome = Outcome.UNKNOWN if is_ours else Outcome.UNREACHABLE
            raise Refused(Finding(outcome, Detail.NAME)) from None
        except ConnectionRefusedError:
            raise Refused(Finding(Outcome.UNREACHABLE, Detail.REFUSED)) from None
        except ValueError:
            raise Refused(Finding(Outcome.UNREACHABLE, Detail.ADDRESS)) from None
        except (OSError, http.client.HTTPException):
            raise Refused(Finding(Outcome.UNREACHABLE, Detail.DROPPED)) from None


def _usable(address: str):
    """The parts of an address of the web; anything else ends the visit."""
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_usable = is_usable and (parts.port or 80) > 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise Refused(Finding(Outcome.UNREACHABLE, Detail.ADDRESS))
    return parts


def _next(address: str, location: str) -> str:
    """Where a redirect leads, once it is certain that it leads to an address of the web."""
    try:
        then = urljoin(address, location.strip()).partition("#")[0]
    except ValueError:
        then = ""
    _usable(then)
    return then


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").lower()
