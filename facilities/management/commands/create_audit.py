"""Draws the listings of a random audit, for curators to call."""

import secrets

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from facilities.curation.audits import LARGEST_SEED, LARGEST_SIZE, EmptySample, create_audit
from facilities.web.context_processors import service_area


class Command(BaseCommand):
    help = (
        "Draws listings of SERVICE_AREA at random and keeps them as an audit, whose calls "
        "curators record in the admin. The same seed draws the same listings."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--size", type=int, default=100, help="how many; default: 100")
        parser.add_argument("--seed", type=int, help="default: one drawn by lot, and printed")

    def handle(self, *, size: int, seed: int | None, **options) -> None:
        if not 1 <= size <= LARGEST_SIZE:
            raise CommandError(f"--size must be from 1 to {LARGEST_SIZE:,}.")
        seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
        if not 0 <= seed <= LARGEST_SEED:
            raise CommandError(f"--seed must be from 0 to {LARGEST_SEED:,}.")
        try:
            audit = create_audit(
                size=size, seed=seed, area=service_area(), today=timezone.localdate()
            )
        except EmptySample:
            raise CommandError("There is no listing to draw: load a release first.") from None
        self.stdout.write(f"Drew {audit.size:,} listings with --seed {seed}: audit {audit.pk}.")
