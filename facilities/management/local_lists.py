"""What the commands that load lists of others share: such a list has a name of its own."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand

from ..imports.local_lists import require_own_name
from ..sources.rows import ParsedFile
from .release_loading import load_by_command


def load_local_list(
    command: BaseCommand, read: Callable[[], ParsedFile], options: Mapping[str, Any]
) -> None:
    def read_named() -> tuple[ParsedFile, tuple[str, ...]]:
        reading = read()
        require_own_name(reading.source)
        return reading, ()

    load_by_command(command, read_named, options)
