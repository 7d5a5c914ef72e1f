"""Compiles the translations (.po) into what Django reads (.mo), without system gettext."""

import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile every .po file of LOCALE_PATHS; a file that would not change is left alone."
    requires_system_checks = []  # it reads files, not the site

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if compile_if_changed(source, source.with_suffix(".mo")):
                    self.stdout.write(f"Compiled {source.parent.parent.name}/{source.name}")


def compile_if_changed(source: Path, target: Path) -> bool:
    """Write ``target`` if it differs from what ``source`` says; return whether it did."""
    compiled = polib.pofile(str(source)).to_binary()
    if target.is_file() and target.read_bytes() == compiled:
        return False
    unfinished = target.with_suffix(f".{os.getpid()}")  # nobody reads half a file
    unfinished.write_bytes(compiled)
    unfinished.replace(target)
    return True
