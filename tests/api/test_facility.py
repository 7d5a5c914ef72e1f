"""One facility by API: each fact with source, date and method, and what is left of those gone."""

from datetime import date, timedelta

import pytest

from facilities.curation import FactCheck, record_checks
from facilities.curation.duplicates.merge import merge
from facilities.models import Facility, Proposal

from ..support.releases import NOW, house, load_edition, load_twins
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
ALDER, BIRCH = house("Alder House", phone="518-555-0101"), house("Birch House")


@pytest.fixture
def alder(tmp_path):
    load_edition(tmp_path, 2023, ALDER, BIRCH)
    return Facility.objects.get(name="Alder House")


def check(facility, fact, value=None, *, outcome="corrected", now=NOW, method="phone"):
    return record_seconded(
        facility, [FactCheck(fact, outcome, value, method=method)], by=None, now=now
    )


def read(client, facility, **headers):
    return client.get(f"/api/v1/facilities/{facility.code}/", **headers)


def fact(record: dict, name: str) -> dict:
    return next(each for each in record["facts"] if each["fact"] == name)


def answer(record: dict, service: str) -> dict:
    return next(each for each in record["service_answers"] if each["service"] == service)


class TestFact:
    def test_of_a_file_has_its_edition_and_date(self, client, alder):
        phone = fact(read(client, alder).json(), "phone")
        published = alder.source_release.published_on

        assert phone["value"] == "518-555-0101"
        assert phone["source"] == {
            "kind": "file",
            "name": "directory",
            "edition": "2023",
            "method": "survey",
            "outcome": None,
            "date": published.isoformat(),
            "age_days": (date.today() - published).days,
            "freshness": None,
        }

    def test_that_was_checked_has_the_day_and_method(self, client, alder):
        check(alder, "admission_hours", "At ten", method="website")

        hours = fact(read(client, alder).json(), "admission_hours")

        assert hours["value"] == "At ten"
        assert hours["source"]["kind"] == "check"
        assert hours["source"]["method"] == "website"
        assert hours["source"]["date"] == "2024-03-01"

    def test_that_nobody_reported_has_no_source(self, client, alder):
        fax = fact(read(client, alder).json(), "fax")

        assert (fax["value"], fax["text"], fax["source"]) == (None, None, None)

    def test_that_could_not_be_confirmed_says_when(self, client, alder):
        check(alder, "phone", outcome="not_confirmed")

        phone = fact(read(client, alder).json(), "phone")

        assert phone["not_confirmed_on"] == "2024-03-01"
        assert phone["source"]["kind"] == "file"

    def test_of_a_list_beside_the_file_has_its_name_and_date(self, client, alder):
        Facility.objects.filter(pk=alder.pk).update(
            fax="518-555-0188",
            fact_sources={
                "fax": {"source": "albany-county", "edition": "2024", "date": "2024-02-01"},
                "service:detox": {"source": "albany-county", "date": "2024-02-02",
                                  "method": "phone"},
            },
        )  # fmt: skip
        record = read(client, alder).json()

        fax, detox = fact(record, "fax")["source"], answer(record, "detox")["source"]
        assert (fax["kind"], fax["name"], fax["date"], fax["method"]) == (
            "file", "albany-county", "2024-02-01", "stated",
        )  # fmt: skip
        assert (detox["kind"], detox["name"], detox["method"]) == (
            "check",
            "albany-county",
            "phone",
        )

    def test_of_a_service_is_yes_no_or_null(self, client, alder):
        check(alder, "service:methadone", "denied")

        record = read(client, alder).json()

        assert answer(record, "detox")["answer"] == "yes"
        assert answer(record, "detox")["source"]["kind"] == "file"
        assert answer(record, "methadone")["answer"] == "no"
        assert answer(record, "methadone")["source"]["kind"] == "check"
        assert answer(record, "buprenorphine")["answer"] is None
        assert answer(record, "buprenorphine")["reason"] == "not_reported"

    def test_that_is_not_listed_is_null_for_that_reason(self, client, tmp_path):
        load_edition(tmp_path, 2023, house("Cedar House", service_code_info="SA * OP * MD"))
        record = read(client, Facility.objects.get()).json()

        assert answer(record, "medicaid")["answer"] == "yes"
        assert answer(record, "medicare")["answer"] is None
        assert answer(record, "medicare")["reason"] == "not_listed"

    def test_has_its_conflicts_and_history(self, client, alder, tmp_path):
        check(alder, "city", "Troy")
        load_edition(tmp_path, 2024, ALDER | {"city": "Cohoes"}, BIRCH)

        record = read(client, alder).json()

        assert record["city"] == "Troy"
        assert [(each["fact"], each["source_value"]) for each in record["conflicts"]] == [
            ("city", "Cohoes")
        ]
        kinds = {(each["kind"], each["fact"], each["after"]) for each in record["history"]}
        assert ("changed", "city", "Troy") in kinds
        assert ("stated", "city", "Cohoes") in kinds


