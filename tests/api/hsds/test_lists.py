"""Lists of the HSDS API: pages, filters that narrow each other, formats, searches by POST."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from facilities.api.client_limit import LIMIT
from facilities.curation import FactCheck, record_checks
from facilities.exports.hsds.identifiers import organization_id, taxonomy_id, term_id
from facilities.exports.open_records import records_of
from facilities.exports.tables import facility_row
from facilities.models import Credential, Facility, Revision

from ...support import sample_site
from ...support.accounts import staff_member
from ...support.factories import log_changes, make_listing, make_release
from ...support.hsds import HsdsConsumer

pytestmark = pytest.mark.django_db
HSDS = "/api/hsds/"
METHADONE = term_id("service:methadone")


@pytest.fixture
def ask(client):
    def get(address: str, status: int = 200) -> dict:
        response = client.get(HSDS + address)
        assert response.status_code == status, response.content
        return response.json()

    return get


@pytest.fixture
def houses():
    release = make_release()
    houses = [
        make_listing(release=release, name1="Alder House", name2="North", codes="SA MU OP"),
        make_listing(release=release, name1="Alder House", name2="South", codes="SA MU RES",
                     city="Brooklyn", zip="11206"),
        make_listing(release=release, name1="Birch House", codes="SA NOOP"),
    ]  # fmt: skip
    log_changes()
    return houses


def names(answer: dict) -> list[str]:
    return sorted(each.get("alternate_name", each["name"]) for each in answer["contents"])


class TestPages:
    def test_tell_where_they_are(self, ask, houses):
        answer = ask("services?per_page=2&page=2")

        assert {name: value for name, value in answer.items() if name != "contents"} == {
            "total_items": 3, "total_pages": 2, "page_number": 2, "size": 1,
            "first_page": False, "last_page": True, "empty": False,
        }  # fmt: skip

    def test_hold_each_service_once(self, ask, houses):
        pages = [ask(f"services?per_page=1&page={page}")["contents"] for page in (1, 2, 3)]

        assert {page[0]["id"] for page in pages} == {str(house.uuid) for house in houses}

    def test_are_empty_past_the_end(self, ask, houses):
        answer = ask("services?page=9")

        assert (answer["size"], answer["empty"], answer["contents"]) == (0, True, [])

    def test_leave_out_what_is_not_listed(self, ask):
        sample_site.records()

        assert ask("services")["total_items"] == Facility.objects.listed().count()
        assert "The hidden one" not in names(ask("services"))


class TestFilters:
    def test_find_words_of_names_and_services(self, ask, houses):
        assert names(ask("services?search=birch")) == ["Birch House"]
        assert names(ask("services?search=methadone")) == ["North", "South"]

    def test_find_only_what_is_offered(self, ask, houses):
        assert names(ask(f"services?taxonomy_term_id={METHADONE}")) == ["North", "South"]
        category = term_id("category:opioid-medications")
        assert names(ask(f"services?taxonomy_term_id={category}")) == ["North", "South"]

    def test_take_codes_and_a_state(self, ask, houses):
        asked = "services?place=New+York+(state)&taxonomy_term_id=methadone"

        assert names(ask(asked)) == ["North", "South"]
        assert names(ask(f"{asked}&taxonomy_term_id=residential")) == ["South"]
        assert ask("services?place=Ohio&taxonomy_term_id=methadone")["total_items"] == 0

    def test_narrow_each_other(self, ask, houses):
        key = organization_id("Alder House")
        near = "postcode=11206&proximity=5000"

        assert names(ask(f"services?organization_id={key}")) == ["North", "South"]
        assert names(ask(f"services?organization_id={key}&{near}")) == ["South"]
        assert ask(f"services?search=birch&{near}")["total_items"] == 0

    def test_take_meters_and_miles(self, ask, houses):
        assert ask("services?postcode=12207&proximity=1000")["total_items"] == 2
        assert ask("services?lat=42.65&lon=-73.75&within_miles=10")["total_items"] == 2
        assert ask("services?lat=42.65&lon=-73.75&within_miles=300")["total_items"] == 3

    def test_never_find_a_private_address_by_its_zip_code(self, ask, houses):
        assert ask("services?postcode=11206")["total_items"] == 1
        Facility.objects.filter(pk=houses[1].pk).update(is_address_confidential=True)

        assert ask("services?postcode=11206")["total_items"] == 0

    def test_know_one_taxonomy(self, ask, houses):
        assert ask(f"services?taxonomy_id={taxonomy_id()}")["total_items"] == 3
        assert ask(f"services?taxonomy_id={METHADONE}")["total_items"] == 0

    def test_find_what_changed_since(self, ask, houses):
        long_ago = datetime(2024, 1, 1, tzinfo=UTC)
        Revision.objects.update(made_at=long_ago)
        record_checks(
            houses[2], [FactCheck("fax", "confirmed")],
            by=staff_member("curator", name="ana"), now=datetime(2024, 3, 1, tzinfo=UTC),
        )  # fmt: skip

        assert names(ask("services?modified_after=2024-02-01T00:00:00Z")) == ["Birch House"]
        assert ask("services?modified_after=2023-12-31")["total_items"] == 3
        (service,) = ask("services?modified_after=2024-02-01")["contents"]
        moment = datetime.fromisoformat(service["last_modified"])
        assert datetime.now(UTC) - moment < timedelta(minutes=5)


class TestForms:
    def test_minimal_is_id_and_date_of_all_at_once(self, ask, houses):
        answer = ask("services?minimal=true&per_page=1")

        assert answer["size"] == 3
        assert {*answer["contents"][0]} == {"id", "modified_date"}

    def test_lines_are_the_same_objects_without_pages(self, client, ask, houses):
        response = client.get(f"{HSDS}services?format=ndjson&full=true&per_page=1")
        lines = [json.loads(line) for line in b"".join(response).splitlines()]

        assert response["Content-Type"] == "application/x-ndjson"
        assert lines == ask("services?full=true")["contents"]

    def test_post_finds_the_same_without_an_address(self, client, ask, houses):
        expected = ask("services?search=methadone&per_page=1")

        as_json = client.post(
            f"{HSDS}services", {"search": "methadone", "per_page": 1}, "application/json"
        )
        as_form = client.post(f"{HSDS}services", {"search": "methadone", "per_page": "1"})

        assert as_json.json() == as_form.json() == expected

    def test_full_has_all_that_the_item_has(self, ask, houses):
        for kind in ("services", "service_at_locations"):
            for whole in ask(f"{kind}?full=true")["contents"]:
                assert ask(f"{kind}/{whole['id']}") == whole


class TestOrganizations:
    def test_are_told_apart_by_name(self, ask, houses):
        answer = ask("organizations")

        assert names(answer) == ["Alder House", "Birch House"]
        assert "2 listed facilities" in answer["contents"][0]["description"]

    def test_are_found_by_what_their_facilities_offer(self, ask, houses):
        assert names(ask(f"organizations?taxonomy_term_id={METHADONE}")) == ["Alder House"]

    def test_hold_services_and_locations(self, ask, houses):
        whole = ask(f"organizations/{organization_id('Alder House')}")

        assert {each["id"] for each in whole["services"]} == {str(one.uuid) for one in houses[:2]}
        assert len(whole["locations"]) == 2

    def test_hold_numbers_of_licenses(self, ask):
        sample_site.records()
        Credential.objects.update(expires_on=None)
        log_changes()

        (identifier,) = ask(f"organizations/{organization_id(sample_site.LONG)}")[
            "organization_identifiers"
        ]

        assert identifier["identifier"] == "12345"
        assert identifier["identifier_type"] == "State of New York, license"


class TestTaxonomy:
    def test_has_services_below_categories(self, ask):
        top = ask("taxonomy_terms?top_only=true&per_page=500")["contents"]
        medications = next(each for each in top if each["code"] == "opioid-medications")
        below = ask(f"taxonomy_terms?parent_id={medications['id']}&per_page=500")["contents"]

        assert not any("parent_id" in each for each in top)
        assert METHADONE in {each["id"] for each in below}
        assert ask(f"taxonomy_terms/{METHADONE}")["name_es"] == "Metadona"
        assert ask("taxonomies")["contents"][0]["id"] == taxonomy_id()


class TestItems:
    def test_that_are_gone_say_why(self, ask):
        slugs = sample_site.records()
        hidden = Facility.objects.get(code=slugs["hidden"][-8:])
        kept = Facility.objects.get(code=slugs["bare"][-8:])
        withdrawn = Facility.objects.get(code=slugs["withdrawn"][-8:])

        assert ask(f"services/{hidden.uuid}", 410)["reason"] == "hidden"
        assert ask(f"services/{withdrawn.uuid}")["status"] == "inactive"
        Facility.objects.filter(pk=withdrawn.pk).update(merged_into=kept)
        gone = ask(f"services/{withdrawn.uuid}", 410)
        assert (gone["reason"], gone["successor"]) == ("merged", str(kept.uuid))

    def test_that_never_were_are_not_found(self, ask):
        for kind in ("services", "service_at_locations", "organizations", "taxonomies",
                     "taxonomy_terms"):  # fmt: skip
            assert ask(f"{kind}/6f1c1d5e-0b62-5e0b-9f3c-0d8f6f6c2b11", 404)["status"] == 404


class TestErrors:
    @pytest.mark.parametrize(
        ("asked", "parameter"),
        [
            ("page=0", "page"),
            ("page=x", "page"),
            ("per_page=501", "per_page"),
            ("nonsense=1", "nonsense"),
            ("search=a&search=b", "search"),
            ("search=%00", "search"),
            ("proximity=500", "proximity"),
            ("postcode=1120", "postcode"),
            ("postcode=00000&proximity=5", "postcode"),
            ("lat=91&lon=0&within_miles=5", "lat"),
            ("lat=40", "lat"),
            ("lat=nan&lon=0&within_miles=5", "lat"),
            ("modified_after=yesterday", "modified_after"),
            ("modified_after=2024-13-01", "modified_after"),
            ("taxonomy_term_id=gold", "taxonomy_term_id"),
            (f"taxonomy_term_id={taxonomy_id()}", "taxonomy_term_id"),
            ("place=Springfield", "place"),
            ("full=maybe", "full"),
            ("full=", "full"),
            ("format=xml", "format"),
        ],
    )
    def test_name_the_parameter(self, client, asked, parameter):
        response = client.get(f"{HSDS}services?{asked}")

        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["parameter"] == parameter

    @pytest.mark.parametrize(
        "body", ["[", "[1]", '{"search": ["a", "b"]}', '{"search": {}}', "[" * 9_000]
    )
    def test_refuse_a_body_that_is_no_object(self, client, body):
        response = client.post(f"{HSDS}services", body, "application/json")

        assert response.status_code == 400

    def test_refuse_a_client_who_asks_too_often(self, client, settings):
        settings.API_REQUESTS_PER_MINUTE = 2
        LIMIT.counts.clear()

        answers = [client.get(f"{HSDS}taxonomies") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert int(answers[2]["Retry-After"]) <= 60

    def test_refuse_other_methods(self, client):
        response = client.delete(f"{HSDS}services")

        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, POST"


class TestConsumer:
    def test_rebuilds_our_table_from_hsds_alone(self, ask):
        sample_site.records()
        keys = Facility.objects.listed().order_by("pk").values_list("pk", flat=True)
        now = datetime.now(UTC)
        expected = []
        for record in records_of([*keys], now):
            row = {name: "" if cell is None else str(cell) for name, cell in
                   facility_row(record).items()}  # fmt: skip
            del row["code"]  # it follows from the id
            expected.append(row)

        assert HsdsConsumer(ask).facilities(per_page=2) == expected


class TestQueries:
    def test_of_a_page(self, client, houses, django_assert_num_queries):
        client.get(f"{HSDS}services")  # what is kept until the data change

        # The version three times, for total, organizations and releases; facilities; the log.
        with django_assert_num_queries(5):
            client.get(f"{HSDS}services")

    def test_of_a_full_page(self, client, houses, django_assert_num_queries):
        client.get(f"{HSDS}services?full=true")

        with django_assert_num_queries(7):  # also checks and availability
            client.get(f"{HSDS}services?full=true")
