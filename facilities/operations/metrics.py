"""``/metrics`` for Prometheus, added up over all processes; in use where METRICS_TOKEN is set.

django-prometheus counts and times requests by the name of their route, method and status. No label
holds an address, a query or anything else that a visitor chose.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView

from .probes import has_token


def metrics(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware: answer whoever has the token; to all others there is no such address."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/metrics" and has_token(request, settings.METRICS_TOKEN):
            return ExportToDjangoView(request)
        return get_response(request)

    return respond
