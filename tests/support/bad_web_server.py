"""A web server on loopback that does what servers do: hang, drop, loop, flood, refuse, move."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from facilities.curation.website_checks.checker import WebsiteChecker
from facilities.curation.website_checks.http_client import SafeHttpClient
from facilities.curation.website_checks.politeness import RateLimiter

AGENT = "open-treatment-directory/1.0 (website check; +https://example.org)"

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ENDLESS = 50_000_000  # bytes, more than anybody should read


def status(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {line}", *headers, "Content-Length: 0", "", ""]).encode()


def to(address: str, code: str = "302 Found") -> bytes:
    return status(code, f"Location: {address}")


# What a path answers. PORT stands for the server's own.
ANSWERS = {
    "/": OK,
    "/ok": OK,
    "/missing": status("404 Not Found"),
    "/gone": status("410 Gone"),
    "/shy": status("403 Forbidden"),
    "/broken": status("500 Oops"),
    "/busy": status("429 Too Many Requests", "Retry-After: 3600"),
    "/closed-today": status("503 Later", "Retry-After: 86400"),
    "/circle": to("/circle-back"),
    "/circle-back": to("/circle"),
    "/far-0": to("/far-1"),
    "/far-1": to("/far-2"),
    "/far-2": to("/far-3"),
    "/far-3": to("/far-4"),
    "/far-4": to("/far-5"),
    "/far-5": to("/ok"),
    "/elsewhere": to("http://other.test:PORT/ok", "301 Moved"),
    "/sister": to("http://www.good.test:PORT/ok", "308 Moved"),
    "/local": to("http://10.0.0.5/"),
    "/cloud": to("http://169.254.169.254/latest/meta-data/"),
    "/loopback": to("http://[::1]:PORT/ok"),
    "/named": to("http://inside.test:PORT/ok"),
    "/file": to("file:///etc/passwd"),
    "/script": to("javascript:alert(1)"),
    "/nonsense": to("http://[broken"),
    "/garbage": b"SSH-2.0-OpenSSH_9.2\r\n",
    "/bomb": status("200 OK", "Content-Encoding: gzip").replace(b": 0", b": 9999999999")
    + b"\x1f\x8b",
}
ROBOTS = {
    "closed.test": b"User-agent: *\nDisallow: /\n",
    "private.test": b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n",
}


class Server(socketserver.ThreadingTCPServer):
    """Remembers each request as (moment, method, host, path)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.requests: list[tuple[float, str, str, str]] = []
        self.is_over = threading.Event()

    def asked(self, *, host: str = "", method: str = "") -> list[str]:
        """The paths asked for, robots.txt aside."""
        return [
            path
            for _moment, verb, name, path in self.requests
            if path != "/robots.txt" and host in name and method in verb
        ]


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with suppress(OSError, ValueError, IndexError):
            method, path, _version = self.rfile.readline().decode().split()
            headers = dict(line.split(": ", 1) for line in self.headers())
            host = headers["Host"].partition(":")[0]
            self.server.requests.append((time.monotonic(), method, host, path))
            self.answer(method, host, path)

    def headers(self) -> Iterator[str]:
        while line := self.rfile.readline().decode().strip():
            yield line

    def answer(self, method: str, host: str, path: str) -> None:
        if path == "/robots.txt":
            self.robots(host)
        elif path == "/hang":
            self.server.is_over.wait(10)
        elif path == "/drip":
            self.drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000)
        elif path == "/flood":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000_000)
        elif path == "/drop" or (path == "/drops-head" and method == "HEAD"):
            return
        elif path in ("/no-head", "/huge") and method == "HEAD":
            self.wfile.write(status("405 No"))
        elif path == "/huge":
            self.huge()
        else:
            written = ANSWERS.get(path, OK)
            self.wfile.write(written.replace(b"PORT", str(self.server.port).encode()))

    def robots(self, host: str) -> None:
        if host == "ill.test":
            self.wfile.write(status("500 Oops"))
        elif host in ROBOTS:
            body = ROBOTS[host]
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        else:
            self.wfile.write(status("404 Not Found"))

    def drip(self, written: bytes) -> None:
        for place in range(len(written)):
            self.wfile.write(written[place : place + 1])
            if self.server.is_over.wait(0.05):
                return

    def huge(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _part in range(ENDLESS // 100_000):
            self.wfile.write(b"x" * 100_000)


@contextmanager
def misbehaving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
            thread.join()


def visitor_to(server: Server) -> WebsiteChecker:
    """One that may reach this machine's 127.0.0.1, under any name that ends in .test."""
    server.requests.clear()
    wire = SafeHttpClient(
        AGENT, step=0.5, whole=1, resolver=names, allows=lambda each: each == "127.0.0.1"
    )
    return WebsiteChecker(wire, RateLimiter(time.monotonic, time.sleep, pause=0))


def names(host: str, port: int) -> list[str]:
    if host == "inside.test":
        return ["127.0.0.1", "10.0.0.7"]
    if host.endswith(".test"):
        return ["127.0.0.1"]
    if host == "busy-resolver.example":
        raise socket.gaierror(socket.EAI_AGAIN, "try again")
    if host.endswith(".example"):
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [host]
