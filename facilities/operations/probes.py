"""``/healthz`` and ``/readyz``: answered before anything else looks at the request.

A load balancer asks by an address and not by the site's name, over plain HTTP, again and again. So
there is no check of the host, no redirect, no language, session or cookie. Whoever is not on this
machine, and has no token, learns "ready" or "not ready" alone.
"""

import ipaddress
import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from .readiness import NodeCheck, check_node, is_ready

RETRY_SECONDS = 10
# What a proxy adds: with it, the address of the connection is not the client's.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")


def probes(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware: answer both addresses."""
    answers = {"/healthz": health, "/readyz": readiness}

    def respond(request: HttpRequest) -> HttpResponse:
        return answers.get(request.path_info, get_response)(request)

    return respond


def health(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; the database is not asked."""
    return plain_text_response("healthy\n", 200)


def readiness(request: HttpRequest) -> HttpResponse:
    results = check_node()
    status = 200 if is_ready(results) else 503
    if may_see_details(request):
        response = plain_text_response(checks_as_json(results), status, "application/json")
    else:
        response = plain_text_response("ready\n" if status == 200 else "not ready\n", status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def plain_text_response(
    text: str, status: int, content_type: str = "text/plain; charset=utf-8"
) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type=content_type, headers=headers)


def checks_as_json(results: list[NodeCheck]) -> str:
    found = [{"check": one.check, "level": one.level, "text": one.text} for one in results]
    return json.dumps({"ready": is_ready(results), "checks": found}, indent=1) + "\n"


def may_see_details(request: HttpRequest) -> bool:
    return is_from_this_machine(request) or has_token(request, settings.STATUS_TOKEN)


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the client itself is on loopback, with no proxy between."""
    try:
        client = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return client.is_loopback and not any(header in request.META for header in FORWARDED)


def has_token(request: HttpRequest, token: str) -> bool:
    """Whether the request bears ``token``; nobody has an empty one."""
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")
