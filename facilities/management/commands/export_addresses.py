"""Writes addresses in the form that the Census batch geocoder reads."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from facilities.models import Facility, Release, SourceRow
from facilities.sources.coordinates import census_id

MOST_LINES = 10_000  # what the Census geocoder takes in one file


class Command(BaseCommand):
    help = (
        "Writes the addresses of listed facilities whose position is only their ZIP code's "
        "centre: id, street, city, state and ZIP, without headings, at most 10,000 to a file. "
        "Send them to the Census batch geocoder and load the directory again with its answer: "
        "load_directory FILE --coordinates ANSWER. Confidential addresses are not written."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args, path, **options) -> None:
        lines = newest_directory_addresses()
        for start in range(0, len(lines), MOST_LINES) or (0,):
            part = start // MOST_LINES + 1
            target = path if part == 1 else path.with_stem(f"{path.stem}-{part}")
            try:
                with target.open("w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows(lines[start : start + MOST_LINES])
            except OSError as error:
                raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
            count = len(lines[start : start + MOST_LINES])
            self.stdout.write(f"{target}: {count:,} addresses")


def newest_directory_addresses() -> list[tuple[str, str, str, str, str]]:
    """Return (id, street, city, state, ZIP) in the order of the newest directory's rows."""
    newest = Release.objects.filter(source="directory", is_effective=True).order_by("pk").last()
    rows = SourceRow.objects.filter(
        release=newest,
        facility__status=Facility.Status.LISTED,
        facility__position_origin=Facility.PositionOrigin.ZIP,
    ).exclude(facility__street="")
    fields = "facility__street", "facility__city", "facility__state", "facility__zip"
    return [
        (census_id(newest.edition, number), *address)
        for number, *address in rows.order_by("row_number").values_list("row_number", *fields)
    ]
