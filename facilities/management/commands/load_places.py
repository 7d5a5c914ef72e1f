"""Loads the packaged gazetteer; safe to run at every start."""

import sys
from functools import partial

from django.core.management.base import BaseCommand
from django.db.models import Count
from tqdm import tqdm

from facilities.models.place import Place
from facilities.places.load import load_places


class Command(BaseCommand):
    help = (
        "Loads ZIP codes, cities, counties and states from the tables in the repository. "
        "Makes the place table equal to them in one transaction; a second run changes nothing."
    )

    def handle(self, **options) -> None:
        bar = partial(tqdm, desc="Places", file=sys.stderr, disable=not sys.stderr.isatty())
        report = load_places(progress=bar)
        if report.added or report.changed or report.removed:
            self.stdout.write(
                f"Places: {report.added:,} added, {report.changed:,} changed, "
                f"{report.removed:,} removed, {report.unchanged:,} unchanged."
            )
        else:
            self.stdout.write(f"Places: nothing changed, all {report.unchanged:,} are in place.")
        kinds = Place.objects.values_list("kind").annotate(Count("pk")).order_by("kind")
        self.stdout.write(", ".join(f"{count:,} {kind}" for kind, count in kinds))
