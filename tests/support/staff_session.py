"""Logs somebody of a role in to a served site: ``python -m tests.staff_session editor``.

Prints the cookie of a session that showed both factors; runs with the site's own environment.
"""

import subprocess
import sys
import uuid

import django


def log_in(context, served, environment: dict[str, str], role: str) -> None:
    """Give a browser context the session of a new member of staff."""
    command = [sys.executable, "-m", "tests.support.staff_session", role]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    cookie = {"name": "staff", "value": printed.stdout.strip(), "url": served.url}
    context.add_cookies([cookie])


def main(role: str) -> None:
    django.setup()
    staff = __import__("tests.support.accounts", fromlist=["staff"])
    user = staff.staff_member(role, name=f"{role}-{uuid.uuid4().hex[:8]}")
    print(staff.client_of(user).cookies["staff"].value)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
