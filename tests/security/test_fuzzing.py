"""No request, however odd, brings a 500, a cookie, markup of its own or a way off the site.

``make attacks`` sends ten times as many, of another seed.
"""

import os

import pytest
from django.test import Client

from facilities.models import Facility, Release

from ..support.accounts import staff_client
from ..support.factories import make_listing
from .fuzz import Fuzzer, attack

REQUESTS = int(os.environ.get("ATTACKS", "2000"))
SEED = int(os.environ.get("ATTACK_SEED", "1"))
# A stranger sends two in three; the rest come from somebody who may do much.
ROLES = ("", "", "", "", "curator", "administrator")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(ROLES)))
def test_hostile_requests_do_no_harm(role, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    facilities = [make_listing(codes="SA DT OP BU MC MD") for _ in range(3)]
    client = staff_client(role) if role else Client()
    client.raise_request_exception = False
    codes = [facility.code for facility in facilities]
    keys = [str(facility.pk) for facility in facilities]
    known = [*codes, *keys, ",".join(codes), facilities[0].slug, str(Release.objects.get().pk)]
    fuzzer = Fuzzer(SEED, known)

    found = [
        problem
        for _ in range(REQUESTS * ROLES.count(role) // len(ROLES))
        for problem in attack(client, fuzzer)
    ]

    assert found == []
    assert Facility.objects.count() >= 1
