"""Searches for records that may be one facility."""

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.curation.duplicates.detect import detect_duplicates
from facilities.imports.cli import progress_bar
from facilities.models import Facility

SHOWN = 20


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = (
        "Searches all records for pairs that may be one facility, by name, address, phone and "
        "position, and keeps them for the page of likely duplicates. Changes no facility."
    )

    def handle(self, **options) -> None:
        found = detect_duplicates(now=timezone.now(), progress=progress_bar("Comparing"))
        self.stdout.write(f"{len(found):,} likely pairs.")
        shown = found[:SHOWN]
        keys = {key for pair in shown for key in (pair.first, pair.second)}
        facilities = Facility.objects.in_bulk(keys)
        for pair in shown:
            terms = ", ".join(f"{term} {points:+}" for term, points in pair.terms.items())
            self.stdout.write(f"{pair.score:>4}  {facilities[pair.first]}  ({terms})")
            self.stdout.write(f"      {facilities[pair.second]}")
        if len(found) > SHOWN:
            self.stdout.write(f"and {len(found) - SHOWN:,} more, on the staff's site.")
