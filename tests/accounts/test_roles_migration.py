"""A database that was only migrated has the roles, and going back takes them away."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from facilities.roles import ROLES


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTheMigrationOfRoles:
    def test_goes_back_and_forth(self):
        call_command("migrate", "facilities", "0001", verbosity=0)
        gone = Group.objects.filter(name__in=ROLES).count()
        call_command("migrate", "facilities", verbosity=0)

        held = {group.name: group.permissions.count() for group in Group.objects.all()}

        assert gone == 0
        assert held == {role: len(names) for role, names in ROLES.items()}
