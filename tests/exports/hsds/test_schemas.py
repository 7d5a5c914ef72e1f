"""What we publish as HSDS is valid by HSDS's own compiled schemas, facility by facility."""

import pytest
from django.utils import timezone

from facilities.exports.hsds import mapping, terms
from facilities.exports.open_records import read_records
from facilities.models import Facility

from ...support import sample_site
from ...support.hsds import faults


def all_faults(now) -> list[str]:
    """What the schemas say against any facility, as list and in full."""
    found = []
    for record in read_records(Facility.objects.order_by("pk"), now):
        organization = mapping.organization_summary(record.values["name"], 1, {"NY"})
        for schema, instance in {
            "service": mapping.hsds_service(record, organization),
            "service_list": mapping.service_summary(record, organization),
            "service_at_location": mapping.service_at_location(record, organization),
            "service_at_location_list": mapping.service_at_location_summary(record, organization),
            "organization_list": organization,
        }.items():
            found += [f"{record.code} {schema} {fault}" for fault in faults(schema, instance)]
    return found


@pytest.fixture(scope="class")
def demonstration(databases, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.using("demonstration"):
        yield


@pytest.mark.django_db
class TestSchemas:
    def test_find_a_fault_where_there_is_one(self):
        assert faults("service", {"id": "no uuid", "name": "Alder House"})

    def test_find_none_in_any_state_of_a_listing(self):
        sample_site.records()

        assert all_faults(sample_site.NOW) == []

    def test_find_none_in_the_taxonomy(self):
        for term in terms.taxonomy_terms():
            instance = {"id": term["id"], "name": "A", "status": "active"} | {
                "attributes": [{"id": term["id"], "taxonomy_term": term}]
            }
            assert faults("service", instance) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
class TestDemonstration:
    def test_is_valid(self):
        assert Facility.objects.count() > 100
        assert all_faults(timezone.now()) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded_2023")
class TestRealDirectory:
    def test_is_valid_to_its_last_listing(self):
        assert Facility.objects.listed().count() == 12_744
        assert all_faults(timezone.now()) == []