class TestConfidentialAddress:
    def test_is_nowhere(self, client, alder):
        street, code = alder.street, alder.zip
        check(alder, "street", f"{street} Rear")
        check(alder, "is_address_confidential", True, now=NOW + timedelta(days=1))

        text = read(client, alder).content.decode()

        assert street not in text
        assert f'"{code}"' not in text

    def test_is_in_no_list(self, client, alder):
        street, code = alder.street, alder.zip
        check(alder, "is_address_confidential", True)

        for form in ("json", "geojson", "csv"):
            parameters = {"place": "Albany, NY", "q": "alder", "format": form}
            text = client.get("/api/v1/facilities/", parameters).content.decode()
            assert "Alder House" in text
            assert street not in text
            assert code not in text
            assert alder.county_fips not in text

    def test_is_not_even_named_as_what_changed(self, client, alder):
        cursor = client.get("/api/v1/changes/").json()["cursor"]
        check(alder, "street", "1 New Street")
        check(alder, "is_address_confidential", True, now=NOW + timedelta(days=1))

        changes = client.get("/api/v1/changes/", {"since": cursor}).json()["results"]

        fields = {name for change in changes for name in change["fields"]}
        assert fields & {"street", "street2", "zip", "position"} == set()
        assert "is_address_confidential" in fields


class TestTombstone:
    def test_of_a_withdrawn_listing_says_why_and_keeps_the_facts(self, client, alder):
        check(alder, "status", "withdrawn")

        response = read(client, alder)

        assert response.status_code == 200
        assert response.json()["phone"] == "518-555-0101"
        assert response.json()["tombstone"]["reason"] == (
            "We called on March 1, 2024 and were told that it has closed."
        )

    def test_of_a_hidden_listing_has_nothing_else(self, client, alder):
        check(alder, "status", "hidden")

        response = read(client, alder)

        assert response.status_code == 410
        assert response.json()["status"] == "hidden"
        assert "518-555" not in response.content.decode()
        assert "Alder" not in response.content.decode()

    def test_of_a_merged_listing_names_its_successor(self, client, tmp_path):
        kept, gone = load_twins(tmp_path)
        merge(kept, gone, by=None, now=NOW)

        response = read(client, gone)

        assert response.status_code == 301
        assert response["Location"] == f"http://testserver/api/v1/facilities/{kept.code}/"
        assert response.json()["successor"]["code"] == kept.code
        assert response.json()["since"] == "2024-03-01"

    def test_is_none_of_a_draft(self, client, alder):
        Facility.objects.filter(pk=alder.pk).update(status="draft")

        assert read(client, alder).status_code == 404


class TestTag:
    def test_changes_with_what_no_version_tells_of(self, client, alder):
        tag = read(client, alder)["ETag"]
        held = read(client, alder, headers={"If-None-Match": tag})
        record_checks(alder, [FactCheck("phone", "corrected", "518-555-0177")], by=None, now=NOW)
        assert Proposal.objects.count() == 1

        response = read(client, alder, headers={"If-None-Match": tag})

        assert held.status_code == 304
        assert response.status_code == 200
        assert response.json()["phone_warning"]


class TestReference:
    def test_services_are_in_both_languages(self, client):
        answer = client.get("/api/v1/services/").json()
        methadone = next(each for each in answer["results"] if each["slug"] == "methadone")

        assert answer["total"] == len(answer["results"])
        assert methadone["label"] == {"en": "Methadone", "es": "Metadona"}

    def test_places_are_those_that_the_words_mean(self, client):
        found = client.get("/api/v1/places/", {"q": "11206"}).json()["results"]
        unsure = client.get("/api/v1/places/", {"q": "Springfield"}).json()["results"]

        assert [(each["code"], each["match"]) for each in found] == [("zip:11206", "exact")]
        assert {each["match"] for each in unsure} == {"choice"}
        assert "Springfield, IL" in [each["label"] for each in unsure]

    def test_places_are_asked_for_by_post_as_well(self, client):
        by_get = client.get("/api/v1/places/", {"q": "Albany, NY"}).json()
        body = {"q": "Albany, NY"}

        assert client.post("/api/v1/places/", body, "application/json").json() == by_get

    def test_comparison_has_the_rows_of_its_page(self, client, alder):
        codes = [*Facility.objects.order_by("name").values_list("code", flat=True)]
        answer = client.get("/api/v1/compare/", {"code": codes}).json()
        by_post = client.post("/api/v1/compare/", {"code": codes}, "application/json").json()
        page = client.get(f"/compare/{','.join(codes)}/?all=1").content.decode()

        assert [each["name"] for each in answer["results"]] == ["Alder House", "Birch House"]
        titles = [row["title"] for group in answer["groups"] for row in group["rows"]]
        assert titles
        assert [title for title in titles if title.replace("’", "’") not in page] == []
        assert by_post == answer

    @pytest.mark.parametrize("codes", [[], ["aaaaaaaa"], ["aaaaaaaa", "bbbbbbbb"], ["x"]])
    def test_comparison_of_others_is_refused(self, client, codes):
        response = client.get("/api/v1/compare/", {"code": codes})

        assert response.status_code == 400
        assert response.json()["errors"][0]["parameter"] == "code"
