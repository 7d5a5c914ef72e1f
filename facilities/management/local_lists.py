"""What the commands that load lists of others share: such a list has a name of its own."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ..models import Release
from ..sources.rows import ParsedFile
from .release_loading import load_by_command

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_NAME = 40


def load_local_list(
    command: BaseCommand, read: Callable[[], ParsedFile], options: Mapping[str, Any]
) -> None:
    def read_named() -> tuple[ParsedFile, tuple[str, ...]]:
        reading = read()
        _require_own_name(reading.source)
        return reading, ()

    load_by_command(command, read_named, options)


def _require_own_name(source: str) -> None:
    if source in Release.Source.values:
        raise CommandError(f"{source} is SAMHSA's. Give the list a name of its own.")
    if not NAME.fullmatch(source) or len(source) > LONGEST_NAME:
        raise CommandError("A source is named by small letters, digits and hyphens: travis-county.")
