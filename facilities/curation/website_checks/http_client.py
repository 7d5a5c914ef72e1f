"""One request and the head of its answer, bounded in time and size whatever the other side does."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from .network import NotPublicAddress, Resolver, is_public_ip, resolve_public_host

MAX_LOCATION_LENGTH = 2_000
MAX_ADDRESSES = 3  # tried of one host
ALLOWED_URL_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"  # of an address, left as they are


@dataclass(frozen=True)
class HttpAnswer:
    """The status, where it redirects to, how long it asks to be left alone, what was read."""

    status: int
    location: str = ""
    retry_after: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class SafeHttpClient:
    """Sends requests. Timeouts are in seconds: for each step, and for one whole request."""

    agent: str
    step: float = 10
    whole: float = 30
    resolver: Resolver = resolve_public_host
    allows: Callable[[str], bool] = is_public_ip

    def get(self, method: str, address: str, *, most: int = 0) -> HttpAnswer:
        """Send one request without cookies and read at most ``most`` bytes of the body.

        Raises OSError (timeouts, refusals, TLS among them), HTTPException, ValueError or NotPublic.
        """
        parts = urlsplit(address)
        connection = self._connection(parts)
        path = quote(
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            safe=ALLOWED_URL_CHARACTERS,
        )
        headers = {"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "identity",
                   "Connection": "close"}  # fmt: skip
        alarm = threading.Timer(self.whole, connection.cut)
        alarm.daemon = True
        alarm.start()
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            body = answer.read(most) if most else b""
            if connection.was_cut:
                raise TimeoutError
            location = answer.getheader("Location", "")[:MAX_LOCATION_LENGTH]
            return HttpAnswer(answer.status, location, answer.getheader("Retry-After", ""), body)
        except Exception as error:
            # What a connection that was cut raises depends on where it was.
            if connection.was_cut:
                raise TimeoutError from error
            raise
        finally:
            alarm.cancel()
            connection.close()

    def _connection(self, parts) -> "_PinnedConnection":
        """Connect to the very address that was judged, so that a name cannot change sides."""
        host = parts.hostname or ""
        is_secure = parts.scheme == "https"
        port = parts.port or (443 if is_secure else 80)
        addresses = self.resolver(host, port)
        if not addresses or not all(map(self.allows, addresses)):
            raise NotPublicAddress(host)
        kind = _PinnedTLSConnection if is_secure else _PinnedConnection
        return kind(host, port, addresses, self.step)


class _PinnedConnection(http.client.HTTPConnection):
    was_cut = False

    def __init__(self, host: str, port: int, addresses: Sequence[str], step: float) -> None:
        super().__init__(host, port, timeout=step)
        self._addresses = addresses

    def connect(self) -> None:
        *others, last = self._addresses[:MAX_ADDRESSES]
        for address in others:
            with suppress(OSError):
                self.sock = socket.create_connection((address, self.port), self.timeout)
                return
        self.sock = socket.create_connection((last, self.port), self.timeout)

    def cut(self) -> None:
        """End it from another thread: what waits on it then fails."""
        self.was_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


class _PinnedTLSConnection(_PinnedConnection):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()
