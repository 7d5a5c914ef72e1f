"""Works out anew what is shown of every facility."""

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.imports.cli import command_errors
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # not the pages: loading does without them
    help = (
        "Works out anew what is shown of every facility, from the releases and what people "
        "checked. Changes nothing, unless a check outlived its shelf life or the rules are new."
    )

    def handle(self, **options) -> None:
        with command_errors():
            settlement = recompute_facilities(zip_code_table(), today=timezone.localdate())
        if not settlement.writes_facts:
            self.stdout.write(f"Nothing changed: {len(settlement.unchanged):,} facilities.")
            return
        self.stdout.write(
            f"{len(settlement.changed):,} facilities changed, {len(settlement.withdrawn):,} of "
            f"them withdrawn; {len(settlement.unchanged):,} unchanged."
        )
