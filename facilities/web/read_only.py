"""A node that never writes (READ_ONLY): its pages read, and what would write is a 503.

PostgreSQL refuses its writes besides, as every transaction is read-only. A proxy sends what writes
to the write node (WRITES_ELSEWHERE); without one the controls that lead there are absent.
"""

from django.conf import settings

from .errors import read_only_response

SAFE = ("GET", "HEAD", "OPTIONS")
STAFF = {"admin", "identity_provider"}
WRITING = {"report", "receipt", "self_service"}  # each page of them is of use with its form alone
COMPUTING = {"care_finder", "clear_device"}  # forms that store nothing


class ReadOnlyMiddleware:
    """Middleware: answers what would write, whatever its method."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, options):
        if settings.READ_ONLY and needs_write_node(request):
            return read_only_response(request)
        return None


def needs_write_node(request) -> bool:
    """Whether a request may write. Every staff page may: sessions are stored."""
    match = request.resolver_match
    if STAFF.intersection(match.namespaces) or match.url_name in WRITING:
        return True
    is_api = "/api/" in request.path_info  # what is posted there are long questions
    return request.method not in SAFE and not is_api and match.url_name not in COMPUTING
