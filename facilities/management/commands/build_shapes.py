"""Makes the packaged shapes of counties anew from us-atlas' file; for maintainers."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from facilities.maps.build_shapes import build_shapes
from facilities.maps.shapes import PACKAGED

BROWSER = Path(__file__).parents[2] / "static" / "facilities" / "shapes"


class Command(BaseCommand):
    help = (
        "Makes facilities/maps/data/shapes.npz and the map page's static/facilities/shapes/ from "
        "counties-10m.json of the npm package us-atlas. The same file gives the same bytes."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("topology", type=Path, help="counties-10m.json")

    def handle(self, *, topology: Path, **options) -> None:
        BROWSER.mkdir(exist_ok=True)
        build_shapes(json.loads(topology.read_text()), PACKAGED, BROWSER)
        sizes = [path.stat().st_size for path in BROWSER.glob("*.json")]
        self.stdout.write(f"{PACKAGED.name}: {PACKAGED.stat().st_size:,} bytes")
        self.stdout.write(f"{len(sizes)} states for the map page: {sum(sizes):,} bytes")
