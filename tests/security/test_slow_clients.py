"""Whoever sends or reads as slowly as possible does not keep others from the site.

Against each proxy as it is shipped: senders of headers and of forms, silent connections and readers
of the largest page, all at once and for as long as the proxy lets them.
"""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from ..support.live_server import PATIENCE, gunicorn
from .proxies import COMMANDS, proxy

SENDERS_OF_A_KIND = 40
READERS = 12  # more than the threads of the site; making so many large pages takes its time
PAUSE = 0.5  # seconds between two bytes
SOON = 5  # seconds in which a visitor has an answer
VISITS = ("/help-now/", "/search/?place=11206", "/", "/help-now/", "/search/?place=10001", "/")

HEADERS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORM = (
    b"POST /choose/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
)
PAGE = b"GET /sitemap-facilities-1.xml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class SlowClients:
    """Connections that trickle: each sends one byte, or reads a few, at every turn."""

    def __init__(self, port: int):
        self.port = port
        self.senders: list[socket.socket] = []
        self.readers: list[socket.socket] = []
        self.others: list[socket.socket] = []

    def connect(self) -> None:
        for _ in range(SENDERS_OF_A_KIND):
            self.senders += [self.opened(HEADERS), self.opened(FORM)]
            self.others.append(self.opened(b""))
        self.readers += [self.opened(PAGE) for _ in range(READERS)]

    def opened(self, first: bytes) -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(SOON)
        connection.connect(("127.0.0.1", self.port))
        with suppress(OSError):  # refused: one connection too many
            connection.sendall(first)
        return connection

    def trickle(self, over: threading.Event) -> None:
        while not over.wait(PAUSE):
            for connection in self.senders:
                attempt(connection.send, b"a")
            for connection in self.readers:
                attempt(connection.recv, 16)

    def close(self) -> None:
        for connection in (*self.senders, *self.readers, *self.others):
            connection.close()


def attempt(call, argument) -> None:
    with suppress(OSError):  # closed by the proxy
        call(argument)


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    clients, over = SlowClients(port), threading.Event()
    trickling = threading.Thread(target=clients.trickle, args=[over])
    with closing(clients):
        clients.connect()
        trickling.start()
        time.sleep(4 * PAUSE)
        try:
            yield
        finally:
            over.set()
            trickling.join()


def visit(port: int, address: str, *, patience: int = SOON) -> tuple[int, bool]:
    """Return the status of a visitor's page, and whether it came soon."""
    begun = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=patience)) as connection:
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - begun < SOON


@pytest.mark.server
@pytest.mark.parametrize("name", COMMANDS)
def test_visitors_are_served_beside_slow_clients(name, site_environment, tmp_path):
    with (
        gunicorn(dict(site_environment), tmp_path / "log") as url,
        proxy(name, tmp_path, urlsplit(url).netloc) as port,
    ):
        for address in VISITS:  # a server that has just begun still reads its tables
            visit(port, address, patience=PATIENCE)
        with slow_clients(port):
            assert {visit(port, address) for address in VISITS} == {(200, True)}
