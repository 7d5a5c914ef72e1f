"""Runs the proxies as docs/deployment configures them, on loopback and without certificates."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..support.live_server import PATIENCE, free_port
from ..support.real_data import ROOT

FOLDER = ROOT / "docs" / "deployment"
UPSTREAM = "127.0.0.1:8000"  # as the shipped files name it


def nginx_command(folder: Path, port: int, upstream: str) -> list[str]:
    shipped = (FOLDER / "nginx.conf").read_text()
    redirect = re.compile(r"server {\n    listen 80 default_server;.*?\n}\n", re.DOTALL)
    site = redirect.sub("", shipped).replace(UPSTREAM, upstream)
    site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    site = re.sub(r"(?m)^\s*(ssl_|listen \[::\]).*$", "", site).replace(
        "/var/log/nginx", str(folder)
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/nginx.pid; user root; worker_processes 1;"
        f"events {{ worker_connections 768; }} http {{ {site} }}"
    )
    return [required("nginx"), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(main)]


def caddy_command(folder: Path, port: int, upstream: str) -> list[str]:
    shipped = (FOLDER / "Caddyfile").read_text()
    site = shipped.replace("{$UPSTREAMS:127.0.0.1:8000}", upstream)
    site = site.replace("{$DOMAIN:directory.example.org} {", f"http://127.0.0.1:{port} {{")
    main = folder / "Caddyfile"
    main.write_text(site.replace("{\n", "{\n\tadmin off\n", 1))
    return [required("caddy"), "run", "--adapter", "caddyfile", "--config", str(main)]


COMMANDS: dict[str, Callable[[Path, int, str], list[str]]] = {
    "nginx": nginx_command,
    "caddy": caddy_command,
}


def required(program: str) -> str:
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin:/bin")
    return found or pytest.skip(f"no {program} on this machine (Debian's package: {program})")


@contextmanager
def proxy(name: str, folder: Path, upstream: str) -> Iterator[int]:
    """Run a proxy before the server at ``upstream``; give its port."""
    port = free_port()
    command = COMMANDS[name](folder, port, upstream)
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output,
            env={"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"},
        )  # fmt: skip
    try:
        wait_for(port, process, folder)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(port: int, process: subprocess.Popen, folder: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"The proxy did not start:\n{(folder / 'output').read_text()}")
