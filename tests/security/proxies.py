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


def several(shipped: str, writer: str, readers: list[str]) -> str:
    """Fill in a configuration for several nodes: the write node, then the read nodes."""
    for name, own in zip(
        ("10.0.0.10:8000", "10.0.0.11:8000", "10.0.0.12:8000"), (writer, *readers), strict=True
    ):
        shipped = shipped.replace(name, own)
    return shipped


def nginx_before_several(folder: Path, port: int, nodes: list[str]) -> list[str]:
    """Take its lines over into nginx.conf, as its comments say."""
    shipped = several((FOLDER / "nginx-several.conf").read_text(), nodes[0], nodes[1:])
    in_server = re.findall(r"(?m)^#     (proxy_\S+ .*;)$", shipped)
    command = nginx_command(folder, port, UPSTREAM)
    main = folder / "nginx.conf"
    site = main.read_text().replace(f"proxy_pass http://{UPSTREAM};", "\n".join(in_server))
    main.write_text(site.replace("http { ", f"http {{ {shipped}\n", 1))
    return command


def caddy_before_several(folder: Path, port: int, nodes: list[str]) -> list[str]:
    shipped = several((FOLDER / "Caddyfile-several").read_text(), nodes[0], nodes[1:])
    main = folder / "Caddyfile"
    site = shipped.replace("directory.example.org {", f"http://127.0.0.1:{port} {{")
    main.write_text(site.replace("{\n", "{\n\tadmin off\n", 1))
    return [required("caddy"), "run", "--adapter", "caddyfile", "--config", str(main)]


BEFORE_SEVERAL = {"nginx": nginx_before_several, "caddy": caddy_before_several}
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
    with proxy_process(COMMANDS[name](folder, port, upstream), folder, port):
        yield port


@contextmanager
def proxy_before_several(name: str, folder: Path, nodes: list[str]) -> Iterator[int]:
    """Run a proxy before a write node and two read nodes; give its port."""
    port = free_port()
    with proxy_process(BEFORE_SEVERAL[name](folder, port, nodes), folder, port):
        yield port


@contextmanager
def proxy_process(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output,
            env={"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"},
        )  # fmt: skip
    try:
        wait_for(port, process, folder)
        yield
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
