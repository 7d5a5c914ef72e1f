"""The site's own settings in the environment of a test: plain HTTP, a key and files of its own."""

import importlib
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-alone-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("HTTPS", "no")
os.environ.setdefault("STATIC_ROOT", tempfile.mkdtemp(prefix="static-"))
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="published-"))
os.environ.setdefault("UPLOAD_ROOT", tempfile.mkdtemp(prefix="uploads-"))
# All tests come from one address.
os.environ.setdefault("API_REQUESTS_PER_MINUTE", "0")
# Playwright keeps an event loop running in the thread of the tests; nothing here is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")

site = importlib.import_module("directory.settings")
# Pages are rendered without collecting the static files first.
site.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# Hashing a password slowly is for production; a test logs in ten times.
site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
site.DATABASE_NOTE = Path(tempfile.mkdtemp(prefix="note-")) / "note"
sys.modules[__name__] = site
