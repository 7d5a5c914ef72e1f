"""What a polite crawler keeps to: a pause between requests to a host, and its robots.txt.

How often one website is visited is decided in ``run.py``.
"""

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

MAX_PAUSE = 30.0  # seconds; the longest pause that a host gets


class RateLimiter:
    """Hands out turns: at most one request a second for each host, over all threads."""

    def __init__(
        self, clock: Callable[[], float], sleep: Callable[[float], None], *, pause: float = 1.0
    ) -> None:
        self._clock, self._sleep, self._pause = clock, sleep, pause
        self._next: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str) -> None:
        with self._lock:
            turn = max(self._clock(), self._next.get(host, 0))
            self._next[host] = turn + self._pauses.get(host, self._pause)
        self._sleep(max(0.0, turn - self._clock()))

    def slow_down(self, host: str, pause: float) -> None:
        with self._lock:
            self._pauses[host] = min(max(self._pause, pause), MAX_PAUSE)


class RobotRules:
    """What one host's robots.txt says, for one agent."""

    def __init__(self, status: int, body: bytes, agent: str) -> None:
        is_found = 200 <= status < 300
        self._rules = Protego.parse(body.decode("utf-8", "replace") if is_found else "")
        self._agent = agent
        self.is_silent = status >= 500  # then nothing may be asked

    def allows(self, address: str) -> bool:
        if self.is_silent:
            return False
        try:
            return self._rules.can_fetch(address, self._agent)
        except ValueError:  # no address that can be read
            return False

    @property
    def pause(self) -> float:
        """Seconds between requests that the host asks for; 0 if it asks for none."""
        delay, rate = self._rules.crawl_delay(self._agent), self._rules.request_rate(self._agent)
        return float(delay or (rate.seconds / rate.requests if rate and rate.requests else 0))


def robots_url(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
