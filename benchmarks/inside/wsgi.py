"""The site with one address more, ``/empty/``: what a request costs that asks for nothing.

Its addresses are the only thing in which it differs: all settings and middleware are the site's.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from directory import urls


def empty(request) -> HttpResponse:
    return HttpResponse()


urlpatterns = [*urls.urlpatterns, path("empty/", empty)]
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()
