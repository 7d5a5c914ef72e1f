"""The facility model: its public address."""

import pytest
from django.utils.translation import override

from ..support.factories import make_facility

pytestmark = pytest.mark.django_db


class TestAddress:
    def test_is_in_the_active_language(self):
        facility = make_facility(name="Alder House", city="Albany", state="NY")
        path = f"facility/alder-house-albany-ny-{facility.code}/"

        with override("en"):
            assert facility.get_absolute_url() == f"/{path}"
        with override("es"):
            assert facility.get_absolute_url() == f"/es/{path}"

    def test_opens_the_page_of_the_facility(self, client):
        facility = make_facility(name="Alder House")

        assert "Alder House" in client.get(facility.get_absolute_url()).content.decode()
