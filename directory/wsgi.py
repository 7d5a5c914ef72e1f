"""The entry point of the web server; a bad setting ends it with one line that names it."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from directory import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
try:
    application = get_wsgi_application()
    env.limit_statements(settings.DATABASES["default"], settings.STATEMENT_TIMEOUT)
except ImproperlyConfigured as error:
    sys.exit(str(error))
