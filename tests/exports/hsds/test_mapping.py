"""How one facility becomes objects of HSDS, field by field."""

import json
import uuid
from datetime import UTC, datetime

import pytest

from facilities.curation import FactCheck, record_checks
from facilities.exports.hsds import mapping
from facilities.exports.hsds.identifiers import part_id
from facilities.exports.open_records import records_of
from facilities.models import Facility

from ...support import sample_site
from ...support.accounts import staff_member
from ...support.factories import make_listing, make_release

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 4, 16, tzinfo=UTC)


def service_of(facility, now=NOW) -> dict:
    record = records_of([facility.pk], now)[0]
    return mapping.hsds_service(record, mapping.organization_summary(facility.name, 1, {"NY"}))


def answers(service: dict) -> dict[str, str]:
    return {each["taxonomy_term"]["code"]: each["value"] for each in service["attributes"]}


class TestService:
    def test_tells_yes_and_no_and_leaves_out_what_is_not_reported(self):
        listing = make_listing(codes="SA OP NOOP")

        told = answers(service_of(listing))

        assert told["outpatient"] == "yes"
        assert told["methadone"] == "no"
        assert "medicaid" not in told

    def test_names_its_source_with_the_day_of_publication(self):
        listing = make_listing(release=make_release(edition="2023"))

        source = service_of(listing)["metadata"][0]

        assert source["field_name"] == "source"
        assert source["replacement_value"] == "directory 2023"
        assert source["last_action_date"] == "2023-12-31"

    def test_is_assured_by_people_alone(self):
        listing = make_listing()
        assert "assured_date" not in service_of(listing)

        record_checks(
            listing, [FactCheck("phone", "confirmed", "518-555-0101")],
            by=staff_member("curator", name="zelda"), now=NOW,
        )  # fmt: skip

        service = service_of(listing)
        check = service["metadata"][-1]
        assert service["assured_date"] == "2024-03-04"
        assert (check["field_name"], check["last_action_type"]) == ("phone", "confirmed by phone")
        assert check["replacement_value"] == "518-555-0101"
        assert check["updated_by"] == "curator"
        assert "zelda" not in json.dumps(service)

    def test_counts_its_availability_only_while_it_lasts(self):
        slug = sample_site.records()["rich"]
        rich = Facility.objects.get(code=slug[-8:])

        (capacity,) = service_of(rich, sample_site.NOW)["capacities"]
        assert capacity["available"] == 1
        assert capacity["updated"] == "2024-03-04T16:00:00.000Z"
        assert "For: Women. Counts until" in capacity["description"]

        assert service_of(rich, datetime(2024, 3, 5, 1, tzinfo=UTC))["capacities"] == []

    def test_never_says_whom_it_turns_away_as_if_they_were_welcome(self):
        slug = sample_site.records()["rich"]

        service = service_of(Facility.objects.get(code=slug[-8:]), sample_site.NOW)

        assert service["eligibility_description"].startswith("Cannot be admitted: Nobody younger")

    def test_has_the_hours_of_its_intake_line(self):
        listing = make_listing()
        hours = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed")} | {
            "sat": [["09:00", "12:00"]]
        }
        record_checks(
            listing, [FactCheck("hours", "corrected", hours)],
            by=staff_member("curator", name="zelda"), now=NOW,
        )  # fmt: skip

        told = [
            (each["byday"], each["opens_at"], each["closes_at"])
            for each in service_of(listing)["schedules"]
        ]

        assert told == [("MO,TU,WE", "08:00", "17:00"), ("SA", "09:00", "12:00")]

    def test_keeps_the_zeros_of_an_extension(self):
        (phone,) = service_of(make_listing(phone="518-555-0101 x007"))["phones"]

        assert phone["extension"] == 7
        assert phone["extension_digits"] == "007"


class TestConfidentialAddress:
    def test_is_nowhere(self):
        listing = make_listing(street1="12 Quiet Lane", street2="Floor 9", zip="12207")
        by = staff_member("curator", name="zelda")
        record_checks(listing, [FactCheck("street", "confirmed", "12 Quiet Lane")], by=by, now=NOW)
        Facility.objects.filter(pk=listing.pk).update(is_address_confidential=True)

        service = service_of(listing)

        written = json.dumps(service)
        location = service["service_at_locations"][0]["location"]
        assert not any(secret in written for secret in ("Quiet", "Floor 9", "12207", "36001"))
        assert location["addresses"] == []
        assert (location["city"], location["state_province"]) == ("Albany", "NY")


class TestIdentifiers:
    def test_of_parts_are_uuids_by_name(self):
        facility = uuid.uuid4()

        for part in ("phone:main", "service:methadone", "metadata:phone:confirmed"):
            assert part_id(facility, part) == str(uuid.uuid5(facility, part))

    def test_are_valid_and_differ_within_a_service(self):
        service = service_of(make_listing())

        keys = [
            each["id"] for name in ("phones", "attributes", "metadata") for each in service[name]
        ]

        assert len({*keys}) == len(keys)
        assert all(str(uuid.UUID(key)) == key for key in keys)
