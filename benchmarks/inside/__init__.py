"""What a benchmark runs with the site's own code and settings, in a process of its own."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
django.setup()
