"""The site with pages that fail and quote the visitor while failing: for the tests of the logs."""

import logging

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.wsgi import get_wsgi_application
from django.urls import path


def crash(request):
    raise ValueError(f"cannot read {request.GET['q']!r} from {request.META['REMOTE_ADDR']}")


def crash_twice(request):
    try:
        crash(request)
    except ValueError as error:
        raise LookupError(request.get_full_path()) from error


def refuse(request):
    raise SuspiciousOperation(request.get_full_path())


def complain(request):
    logging.getLogger("django.request").error("Bad: %s", request.get_full_path())
    return refuse(request)


urlpatterns = [
    path("crash/", crash, name="crash"),
    path("crash/twice/", crash_twice),
    path("refuse/", refuse),
    path("complain/", complain),
]

settings.ROOT_URLCONF = "tests.support.crashing_app"
site = get_wsgi_application()


def application(environ, start_response):
    """Fails itself, outside Django, below /outside/."""
    if environ["PATH_INFO"] == "/outside/":
        raise RuntimeError(environ["RAW_URI"], environ["REMOTE_ADDR"])
    return site(environ, start_response)
