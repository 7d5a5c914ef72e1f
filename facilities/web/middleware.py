"""Closing the site for work, and errors for programs.

The site is closed as long as a file lies where MAINTENANCE_FILE says. Nothing behind this reads the
database, so it may be moved, restored or migrated meanwhile. Static files are still served.
"""

import re
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from .errors import maintenance_response
from .problem_details import problem_response

FOR_PROGRAMS = re.compile(r"^/([a-z]{2}/)?api/.")
LEAST_ERROR = 400


def maintenance_mode(get_response):
    """Look for the file at every request, so that no restart is needed."""

    def respond(request):
        return (
            maintenance_response(request)
            if Path(settings.MAINTENANCE_FILE).exists()
            else get_response(request)
        )

    return respond


def problems_for_programs(get_response):
    """Give the API every error as problem details, also those that pages are shown for."""

    def respond(request):
        response = get_response(request)
        is_page = "json" not in response.get("Content-Type", "")
        if response.status_code < LEAST_ERROR or not is_page:
            return response
        if not FOR_PROGRAMS.match(request.path_info):
            return response
        kept = ("Allow", "Retry-After", "Cache-Control")
        headers = {name: response.headers[name] for name in kept if name in response.headers}
        status = response.status_code
        return problem_response(status, HTTPStatus(status).description, headers=headers)

    return respond
