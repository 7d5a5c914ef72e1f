"""Brings the roles of staff back to the table in ``facilities/roles.py``."""

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError

from facilities.roles import ROLES, make_roles


class Command(BaseCommand):
    help = (
        "Gives the groups curator, editor and administrator exactly the permissions of their "
        "role; people and other groups stay as they are. May be run again at any time."
    )

    def handle(self, *, verbosity, **options) -> None:
        if missing := make_roles(Group.objects, Permission.objects):
            raise CommandError(f"Run migrate first: there is no {', '.join(missing)} yet.")
        if verbosity:
            self.stdout.write(f"Roles: {', '.join(ROLES)}.")
