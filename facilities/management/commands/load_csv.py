"""Loads a county's or a 211's list from a .csv, by a map of its columns."""

from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.facts.registry import read_written_value
from facilities.imports.cli import add_load_options, progress_bar
from facilities.sources.local_list import read_column_map, read_csv_list

from ..local_lists import load_local_list


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Loads a .csv whose columns a map names: see docs/open-data.md. It is a source of its own "
        "beside SAMHSA's: what it adds is shown with its name and day, and SOURCE_ORDER says who "
        "is believed first."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--map", type=Path, required=True, metavar="FILE", dest="map_path")
        parser.add_argument(
            "--edition", default="", metavar="DAY", help="the day of the list, today by default"
        )
        add_load_options(parser)

    def handle(self, *args, path, map_path, edition, **options) -> None:
        def read():
            return read_csv_list(
                path, read_column_map(map_path), read_written_value,
                edition=edition or timezone.localdate().isoformat(),
                progress=progress_bar("Reading"),
            )  # fmt: skip

        load_local_list(self, read, options)
