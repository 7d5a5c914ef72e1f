"""Prepares this installation and serves it: ``python -m directory.bootstrap.run``."""

import argparse
import os
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from . import prepare, secret

LOOPBACK = "127.0.0.1"


def parse_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m directory.bootstrap.run", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help=f"default: {LOOPBACK}, this machine alone")
    parser.add_argument("--port", default="8000", help="default: 8000")
    parser.add_argument("--data", metavar="WORKBOOK", help="a SAMHSA directory to load")
    parser.add_argument("--coordinates", metavar="CSV", help="positions for its rows")
    parser.add_argument("--prepare-only", action="store_true", help="prepare, do not serve")
    return parser.parse_args(words)


def find_problem(wanted: argparse.Namespace) -> str:
    """One sentence on what stands in the way of running, or nothing."""
    for path in filter(None, (wanted.data, wanted.coordinates)):
        if not Path(path).is_file():
            return f"There is no file {path}."
    if wanted.coordinates and not wanted.data:
        return "Coordinates are loaded together with a workbook: name it with DATA= (--data)."
    if wanted.prepare_only:
        return ""
    if not wanted.port.isdecimal() or not 1 <= int(wanted.port) <= 65535:
        return f"The port must be a number from 1 to 65535, not {wanted.port!r}."
    if not is_free(wanted.host, int(wanted.port)):
        return f"Port {wanted.port} is in use: choose another with PORT= (--port)."
    return ""


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def load_data(wanted: argparse.Namespace) -> None:
    """Load what was named, or to show an empty directory at work the demonstration data."""
    if wanted.data:
        positions = [f"--coordinates={wanted.coordinates}"] if wanted.coordinates else []
        call_command("load_directory", wanted.data, *positions)
    elif not wanted.prepare_only and not prepare.has_facilities():
        call_command("load_demonstration")


def serve_site(host: str, port: str) -> None:
    """Become the web server, with a worker for what staff start in the background."""
    print(f"Serving on http://{host}:{port}/ (stop with Ctrl+C)", flush=True)
    subprocess.Popen([sys.executable, "manage.py", "run_worker", "--with-parent"])
    command = [sys.executable, "-m", "gunicorn", "--config", "directory/gunicorn.py"]
    os.execv(sys.executable, [*command, "--bind", f"{host}:{port}", "directory.wsgi"])


def main(words: list[str]) -> None:
    wanted = parse_arguments(words)
    if sentence := find_problem(wanted):
        sys.exit(sentence)
    if wanted.host == LOOPBACK:
        # Plain HTTP: nobody but this machine can reach the server.
        os.environ.setdefault("HTTPS", "no")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    if not os.environ.get("SECRET_KEY"):
        secret.write_once(Path(os.environ.get("SECRET_KEY_FILE", secret.PATH)))
    try:
        django.setup()
        prepare.prepare(datetime.now())
        load_data(wanted)
    except (ImproperlyConfigured, CommandError, DatabaseError) as error:
        sys.exit(str(error).strip())
    if not wanted.prepare_only:
        serve_site(wanted.host, wanted.port)


if __name__ == "__main__":
    main(sys.argv[1:])
