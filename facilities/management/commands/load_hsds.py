"""Loads a county's or a 211's list in the form of HSDS."""

from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from facilities.facts.registry import read_written_value
from facilities.imports.cli import add_load_options, progress_bar
from facilities.sources.hsds import read_hsds

from ..local_lists import load_local_list


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Loads services of Open Referral's HSDS: JSON, a line of JSON for each service (.ndjson), "
        "or a package of tables (.zip, or its folder). It is a source of its own beside SAMHSA's: "
        "what it adds is shown with its name and day, and SOURCE_ORDER says who is believed first."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--source", required=True, help="the list's name here: travis-211")
        parser.add_argument("--title", default="", help="what pages call the list")
        parser.add_argument("--edition", default="", metavar="DAY", help="the day of the list")
        add_load_options(parser)

    def handle(self, *args, path, source, title, edition, **options) -> None:
        def read():
            return read_hsds(
                path, read_written_value, source=source, title=title, edition=edition,
                progress=progress_bar("Reading"),
            )  # fmt: skip

        load_local_list(self, read, options)
