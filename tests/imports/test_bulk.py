"""Inserting past the models: every value comes back as it was, on either engine."""

import uuid
from datetime import date

import pytest

from facilities.models import Facility, SourceRow
from facilities.models.facility import SERVICE_BITS, primary_key_of, public_code_of
from facilities.resolution.bulk import bulk_insert

from ..support.factories import make_facility, make_release

pytestmark = pytest.mark.django_db
AWKWARD = "back\\slash, tab\t, line\n, return\r, quote \" and ', \\N, \\., %s, Peña, 😀"

EMPTY = (
    "program_name", "name_key", "street", "street2", "city", "state", "county_fips", "phone",
    "phone_extension", "website", "fax", "referral_requirements", "admission_exclusions",
    "position_origin",
)  # fmt: skip


def facility_columns(**columns):
    identity = uuid.uuid4()
    fixed = {"id": primary_key_of(identity), "uuid": identity, "code": public_code_of(identity)}
    texts = dict.fromkeys(EMPTY, "")
    facts = {
        "name": AWKWARD,
        "admission_hours": AWKWARD,
        "status": "listed",
        "zip": "02130",
        "intake_phones": [{"shown": AWKWARD}],
        "hours": {"mon": []},
        "is_address_confidential": True,
        "latitude": 0.1 + 0.2,
        "longitude": -1e-7,
        "x": 1.0, "y": 0.0, "z": 0.0,
        **dict.fromkeys(SERVICE_BITS, 0), "service_bits_0": 2**63 - 1, "service_bits_5": 1,
        "denied_services": ["a"],
        "last_verified_on": date(2024, 2, 29),
        "source_release_id": None,
    }  # fmt: skip
    return fixed | texts | facts | columns


class TestInsert:
    def test_keeps_every_value(self):
        columns = facility_columns()

        bulk_insert(Facility, [columns])

        kept = Facility.objects.values(*columns).get()
        assert kept == columns

    def test_keeps_cells_and_missing_values(self):
        release = make_release()
        row = {
            "release_id": release.pk, "facility_id": None, "candidate_ids": [], "row_number": 2,
            "raw": {"name1": AWKWARD}, "position": None,
        }  # fmt: skip

        bulk_insert(SourceRow, [row])

        assert SourceRow.objects.values(*row).get() == row
        assert SourceRow.objects.filter(position__isnull=True).exists()

    def test_replaces_the_columns_named_and_no_other(self):
        house = make_facility(name="Old", phone="518-555-0101")
        columns = facility_columns(
            id=house.pk, uuid=house.uuid, code=house.code, name="New", phone="518-555-0102"
        )

        bulk_insert(Facility, [columns], replacing=["name"])

        house.refresh_from_db()
        assert (house.name, house.phone) == ("New", "518-555-0101")

    def test_of_nothing_does_nothing(self):
        bulk_insert(Facility, [])

        assert not Facility.objects.exists()
