"""Loads SAMHSA's National Directory."""

from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from facilities.imports.cli import add_load_options, progress_bar
from facilities.imports.read_directory import read_with_positions

from ..release_loading import load_by_command


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Loads a SAMHSA National Directory of substance use treatment facilities (.xlsx, or .csv "
        "of the same columns). All or nothing; the same file twice changes nothing; facilities "
        "that a newer edition leaves out are withdrawn unless something else supports them; "
        "an older edition is archived without changing facts."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--coordinates", type=Path, action="append", default=[], metavar="CSV",
            help="positions by edition and row, or the Census batch geocoder's answer; repeatable",
        )  # fmt: skip
        parser.add_argument("--key", type=Path, help="for .csv: a workbook that has the key sheet")
        parser.add_argument("--edition", default="", metavar="YEAR")
        parser.add_argument(
            "--demonstration", action="store_true", help="invented data; a banner says so"
        )
        add_load_options(parser)

    def handle(self, *args, path, key, edition, demonstration, **options) -> None:
        def read():
            return read_with_positions(
                path, options["coordinates"], key=key, edition=edition,
                progress=progress_bar("Reading"),
            )  # fmt: skip

        load_by_command(self, read, options, is_demonstration=demonstration)
