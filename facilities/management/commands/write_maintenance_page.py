"""Writes the page that a proxy shows while nothing answers behind it."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError
from django.utils.safestring import mark_safe

from facilities.web.errors import MAINTENANCE, error_page_html

FONT_FACES = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)


class Command(BaseCommand):
    help = (
        "Writes one HTML file in both languages, with the help lines and its style inside, for "
        "the proxy to show (status 503) while gunicorn is down. Write it anew after an update."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        style = Path(finders.find("facilities/site.css")).read_text(encoding="utf-8")
        page = error_page_html(MAINTENANCE, "/", style=mark_safe(FONT_FACES.sub("", style)))
        try:
            file.write_text(page, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"The page was not written: {error}") from error
        self.stdout.write(f"Wrote {file}.")
