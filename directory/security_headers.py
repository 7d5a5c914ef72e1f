"""Response headers that no package sets. The content security policy stands in settings.py."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def resource_policy(get_response):
    """Middleware: pages of other sites may load what is open data, and nothing else of ours."""
    is_open_data = re.compile(settings.CORS_URLS_REGEX).match

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = "cross-origin" if is_open_data(request.path_info) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", policy)
        return response

    return respond
