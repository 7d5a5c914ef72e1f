"""An identity provider on this machine, and the addresses of a site that has one."""

from urllib.parse import urlsplit

import requests
from django.test import Client
from django.urls import include, path

from directory.urls import handler400, handler500, urlpatterns  # noqa: F401

urlpatterns = [
    path("admin/provider/", include("facilities.admin.accounts.identity_provider")),
    *urlpatterns,
]

START = "/admin/provider/"


def set_claims(issuer: str, person: str, **claims) -> None:
    """Say what the provider knows of a person."""
    requests.put(f"{issuer}/users/{person}", json=claims, timeout=10).raise_for_status()


def come_back_address(client: Client, person: str, *, start: str = START, **form) -> str:
    """Begin a log-in, be that person at the provider, and return where it leads."""
    there = client.get(start)
    assert there.status_code == 302, there.text
    answer = requests.post(
        there.url, data={"sub": person} | form, allow_redirects=False, timeout=10
    )
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def log_in(client: Client, person: str, **options):
    return client.get(come_back_address(client, person, **options))
