"""Logs somebody of a role in to a served site, whose environment a process of its own has.

``python -m tests.support.staff_session`` reads roles, a line each, and prints for each the cookie
of a new member of staff whose session showed both factors.
"""

import subprocess
import sys
import uuid

import django

# Database of a site -> the process that makes sessions there. It ends when its input does.
makers: dict[str, subprocess.Popen] = {}


def log_in(context, served, environment: dict[str, str], role: str) -> None:
    """Give a browser context the session of a new member of staff."""
    database = environment["DATABASE_URL"]
    if database not in makers:
        makers[database] = subprocess.Popen(
            [sys.executable, "-m", "tests.support.staff_session"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    maker = makers[database]
    print(role, file=maker.stdin, flush=True)
    cookie = {"name": "staff", "value": maker.stdout.readline().strip(), "url": served.url}
    context.add_cookies([cookie])


def main() -> None:
    django.setup()
    accounts = __import__("tests.support.accounts", fromlist=["accounts"])
    for line in sys.stdin:
        role = line.strip()
        user = accounts.staff_member(role, name=f"{role}-{uuid.uuid4().hex[:8]}")
        print(accounts.client_of(user).cookies["staff"].value, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
