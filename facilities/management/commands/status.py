"""Says how this node is, in words."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from facilities.operations.readiness import CheckLevel, check_node, check_tasks, is_ready

SIGNS = {CheckLevel.OK: "  ", CheckLevel.WARNING: "! ", CheckLevel.FAILURE: "!!"}


class Command(BaseCommand):
    help = (
        "Says whether this node may answer, as /readyz does, and when each timer's work was last "
        "done. '!' needs attention; with '!!' the node is out of service and the command fails."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--strict", action="store_true", help="fail at a '!' too")

    def handle(self, *, strict: bool, **options):
        results = check_node()
        ready = is_ready(results)
        if ready:
            try:
                results += check_tasks(timezone.now())
            except DatabaseError as error:
                raise CommandError(f"The database fails ({type(error).__name__}).") from error
        width = max(len(result.check) for result in results)
        for result in results:
            self.stdout.write(f"{SIGNS[result.level]} {result.check:<{width}}  {result.text}")
        if not ready:
            raise CommandError("This node is not ready.")
        if strict and any(result.level is CheckLevel.WARNING for result in results):
            raise CommandError("Something needs attention.")
